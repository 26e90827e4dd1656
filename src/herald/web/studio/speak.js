const MOST_CHARACTERS = 4096;
const FORMATS = Object.keys(TEXT.speak.formats);
const DEFAULT_ALIAS = "alloy";
const ACTIVE = ["starting", "playing", "paused"];

// The request of the form. Fields with their default are left out, so that copied code is short.
function requestOf({ text, voice, speed, format }) {
  const request = { input: text, voice, response_format: format };
  if (Number(speed) !== 1) request.speed = Number(speed);
  return request;
}

function Speak({ rest }) {
  const { voices, error } = useVoices();
  const own = useCustomVoices();
  const [form, setForm] = useDraft("speak", { text: TEXT.speak.sample, voice: "", speed: "1", format: "mp3", lines: null });
  useEffect(() => {
    if (rest) setForm((before) => ({ ...asText(before), voice: rest }));
  }, [rest]);
  const change = (name) => (value) => setForm((before) => ({ ...before, [name]: value }));
  // Until the list of voices arrives, use the alias of the default voice: if the button were disabled for that long, the Tab
  // key would skip it.
  const chosen = form.voice || (voices && voices.length ? defaultVoice(voices) : DEFAULT_ALIAS);
  const lines = voices && form.lines;
  const asJob = lines ? [...voicesOf(lines)].some(isCustom) : isCustom(chosen);
  // A dialogue with a custom voice is not an SSML document: its lines are those of a job.
  const text = !lines ? form.text : asJob ? textOf(lines) : dialogueOf(lines);
  const voice = lines ? lines[0].voice : chosen;
  const readAs = asJob ? voices && voices.length && defaultVoice(voices) : voice; // the reading depends on the voice's language
  const request = lines && asJob ? dialogueJob(requestOf(form), lines) : requestOf({ ...form, text, voice });
  const toDialogue = () => change("lines")(firstLines(isSsml(form.text) ? "" : form.text, chosen, voices));
  const toText = () => setForm(asText);
  const playback = usePlayback();
  const job = useJob();

  const preview = (one) => {
    const sample = TEXT.speak.samples[one.language.slice(0, 2)] || TEXT.speak.samples.en;
    playback.start(requestOf({ ...form, text: sample, voice: one.id }), one.id);
  };
  const playLine = (line) => playback.start(requestOf({ ...form, ...line }));
  const play = (event) => {
    event.preventDefault();
    if (asJob) job.start(request);
    else playback.start(request);
  };
  if (!account.key) return html`<h1 tabindex="-1">${TEXT.speak.title}</h1><${NoKey} />`;
  return html`<h1 tabindex="-1">${TEXT.speak.title}</h1>
    <${Failed} error=${error} />
    <form class=${lines ? "speak dialogue" : "speak"} onSubmit=${play}>
      <div class="say">
        ${lines
          ? html`<${Dialogue} lines=${lines} options=${voiceOptions(voices, own)} change=${change("lines")} onPlay=${playLine} onEnd=${toText} />`
          : html`<${Field} id="text" label=${TEXT.speak.text}>
              <textarea id="text" rows="7" value=${form.text} aria-describedby="count" onInput=${(event) => change("text")(event.target.value)}></textarea>
            <//>
            <div class="row"><button type="button" class="quiet" disabled=${!voices || !voices.length} onClick=${toDialogue}>${TEXT.speak.several}</button></div>`}
      </div>
      <div class="settings">
        ${voices
          ? !lines && html`<${VoicePicker} voices=${voices} own=${own} value=${chosen} onChange=${change("voice")} onPreview=${preview} previewing=${ACTIVE.includes(playback.state) && playback.previewed} />`
          : !error && html`<p role="status">${TEXT.loading}</p>`}
        <${Field} id="speed" label=${say(TEXT.speak.speed, { speed: form.speed })}>
          <input id="speed" type="range" min="0.5" max="2" step="0.05" value=${form.speed} onInput=${(event) => change("speed")(event.target.value)} />
        <//>
        <${Choice} id="format" label=${TEXT.speak.format} value=${form.format} onChange=${change("format")}
          options=${FORMATS.map((name) => [name, TEXT.speak.formats[name]])} />
      </div>
      <div class="play">
        <${Counter} text=${text} voice=${asJob ? "" : voice} />
        ${asJob ? html`<${JobControls} job=${job} ready=${Boolean(text.trim())} />` : html`<${Controls} playback=${playback} ready=${Boolean(text.trim())} />`}
        <${Failed} error=${playback.error} />
        ${!lines && html`<${Place} error=${playback.error} />`}
        ${playback.request && !playback.previewed && html`<${Words} playback=${playback} />`}
      </div>
      <div class="rest">
        ${!asJob && html`<${Files} request=${request} playback=${playback} />`}
        <${Reading} text=${text} voice=${readAs} />
        <${CopyAs} snippets=${asJob ? jobSnippets(request) : snippetsOf(request)} />
      </div>
    </form>`;
}

// The form without a dialogue, whose lines become its text.
const asText = (form) => ({ ...form, lines: null, text: (form.lines && textOf(form.lines)) || form.text });
const defaultVoice = (voices) => (voices.find((voice) => voice.aliases.includes(DEFAULT_ALIAS)) || voices[0]).id;

// Where the error of an SSML document is.
function Place({ error }) {
  const found = error && error.code === "invalid_ssml" && error.message.match(/line (\d+), column (\d+)/i);
  if (!found) return null;
  const show = () => {
    const area = document.getElementById("text");
    const before = area.value.split("\n").slice(0, found[1] - 1);
    const at = before.reduce((sum, line) => sum + line.length + 1, 0) + Number(found[2]) - 1;
    area.focus();
    area.setSelectionRange(at, at + 1);
  };
  return html`<button type="button" class="quiet" onClick=${show}>${TEXT.speak.showPlace}</button>`;
}

const isSsml = (text) => text.trimStart().startsWith("<speak");
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const decoded = (text) => text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => ENTITIES[name]);

// A part of a text as it is read: without the tags of SSML, if the whole text is SSML.
const shownText = (text, whole) => (isSsml(whole) ? decoded(text.replace(/<[^>]*>?|^[^<]*>/g, "")) : text);
const shownWord = (text, whole) => (isSsml(whole) ? decoded(text) : text);

// One playback at a time: its request, state, marks, price and error.
function usePlayback() {
  const [shown, set] = useState({ state: "" });
  const current = useRef({});
  const stop = useCallback(() => {
    const { player, controller } = current.current;
    current.current = {};
    if (controller) controller.abort();
    if (player) player.close();
  }, []);
  useEffect(() => stop, []);
  // `previewed` is the voice that the request is only a sample of.
  const start = async (request, previewed = "") => {
    stop();
    const controller = new AbortController();
    const isCurrent = () => current.current.controller === controller;
    const update = (more) => isCurrent() && set((before) => ({ ...before, ...more }));
    const player = new Player(heardAs(request.response_format).rate, (state) => update({ state }));
    current.current = { player, controller };
    set({ state: "starting", request, previewed, marks: [], arriving: true });
    try {
      const { price } = await stream(request, player, (marks) => update({ marks }), controller.signal);
      update({ price, arriving: false });
    } catch (error) {
      if (!isCurrent()) return; // stopped, or followed by another one
      update({ error, arriving: false });
      if (player.length) return player.finish(); // what has arrived plays to its end
      stop();
      set((before) => ({ ...before, state: "" }));
    }
  };
  // Audio that has arrived completely can be played again, from any word.
  const halt = () => {
    const { player } = current.current;
    if (player && player.complete) return player.end();
    stop();
    set({ state: "" });
  };
  return { ...shown, start, stop: halt, player: () => current.current.player };
}

function Controls({ playback, ready }) {
  const { state, arriving, price } = playback;
  const status = state === "playing" && arriving ? "streaming" : state;
  const active = ACTIVE.includes(state);
  const isPaused = state === "paused";
  const toggle = () => (isPaused ? playback.player().resume() : playback.player().pause());
  return html`<div class="row controls">
    <button type="submit" disabled=${!ready}>${TEXT.speak.speak}</button>
    ${(isPaused || state === "playing") && html`<button type="button" class="quiet" onClick=${toggle}>${isPaused ? TEXT.speak.resume : TEXT.speak.pause}</button>`}
    ${active && html`<button type="button" class="quiet" onClick=${playback.stop}>${TEXT.speak.stop}</button>`}
    <span role="status" data-state=${status}>${TEXT.speak.status[status] || ""}</span>
    ${active && html`<${Clock} playback=${playback} />`}
    ${price && html`<span>${say(TEXT.speak.cost, { price: money(price) })}</span>`}
  </div>`;
}

// Return `of` the player's time, updated while it plays. Views are rendered only when the result changes.
function useTime(playback, of) {
  const [result, set] = useState(() => of(0));
  useEffect(() => {
    let frame;
    const look = () => {
      const player = playback.player();
      set(of(player ? player.time : 0));
      if (playback.state === "playing") frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, [playback.request, playback.state, playback.marks]);
  return result;
}

function Clock({ playback }) {
  const time = useTime(playback, Math.floor);
  const player = playback.player();
  return html`<span class="clock">${say(TEXT.speak.time, { at: seconds(time), length: seconds(player ? player.length : 0) })}</span>`;
}

// The text that is spoken. The current word is marked; selecting a word continues there. One word is a tab stop,
// and the arrow keys move between words.
function Words({ playback }) {
  const list = useRef(null);
  const { marks, request } = playback;
  const text = request.input;
  const now = useTime(playback, (time) => (time > 0 ? marks.findLastIndex((mark) => mark.start <= time) : -1));
  if (!marks.length) return null;
  const seek = (mark) => playback.player() && playback.player().seek(mark.start);
  const move = (event, index) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const target = step && list.current.querySelector(`[data-word="${index + step}"]`);
    if (target) {
      event.preventDefault();
      target.focus();
    }
  };
  const pieces = [shownText(text.slice(0, marks[0].text_start), text)];
  marks.forEach((mark, index) => {
    const next = marks[index + 1];
    pieces.push(html`<button type="button" key=${index} data-word=${index} class=${index === now ? "word now" : "word"}
      tabindex=${index === Math.max(now, 0) ? 0 : -1} aria-current=${index === now ? "true" : null}
      onClick=${() => seek(mark)} onKeyDown=${(event) => move(event, index)}>${shownWord(text.slice(mark.text_start, mark.text_end), text)}</button>`);
    pieces.push(shownText(text.slice(mark.text_end, next ? next.text_start : text.length), text));
  });
  return html`<div class="words" dir="auto" role="group" aria-label=${TEXT.speak.words} ref=${list}>${pieces}</div>`;
}

function useReading(text, voice) {
  const settled = useSettled(text, 400);
  return useLoad(
    () => (settled.trim() && voice ? call("POST", "/v1/audio/reading", { body: { input: settled, voice, offsets: "utf16" } }) : Promise.resolve(null)),
    `${voice}\n${settled}`,
  );
}

function Counter({ text, voice }) {
  const { data } = useReading(text, voice);
  const count = [...shownText(text, text)].length;
  return html`<p id="count" class=${count > MOST_CHARACTERS ? "count bad" : "count"}>
    ${say(TEXT.speak.characters, { count: number(count), most: number(MOST_CHARACTERS) })}
    ${!voice && ` · ${TEXT.speak.unpriced}`}
    ${data && data.price_expected !== undefined && html` · <b>${say(TEXT.speak.price, { price: money(data.price_expected) })}</b> · ${say(TEXT.speak.seconds, { seconds: seconds(data.seconds_expected) })}`}
  </p>`;
}

function Reading({ text, voice }) {
  const [open, set] = useState(false);
  return html`<details onToggle=${(event) => set(event.target.open)}>
    <summary>${TEXT.speak.reading}</summary>
    ${open && html`<${ReadingTable} text=${text} voice=${voice} />`}
  </details>`;
}

function ReadingTable({ text, voice }) {
  const { data, error } = useReading(text, voice);
  if (!data) return error ? html`<${Failed} error=${error} />` : html`<p role="status">${TEXT.loading}</p>`;
  const tokens = data.sentences.flatMap((sentence) => sentence.tokens);
  const changed = tokens.filter((token) => !["pause", "end", "word"].includes(token.kind) || token.words.toLowerCase() !== token.text.toLowerCase());
  const shown = changed.filter((token) => !["pause", "end"].includes(token.kind));
  return html`<p class="spoken">${data.spoken}</p>
    ${shown.length
      ? html`<${Table} label=${TEXT.speak.reading}>
          <thead><tr><th scope="col">${TEXT.speak.written}</th><th scope="col">${TEXT.speak.said}</th><th scope="col">${TEXT.speak.kind}</th></tr></thead>
          <tbody>${shown.map((token) => html`<tr key=${token.text_start}><td>${token.text}</td><td>${token.words}</td><td>${token.kind}</td></tr>`)}</tbody>
        <//>`
      : html`<p>${TEXT.speak.readingSame}</p>`}`;
}

function Files({ request, playback }) {
  const [state, set] = useState({});
  const download = async () => {
    set({ busy: true });
    try {
      const response = await send("POST", "/v1/audio/speech", { body: request });
      saveFile(await bodyOf(response, "blob"), fileName(request.response_format));
      set({});
    } catch (error) {
      set({ error });
    }
  };
  const { marks, request: spoken } = playback;
  const hasSubtitles = marks && marks.length > 0 && !playback.arriving && !playback.error && !playback.previewed;
  const save = (kind) => saveFile(new Blob([subtitles(kind, spoken.input, marks)], { type: "text/plain" }), `speech.${kind}`);
  return html`<div class="row">
      <button type="button" class="quiet" disabled=${state.busy || !request.input.trim()} onClick=${download}>${TEXT.speak.download}</button>
      ${hasSubtitles && ["srt", "vtt"].map((kind) => html`<button type="button" class="quiet" onClick=${() => save(kind)}>${say(TEXT.speak.subtitles, { kind })}</button>`)}
      <span role="status">${state.busy ? TEXT.speak.downloading : ""}</span>
    </div>
    <${Failed} error=${state.error} />`;
}
