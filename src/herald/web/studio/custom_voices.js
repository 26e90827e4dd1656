// The tenant's custom voices: made from two recordings, of a sentence of consent and of a sample.
const CUSTOM_VOICES = "/v1/audio/voices";
const CONSENTS = "/v1/audio/voice_consents";
const WAITING = ["pending", "checking"];
const POLLED = 3000; // milliseconds
// What the check accepts, in seconds: herald.enrolment
const CONSENT_SECONDS = { least: 4, most: 30 };
const SAMPLE_SECONDS = { least: 5, most: 60 };
const SENTENCE_LEFT = 600_000; // milliseconds that are enough to record one
const QUIET = 0.03;
const LOUD = 0.99;

// The wizard's content, kept until the key changes, so that accepted recordings need not be repeated.
const NO_DRAFT = { name: "", language: "en", method: "matched", sentence: null, consent: null, consentId: "", sample: null };
const draft = { ...NO_DRAFT };
const sampleUrls = new Map(); // of the voices that this page enrolled, by id
// The next user of this tab may be another person.
addEventListener("herald-key", () => {
  Object.assign(draft, NO_DRAFT);
  sampleUrls.clear();
});

const customVoices = () => call("GET", `${CUSTOM_VOICES}?limit=100`).then((found) => found.data || []);
const speakable = (voice) => voice.state === "ready" && !voice.disabled;
const isCustom = (id) => id.startsWith("voice_"); // custom voices speak only in jobs
const useCustomVoices = () => useLoad(async () => (account.key ? (await customVoices()).filter(speakable) : []), account.key).data || [];

// The choices of a voice: the stock ones, then the tenant's own by their names.
const voiceOptions = (voices, own) => [
  ...voices.map((one) => [one.id, `${one.id} (${one.language_name})`]),
  ...own.map((one) => [one.id, say(TEXT.voices.ownOption, { name: one.name })]),
];

function CustomVoices({ rest }) {
  if (!account.key) return html`<h1 tabindex="-1">${TEXT.voices.title}</h1><${NoKey} />`;
  if (rest === "new") return html`<${Enrolment} />`;
  return rest ? html`<${CustomVoice} key=${rest} id=${rest} />` : html`<${CustomVoiceList} />`;
}

function CustomVoiceList() {
  const list = useLoad(customVoices, "");
  const { columns } = TEXT.voices;
  return html`<h1 tabindex="-1">${TEXT.voices.title}</h1>
    <p>${TEXT.voices.intro}</p>
    <p><a class="button" href="#/voices/new">${TEXT.voices.create}</a></p>
    <${Failed} error=${list.error} />
    ${list.loading && !list.data && html`<p role="status">${TEXT.loading}</p>`}
    ${list.data && html`<${Table} label=${TEXT.voices.title}>
      <thead><tr>${[columns.name, columns.state, columns.method, columns.at].map((name) => html`<th scope="col" key=${name}>${name}</th>`)}</tr></thead>
      <tbody>${list.data.map((one) => html`<tr key=${one.id}><td><a href=${`#/voices/${one.id}`}>${one.name}</a></td><td><${VoiceState} voice=${one} /></td>
        <td>${TEXT.voices.methods[one.method]}</td><td>${moment(one.created_at * 1000)}</td></tr>`)}
        ${!list.data.length && html`<tr><td colspan="4">${TEXT.none}</td></tr>`}</tbody>
    <//>`}
    <${CopyAs} snippets=${customVoiceSnippets(CUSTOM_VOICES)} />`;
}

function customVoiceSnippets(path) {
  const { "Command line": _, ...snippets } = readingSnippets([path], []); // the command line has no command for this
  return snippets;
}

const VoiceState = ({ voice }) => html`<span data-state=${voice.state}>${TEXT.voices.states[voice.disabled ? "disabled" : voice.state]}</span>`;

function CustomVoice({ id }) {
  const path = `${CUSTOM_VOICES}/${id}`;
  const { data: voice, error, reload } = useLoad(() => call("GET", path), id);
  const [failed, setFailed] = useState(null);
  const [sure, setSure] = useState(false);
  useEffect(() => {
    const waits = voice && WAITING.includes(voice.state);
    const timer = waits && !isFinal(error) && setTimeout(reload, POLLED);
    return () => clearTimeout(timer);
  }, [voice, error]);
  if (!voice) return html`<h1 tabindex="-1">${TEXT.voices.title}</h1>${error ? html`<${Failed} error=${error} />` : html`<p role="status">${TEXT.loading}</p>`}`;
  const remove = async () => {
    try {
      await call("DELETE", path);
      await call("DELETE", `${CONSENTS}/${voice.consent}`).catch((error) => {
        if (error.code !== "consent_in_use") throw error; // another voice was made with it
      });
      if (voice.consent === draft.consentId) Object.assign(draft, { consent: null, consentId: "", sample: null });
      location.hash = "#/voices";
    } catch (error) {
      setFailed(error);
    }
  };
  const two = (value) => value.toFixed(2);
  const { similarity, likeness, check } = voice;
  const alike = similarity !== null && (check ? say(TEXT.voices.least, { value: two(similarity), least: two(check.least_similarity) }) : two(similarity));
  const rows = [[TEXT.voices.columns.state, html`<${VoiceState} voice=${voice} />`], [TEXT.voices.columns.method, TEXT.voices.methods[voice.method]],
    [TEXT.voices.similarity, alike], [TEXT.voices.likeness, likeness !== null && two(likeness)], [TEXT.voices.id, voice.id]];
  return html`<h1 tabindex="-1">${voice.name}</h1>
    <p role="status">${WAITING.includes(voice.state) ? TEXT.voices.waiting : ""}</p>
    <${Failed} error=${error || failed} />
    ${voice.refusals.length > 0 && html`<div class="failed" role="alert"><strong>${TEXT.voices.why}</strong>
        <ul>${voice.refusals.map((one) => html`<li key=${one.code}>${one.message} <small>${one.code}</small></li>`)}</ul></div>
      <p><a class="button" href="#/voices/new">${TEXT.voices.again}</a></p>`}
    <dl>${rows.filter(([, value]) => value).map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    ${voice.preview_url && html`<${Comparison} sample=${sampleUrls.get(id)} voice=${voice.preview_url} />`}
    <div class="row">
      ${speakable(voice) && html`<a class="button" href=${`#/speak/${id}`}>${TEXT.voices.use}</a>`}
      ${voice.state !== "deleted" && html`<${ConfirmButton} label=${TEXT.voices.delete} sureLabel=${TEXT.voices.sure} sure=${sure} setSure=${setSure} onConfirm=${remove} />`}
      <a href="#/voices">${TEXT.voices.all}</a>
    </div>
    ${sure && html`<p role="status">${TEXT.voices.deletes}</p>`}
    <${CopyAs} snippets=${customVoiceSnippets(path)} />`;
}

// The sample and the voice, to compare: one of them plays at a time.
function Comparison({ sample, voice }) {
  const players = useRef(null);
  const alone = (event) => players.current.querySelectorAll("audio").forEach((one) => one !== event.target && one.pause());
  return html`<h2>${TEXT.voices.compare}</h2>
    <div class="row" ref=${players}>
      ${[[TEXT.voices.yours, sample], [TEXT.voices.made, voice]].filter(([, url]) => url).map(([label, url]) => html`<figure key=${label}>
        <figcaption>${label}</figcaption><audio controls preload="none" src=${url} aria-label=${say(TEXT.listen, { name: label })} onPlay=${alone}></audio></figure>`)}
    </div>
    ${!sample && html`<p><small>${TEXT.voices.noSample}</small></p>`}`;
}
