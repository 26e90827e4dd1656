// Lexicons: a table of words to play and change, and import and export of files.
const LEXICON_TYPES = { json: "application/json", csv: "text/csv", tsv: "text/tab-separated-values", pls: "application/pls+xml", xml: "application/xml" };
const POLLY_NAME = /^[0-9A-Za-z]{1,20}$/;
const lexiconPath = (name, query = "") => `/v1/lexicons/${encodeURIComponent(name)}${query}`;

function Lexicons({ rest }) {
  if (!account.key) return html`<h1 tabindex="-1">${TEXT.lexicon.title}</h1><${NoKey} />`;
  return rest ? html`<${OneLexicon} key=${rest} name=${decodeURIComponent(rest)} />` : html`<${LexiconList} />`;
}

function LexiconList() {
  const list = useLoad(() => call("GET", "/v1/lexicons"), "");
  return html`<h1 tabindex="-1">${TEXT.lexicon.title}</h1>
    <p>${TEXT.lexicon.intro}</p>
    <${Failed} error=${list.error} />
    ${list.data && html`<${Table} label=${TEXT.lexicon.title}>
      <thead><tr>${["name", "language", "words", "used", "changed"].map((name) => html`<th scope="col" key=${name}>${TEXT.lexicon[name]}</th>`)}</tr></thead>
      <tbody>${list.data.data.map((one) => html`<tr key=${one.name}><td><a href=${`#/lexicon/${encodeURIComponent(one.name)}`}>${one.name}</a></td>
        <td>${one.language || TEXT.speak.any}</td><td>${number(one.size)}</td><td>${one.default ? TEXT.lexicon.always : TEXT.lexicon.named}</td><td>${moment(one.updated_at)}</td></tr>`)}
        ${!list.data.data.length && html`<tr><td colspan="5">${TEXT.none}</td></tr>`}</tbody>
    <//>`}
    <${NewLexicon} names=${list.data ? list.data.data.map((one) => one.name) : []} reload=${list.reload} />
    <${CopyAs} snippets=${readingSnippets(["/v1/lexicons"], ["lexicon list"], `list_lexicons()["Lexicons"]`)} />`;
}

// A new lexicon: from a file, or with a first word.
function NewLexicon({ names, reload }) {
  const [form, setForm] = useState({ name: "", language: "", word: "", alias: "", always: true });
  const [file, setFile] = useState(null);
  const [error, setError] = useState(null);
  const [replaced, setReplaced] = useState("");
  const asks = replaced === form.name && names.includes(replaced);
  const input = (name) => ({ id: `new-${name}`, value: form[name], onInput: (event) => setForm({ ...form, [name]: event.target.value }) });
  const create = (event) => {
    event.preventDefault();
    setError(null);
    if (names.includes(form.name) && !asks) return setReplaced(form.name);
    const query = `?default=${form.always}${form.language && `&language=${encodeURIComponent(form.language)}`}`;
    const ending = file ? file.name.split(".").pop().toLowerCase() : "json";
    const sent = file
      ? { raw: file, type: LEXICON_TYPES[ending] || "text/csv" }
      : { body: { entries: [{ word: form.word, alias: form.alias }] } };
    call("PUT", lexiconPath(form.name, query), sent).then(() => (setReplaced(""), reload()), setError);
  };
  return html`<h2>${TEXT.lexicon.create}</h2>
    <form onSubmit=${create}>
      <div class="row">
        <${Field} id="new-name" label=${TEXT.lexicon.name}><input required maxlength="64" pattern="[A-Za-z0-9][A-Za-z0-9_\\-]*" ...${input("name")} /><//>
        <${Field} id="new-language" label=${TEXT.lexicon.language}><input placeholder="en-US" ...${input("language")} /><//>
        <${Field} id="new-file" label=${TEXT.lexicon.file}><${FileInput} id="new-file" accept=".pls,.xml,.csv,.tsv,.json" onFile=${setFile} onClear=${() => setFile(null)} /><//>
        ${!file && html`<${Field} id="new-word" label=${TEXT.lexicon.word}><input required ...${input("word")} /><//>
          <${Field} id="new-alias" label=${TEXT.lexicon.alias}><input required ...${input("alias")} /><//>`}
      </div>
      <p><label class="chip"><input type="checkbox" checked=${form.always} onChange=${(event) => setForm({ ...form, always: event.target.checked })} />${TEXT.lexicon.forAll}</label></p>
      ${asks && html`<p class="bad" role="alert">${say(TEXT.lexicon.exists, { name: replaced })}</p>`}
      <button type="submit">${asks ? TEXT.lexicon.replace : TEXT.lexicon.save}</button>
      <${Failed} error=${error} />
    </form>`;
}

function OneLexicon({ name }) {
  const lexicon = useLoad(() => call("GET", lexiconPath(name)), name);
  const { voices } = useVoices();
  const playback = usePlayback();
  const [error, setError] = useState(null);
  const [sure, setSure] = useState(false);
  const { data } = lexicon;
  const failed = lexicon.error || error || playback.error;
  if (!data) return html`<h1 tabindex="-1">${name}</h1><${Failed} error=${failed} />`;
  const { language } = data;
  const fits = (voice) => !language || voice.languages.some((tag) => tag === language || tag.startsWith(`${language}-`));
  const voice = voices && (voices.find((one) => fits(one) && one.aliases.includes("alloy")) || voices.find(fits));
  const play = (entry) => playback.start({ input: entry.word, voice: voice.id, response_format: "mp3", lexicons: [name] });
  const store = (entries) => {
    const body = { entries: entries.map((entry) => Object.fromEntries(Object.entries(entry).filter(([, value]) => value))) };
    if (language) body.language = language;
    return call("PUT", lexiconPath(name), { body }).then(() => (setError(null), lexicon.reload(), true), (failure) => setError(failure));
  };
  const add = (word) => store([...data.entries.filter((entry) => entry.word !== word.word), word]);
  const download = () => send("GET", lexiconPath(name, "?format=pls")).then((response) => bodyOf(response, "blob")).then((blob) => saveFile(blob, `${name}.pls`), setError);
  const remove = () => call("DELETE", lexiconPath(name)).then(() => (location.hash = "#/lexicon"), setError);
  return html`<h1 tabindex="-1">${name}</h1>
    <p>${language || TEXT.lexicon.everyVoice} · ${data.default ? TEXT.lexicon.always : TEXT.lexicon.named}</p>
    <${Failed} error=${failed} />
    <${Table} label=${TEXT.lexicon.words}>
      <thead><tr><th scope="col">${TEXT.speak.preview.replace(" {voice}", "")}</th><th scope="col">${TEXT.lexicon.word}</th><th scope="col">${TEXT.lexicon.alias}</th><th scope="col">${TEXT.lexicon.ipa}</th><th scope="col">${TEXT.lexicon.change}</th></tr></thead>
      <tbody>${data.entries.map((entry) => html`<tr key=${entry.word}>
        <td><button type="button" class="quiet" disabled=${!voice} aria-label=${say(TEXT.listen, { name: entry.word })} onClick=${() => play(entry)}>▶</button></td>
        <td>${entry.word}</td><td>${entry.alias}</td><td>${entry.ipa}</td>
        <td><button type="button" class="quiet" disabled=${data.entries.length < 2} aria-label=${say(TEXT.lexicon.removeWord, { word: entry.word })}
          onClick=${() => store(data.entries.filter((one) => one !== entry))}>${TEXT.lexicon.remove}</button></td></tr>`)}</tbody>
    <//>
    <p role="status" data-state=${playback.state}>${TEXT.speak.status[playback.state] || ""}</p>
    <${NewWord} add=${add} />
    <div class="row">
      <button type="button" class="quiet" onClick=${download}>${TEXT.lexicon.pls}</button>
      <${ConfirmButton} label=${TEXT.lexicon.delete} sureLabel=${TEXT.lexicon.sure} sure=${sure} setSure=${setSure} onConfirm=${remove} />
      <a href="#/lexicon">${TEXT.lexicon.all}</a>
    </div>
    <${CopyAs} snippets=${readingSnippets([lexiconPath(name)], [`lexicon get -- ${shellQuoted(name)}`], POLLY_NAME.test(name) && `get_lexicon(Name=${quoted(name)})["Lexicon"]`)} />`;
}

// This form has its own state, so that a table of thousands of words is not rendered again for each letter.
function NewWord({ add }) {
  const empty = { word: "", alias: "", ipa: "" };
  const [form, setForm] = useState(empty);
  const submit = async (event) => {
    event.preventDefault();
    if (await add(form)) setForm(empty);
  };
  const input = (field) => ({ id: `entry-${field}`, value: form[field], onInput: (event) => setForm({ ...form, [field]: event.target.value }) });
  return html`<form class="row" onSubmit=${submit}>
    <${Field} id="entry-word" label=${TEXT.lexicon.word}><input required ...${input("word")} /><//>
    <${Field} id="entry-alias" label=${TEXT.lexicon.alias}><input required=${!form.ipa} ...${input("alias")} /><//>
    <${Field} id="entry-ipa" label=${TEXT.lexicon.ipa}><input required=${!form.alias} ...${input("ipa")} /><//>
    <button type="submit">${TEXT.lexicon.save}</button>
  </form>`;
}
