// The wizard that makes a voice: who speaks, the sentence of consent, the sample, and sending them.
function Enrolment() {
  const [form, setForm] = useState({ ...draft });
  const change = (more) => {
    Object.assign(draft, more);
    setForm({ ...draft });
  };
  const sentence = useLoad(() => sentenceIn(form.language), form.language);
  const methods = useLoad(() => call("GET", `${CUSTOM_VOICES}?limit=1`).then((found) => found.methods || []), "");
  const offered = methods.data || [];
  const method = offered.includes(form.method) ? form.method : offered[0] || form.method;
  const [state, set] = useState({});
  const ready = form.name.trim() && form.consent && form.sample && !state.busy;
  const submit = async (event) => {
    event.preventDefault();
    set({ busy: true });
    try {
      const consent = form.consentId || (await posted(CONSENTS, { name: form.name, language: form.language, recording: form.consent })).id;
      draft.consentId = consent;
      const voice = await posted(CUSTOM_VOICES, { name: form.name, consent, method, audio_sample: form.sample });
      sampleUrls.set(voice.id, form.sample.url);
      location.hash = `#/voices/${voice.id}`;
    } catch (error) {
      set({ error });
    }
  };
  const { languages } = TEXT.voices;
  return html`<h1 tabindex="-1">${TEXT.voices.create}</h1>
    <p>${TEXT.voices.howTo}</p>
    <form onSubmit=${submit}>
      <fieldset><legend>${TEXT.voices.who}</legend>
        <div class="row">
          <${Field} id="voice-name" label=${TEXT.voices.columns.name}>
            <input id="voice-name" required maxlength="128" autocomplete="off" value=${form.name} onInput=${(event) => change({ name: event.target.value })} />
          <//>
          <${Choice} id="voice-language" label=${TEXT.voices.language} value=${form.language} options=${Object.entries(languages)}
            onChange=${(language) => change({ language, consent: null, consentId: "" })} />
          ${offered.length > 0 && html`<${Choice} id="voice-method" label=${TEXT.voices.columns.method} value=${method}
            options=${offered.map((one) => [one, TEXT.voices.methods[one] || one])} onChange=${(method) => change({ method })} />`}
        </div>
        ${methods.data && !offered.length && html`<p class="bad" role="status">${TEXT.voices.noMethods}</p>`}
      </fieldset>
      <fieldset><legend>${TEXT.voices.consent}</legend>
        <p>${TEXT.voices.readIt}</p>
        <${Failed} error=${sentence.error} />
        ${sentence.data
          ? html`<blockquote lang=${form.language}>${sentence.data.sentence}</blockquote>
              <p><small>${say(TEXT.voices.until, { at: moment(sentence.data.expires_at * 1000) })}</small></p>`
          : html`<p role="status">${sentence.loading ? TEXT.loading : ""}</p>`}
        <${Take} id="consent" name=${TEXT.voices.consentTake} length=${CONSENT_SECONDS} value=${form.consent} onChange=${(consent) => change({ consent, consentId: "" })} />
      </fieldset>
      <fieldset><legend>${TEXT.voices.sample}</legend>
        <p>${TEXT.voices.sampleHint}</p>
        <${Take} id="sample" name=${TEXT.voices.sampleTake} length=${SAMPLE_SECONDS} value=${form.sample} onChange=${(sample) => change({ sample })} />
      </fieldset>
      <div class="row"><button type="submit" disabled=${!ready}>${TEXT.voices.send}</button>
        <a href="#/voices">${TEXT.voices.all}</a>
        <span role="status">${state.busy ? TEXT.voices.sending : ""}</span></div>
      <${Failed} error=${state.error} />
    </form>`;
}

// Return a sentence of consent: the current one, unless a recording of it was sent.
async function sentenceIn(language) {
  const known = draft.sentence;
  if (known && known.language === language && !draft.consentId && known.expires_at * 1000 > Date.now() + SENTENCE_LEFT) return known;
  return (draft.sentence = await call("GET", `${CONSENTS}/sentence?language=${language}`));
}

// Send a form; a recording is sent as a file.
function posted(path, fields) {
  const raw = new FormData();
  for (const [name, value] of Object.entries(fields)) value.blob ? raw.append(name, value.blob, `${name}.wav`) : raw.append(name, value);
  return call("POST", path, { raw });
}

// One recording: from the microphone, with a meter of its level, or from a file.
function Take({ id, name, length, value, onChange }) {
  const [state, set] = useState({});
  const recorder = useRef(null);
  const stop = async () => {
    const current = recorder.current;
    if (!current) return; // it was stopped already
    recorder.current = null;
    try {
      onChange(await current.stop());
      set({});
    } catch (error) {
      set({ error });
    }
  };
  const start = async () => {
    const begun = (recorder.current = new Recorder());
    let shown = 0;
    let peak = 0;
    set({ starting: true });
    try {
      await begun.start((level) => {
        peak = Math.max(peak, level);
        const time = Date.now();
        if (recorder.current !== begun || time - shown < 100) return;
        shown = time;
        const seconds = begun.parts.length * begun.parts[0].length / begun.context.sampleRate;
        set({ level: peak, seconds });
        peak = 0;
        if (seconds >= length.most) stop();
      });
      set({ level: 0, seconds: 0 });
    } catch (error) {
      begun.close();
      recorder.current = null;
      set({ error });
    }
  };
  const choose = (file) => {
    onChange(null); // or the recording before it could be sent until this one is decoded
    recordingIn(file).then((found) => (onChange(found), set({})), (error) => (onChange(value), set({ error })));
  };
  useEffect(() => () => recorder.current && recorder.current.close(), []);
  const recording = state.level !== undefined;
  return html`<div class="row">
      ${recording
        ? html`<button type="button" onClick=${stop}>${say(TEXT.voices.stop, { name })}</button>
            <label class="chip">${TEXT.voices.level} <meter min="0" max="1" low=${QUIET} high="0.9" optimum="0.4" value=${state.level}></meter></label>`
        : html`<button type="button" class=${value ? "quiet" : ""} disabled=${state.starting} onClick=${start}>${say(value ? TEXT.voices.rerecord : TEXT.voices.record, { name })}</button>`}
      <span role="status">${recording ? say(TEXT.voices.recording, { at: seconds(state.seconds), most: seconds(length.most) }) : ""}</span>
    </div>
    ${!recording && html`<${Field} id=${`${id}-file`} label=${say(TEXT.voices.orFile, { name })}>
      <${FileInput} id=${`${id}-file`} accept="audio/*,.wav,.flac,.mp3,.ogg,.opus,.m4a" onFile=${choose} />
    <//>`}
    <${Failed} error=${state.error} />
    ${value && !recording && html`<p><audio controls src=${value.url} aria-label=${say(TEXT.listen, { name })}></audio> ${say(TEXT.voices.lasts, { seconds: value.seconds.toFixed(1) })}</p>
      ${faultsOf(value, length).map((fault) => html`<p class="bad" key=${fault}>${fault}</p>`)}`}`;
}

// Return the faults of a recording that this page can detect before the check.
function faultsOf({ seconds, peak }, { least, most }) {
  return [
    seconds < least && say(TEXT.voices.tooShort, { least }),
    seconds > most && say(TEXT.voices.tooLong, { most }),
    peak < QUIET && TEXT.voices.tooQuiet,
    peak >= LOUD && TEXT.voices.tooLoud,
  ].filter(Boolean);
}
