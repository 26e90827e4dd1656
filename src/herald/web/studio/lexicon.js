// Lexicons: how words are said. A table to hear and to change, and files in and out.
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
    ${list.data && html`<div class="table" tabindex="0"><table>
      <thead><tr>${["name", "language", "words", "used", "changed"].map((name) => html`<th scope="col" key=${name}>${TEXT.lexicon[name]}</th>`)}</tr></thead>
      <tbody>${list.data.data.map((one) => html`<tr key=${one.name}><td><a href=${`#/lexicon/${encodeURIComponent(one.name)}`}>${one.name}</a></td>
        <td>${one.language || TEXT.speak.any}</td><td>${number(one.size)}</td><td>${one.default ? TEXT.lexicon.always : TEXT.lexicon.named}</td><td>${moment(one.updated_at)}</td></tr>`)}
        ${!list.data.data.length && html`<tr><td colspan="5">${TEXT.none}</td></tr>`}</tbody>
    </table></div>`}
    <${NewLexicon} reload=${list.reload} />
    <${CopyAs} snippets=${readingSnippets(["/v1/lexicons"], ["lexicon list"], `list_lexicons()["Lexicons"]`)} />`;
}

// A new lexicon: from a file, or with a first word.
function NewLexicon({ reload }) {
  const [form, setForm] = useState({ name: "", language: "", word: "", alias: "", always: true });
  const [file, setFile] = useState(null);
  const [error, setError] = useState(null);
  const input = (name) => ({ id: `new-${name}`, value: form[name], onInput: (event) => setForm({ ...form, [name]: event.target.value }) });
  const create = (event) => {
    event.preventDefault();
    setError(null);
    const query = `?default=${form.always}${form.language && `&language=${encodeURIComponent(form.language)}`}`;
    const ending = file ? file.name.split(".").pop().toLowerCase() : "json";
    const sent = file
      ? { raw: file, type: LEXICON_TYPES[ending] || "text/csv" }
      : { body: { entries: [{ word: form.word, alias: form.alias }] } };
    call("PUT", lexiconPath(form.name, query), sent).then(reload, setError);
  };
  return html`<h2>${TEXT.lexicon.create}</h2>
    <form onSubmit=${create}>
      <div class="row">
        <${Field} id="new-name" label=${TEXT.lexicon.name}><input required maxlength="64" pattern="[A-Za-z0-9][A-Za-z0-9_\\-]*" ...${input("name")} /><//>
        <${Field} id="new-language" label=${TEXT.lexicon.language}><input placeholder="en-US" ...${input("language")} /><//>
        <${Field} id="new-file" label=${TEXT.lexicon.file}><input id="new-file" type="file" accept=".pls,.xml,.csv,.tsv,.json"
          onChange=${(event) => setFile(event.target.files[0] || null)} /><//>
        ${!file && html`<${Field} id="new-word" label=${TEXT.lexicon.word}><input required ...${input("word")} /><//>
          <${Field} id="new-alias" label=${TEXT.lexicon.alias}><input required ...${input("alias")} /><//>`}
      </div>
      <p><label class="chip"><input type="checkbox" checked=${form.always} onChange=${(event) => setForm({ ...form, always: event.target.checked })} />${TEXT.lexicon.forAll}</label></p>
      <button type="submit">${TEXT.lexicon.save}</button>
      <${Failed} error=${error} />
    </form>`;
}

function OneLexicon({ name }) {
  const lexicon = useLoad(() => call("GET", lexiconPath(name)), name);
  const { voices } = useVoices();
  const playback = usePlayback();
  const [form, setForm] = useState({ word: "", alias: "", ipa: "" });
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
    return call("PUT", lexiconPath(name), { body }).then(() => (setError(null), lexicon.reload()), setError);
  };
  const add = (event) => {
    event.preventDefault();
    store([...data.entries.filter((entry) => entry.word !== form.word), form]).then(() => setForm({ word: "", alias: "", ipa: "" }));
  };
  const download = () => send("GET", lexiconPath(name, "?format=pls")).then((response) => response.blob()).then((blob) => saveFile(blob, `${name}.pls`), setError);
  const remove = () => (sure ? call("DELETE", lexiconPath(name)).then(() => (location.hash = "#/lexicon"), setError) : setSure(true));
  const input = (field) => ({ id: `entry-${field}`, value: form[field], onInput: (event) => setForm({ ...form, [field]: event.target.value }) });
  return html`<h1 tabindex="-1">${name}</h1>
    <p>${language || TEXT.lexicon.everyVoice} · ${data.default ? TEXT.lexicon.always : TEXT.lexicon.named}</p>
    <${Failed} error=${failed} />
    <div class="table" tabindex="0"><table>
      <thead><tr><th scope="col">${TEXT.speak.preview.replace(" {voice}", "")}</th><th scope="col">${TEXT.lexicon.word}</th><th scope="col">${TEXT.lexicon.alias}</th><th scope="col">${TEXT.lexicon.ipa}</th><th scope="col">${TEXT.lexicon.change}</th></tr></thead>
      <tbody>${data.entries.map((entry) => html`<tr key=${entry.word}>
        <td><button type="button" class="quiet" disabled=${!voice} aria-label=${say(TEXT.listen, { name: entry.word })} onClick=${() => play(entry)}>▶</button></td>
        <td>${entry.word}</td><td>${entry.alias}</td><td>${entry.ipa}</td>
        <td><button type="button" class="quiet" disabled=${data.entries.length < 2} aria-label=${say(TEXT.lexicon.removeWord, { word: entry.word })}
          onClick=${() => store(data.entries.filter((one) => one !== entry))}>${TEXT.lexicon.remove}</button></td></tr>`)}</tbody>
    </table></div>
    <p role="status" data-state=${playback.state}>${TEXT.speak.status[playback.state] || ""}</p>
    <form class="row" onSubmit=${add}>
      <${Field} id="entry-word" label=${TEXT.lexicon.word}><input required ...${input("word")} /><//>
      <${Field} id="entry-alias" label=${TEXT.lexicon.alias}><input required=${!form.ipa} ...${input("alias")} /><//>
      <${Field} id="entry-ipa" label=${TEXT.lexicon.ipa}><input required=${!form.alias} ...${input("ipa")} /><//>
      <button type="submit">${TEXT.lexicon.save}</button>
    </form>
    <div class="row">
      <button type="button" class="quiet" onClick=${download}>${TEXT.lexicon.pls}</button>
      <button type="button" class="quiet" onClick=${remove}>${sure ? TEXT.lexicon.sure : TEXT.lexicon.delete}</button>
      <a href="#/lexicon">${TEXT.lexicon.all}</a>
    </div>
    <${CopyAs} snippets=${readingSnippets([lexiconPath(name)], [`lexicon get -- ${shellQuoted(name)}`], POLLY_NAME.test(name) && `get_lexicon(Name=${quoted(name)})["Lexicon"]`)} />`;
}
