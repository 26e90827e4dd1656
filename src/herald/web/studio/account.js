// Return the claims of a token (JWT), or null if it is not one. The service verifies them.
function claimsOf(token) {
  try {
    const part = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (one) => one.charCodeAt(0))));
    return Number.isFinite(claims.exp) ? claims : null;
  } catch {
    return null;
  }
}

const endOf = (claims) => new Date(claims.exp * 1000);

// Return the fault of a token that this page can detect, or "".
function faultOf(token) {
  const claims = claimsOf(token);
  if (!claims) return TEXT.account.notToken;
  if (claims.iss !== ISSUER) return say(TEXT.account.foreignToken, { found: claims.iss, issuer: ISSUER });
  return endOf(claims) < new Date() ? say(TEXT.account.expiredToken, { at: moment(endOf(claims)) }) : "";
}

function Account() {
  const [key, set] = useState(account.key);
  const usage = useLoad(() => (key ? call("GET", "/v1/usage?days=1") : Promise.resolve(null)), key);
  const known = key && !usage.loading && !usage.error && usage.data;
  const use = (secret) => {
    account.key = secret;
    set(secret);
    usage.reload();
  };
  const isToken = Boolean(key && claimsOf(key));
  return html`<h1 tabindex="-1">${TEXT.account.title}</h1>
    <p>${TEXT.account.intro}</p>
    <${Secret} id="key" label=${TEXT.account.key} hint=${TEXT.account.keyHint} action=${TEXT.account.use} onUse=${use} />
    ${CLIENT && html`<h2>${TEXT.account.orSignIn}</h2><${SignIn} onSignIn=${set} />`}
    ${ISSUER && html`<h2>${TEXT.account.orToken}</h2>
      <${Secret} id="token" label=${TEXT.account.token} hint=${say(TEXT.account.tokenHint, { issuer: ISSUER })} action=${TEXT.account.signIn} onUse=${use} check=${faultOf} />`}
    <div role="status">
      ${key && usage.loading && html`<p>${TEXT.account.checking}</p>`}
      ${known && html`<p class="good">${isToken ? TEXT.account.validToken : TEXT.account.valid}</p>`}
    </div>
    <${Failed} error=${key && !usage.loading && usage.error} />
    ${known && html`<${Identity} usage=${known} secret=${key} />`}
    ${key && html`<p><button type="button" class="quiet" onClick=${() => use("")}>${isToken ? TEXT.account.signOut : TEXT.account.forget}</button></p>`}`;
}

// A form for a key or a token. `check` returns its fault, or "".
function Secret({ id, label, hint, action, onUse, check = () => "" }) {
  const [typed, type] = useState("");
  const [fault, setFault] = useState("");
  const submit = (event) => {
    event.preventDefault();
    const secret = typed.trim();
    // Headers cannot contain others, such as the invisible characters that some programs add to copied text.
    const found = check(secret) || (/^[\x21-\x7e]+$/.test(secret) ? "" : TEXT.account.notPrintable);
    setFault(found);
    if (found) return;
    type("");
    onUse(secret);
  };
  return html`<form onSubmit=${submit} autocomplete="off">
      <${Field} id=${id} label=${label} hint=${hint}>
        <input id=${id} type="password" autocomplete="off" spellcheck="false" required aria-describedby=${`${id}-hint`}
          value=${typed} onInput=${(event) => type(event.target.value)} />
      <//>
      <div class="row"><button type="submit">${action}</button></div>
    </form>
    <${Failed} error=${fault && new ApiError(fault)} />`;
}

function Identity({ usage, secret }) {
  const left = usage.today.characters_left;
  const claims = claimsOf(secret);
  const rows = [
    [TEXT.account.tenant, usage.tenant],
    [TEXT.account.with, claims ? say(TEXT.account.withToken, { at: moment(endOf(claims)) }) : TEXT.account.withKey],
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
