function Account() {
  const [typed, type] = useState("");
  const [key, set] = useState(account.key);
  const usage = useLoad(() => (key ? cached("/v1/usage?days=1") : Promise.resolve(null)), key);
  const use = (event) => {
    event.preventDefault();
    account.key = typed.trim();
    type("");
    set(account.key);
  };
  const forget = () => {
    account.key = "";
    set("");
  };
  return html`<h1 tabindex="-1">${TEXT.account.title}</h1>
    <p>${TEXT.account.intro}</p>
    <form onSubmit=${use} autocomplete="off">
      <${Field} id="key" label=${TEXT.account.key} hint=${TEXT.account.keyHint}>
        <input id="key" type="password" autocomplete="off" spellcheck="false" required aria-describedby="key-hint"
          value=${typed} onInput=${(event) => type(event.target.value)} />
      <//>
      <div class="row">
        <button type="submit">${TEXT.account.use}</button>
        ${key && html`<button type="button" class="quiet" onClick=${forget}>${TEXT.account.forget}</button>`}
      </div>
    </form>
    <div role="status">
      ${key && usage.loading && html`<p>${TEXT.account.checking}</p>`}
      ${key && usage.data && html`<p class="good">${TEXT.account.valid}</p>`}
    </div>
    <${Failed} error=${key && usage.error} />
    ${key && usage.data && html`<${Identity} usage=${usage.data} />`}`;
}

function Identity({ usage }) {
  const left = usage.today.characters_left;
  const rows = [
    [TEXT.account.tenant, usage.tenant],
    [TEXT.account.tier, usage.tier],
    [TEXT.account.scopes, usage.scopes.join(", ")],
    [TEXT.account.left, left === null ? TEXT.account.unlimited : number(left)],
  ];
  return html`<dl>${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

// Shown by views that need a key, until there is one.
function NoKey() {
  return html`<p>${TEXT.account.none}</p><p><a class="button" href="#/account">${TEXT.account.toAccount}</a></p>`;
}
