// A dialogue: lines, each with a voice. It is one SSML document, so it is spoken, priced and copied like any other text.
const MOST_LINES = 50;
const MOST_VOICES = 4;

const xmlEscaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

function dialogueOf(lines) {
  const spoken = lines.filter((line) => line.text.trim());
  const elements = spoken.map((line) => `<voice name="${xmlEscaped(line.voice)}">${xmlEscaped(line.text.trim())}</voice>`);
  return spoken.length ? `<speak>${elements.join("\n")}</speak>` : "";
}

const textOf = (lines) => lines.map((line) => line.text).join("\n").trim();

// The job of a dialogue, which can name voices that do not speak in real time.
function dialogueJob({ input: _, voice: __, ...settings }, lines) {
  const spoken = lines.filter((line) => line.text.trim());
  return { dialogue: spoken.map((line) => ({ input: line.text.trim(), voice: line.voice })), ...settings };
}

const voicesOf = (lines) => new Set(lines.filter((line) => line.text.trim()).map((line) => line.voice));

// The initial dialogue: the text, and a reply in another voice, of the same language if possible.
function firstLines(text, voice, voices) {
  const known = voices.find((one) => one.id === voice);
  const language = known && known.language;
  const others = voices.filter((one) => one.id !== voice);
  const other = others.find((one) => one.language === language) || others[0];
  return [{ id: 1, voice, text }, { id: 2, voice: other ? other.id : voice, text: "" }];
}

function Dialogue({ lines, options, change, onPlay, onEnd }) {
  const focused = useRef(0);
  const set = (id, field) => (value) => change(lines.map((line) => (line.id === id ? { ...line, [field]: value } : line)));
  const add = () => {
    const last = lines[lines.length - 1];
    const before = lines[lines.length - 2];
    focused.current = last.id + 1;
    change([...lines, { id: last.id + 1, voice: (before || last).voice, text: "" }]);
  };
  const remove = (id) => {
    const at = lines.findIndex((line) => line.id === id);
    const left = lines.filter((line) => line.id !== id);
    focused.current = left[Math.max(0, at - 1)].id;
    change(left);
  };
  const focusNew = (line) => (area) => {
    if (!area || focused.current !== line.id) return;
    focused.current = 0;
    area.focus();
  };
  return html`<ol class="lines">
      ${lines.map((line, index) => html`<li key=${line.id}>
        <fieldset>
          <legend>${say(TEXT.speak.line, { line: index + 1 })}</legend>
          <div class="line">
          <${Choice} id=${`voice-${line.id}`} label=${TEXT.speak.voice} value=${line.voice} options=${options} onChange=${set(line.id, "voice")} />
          <${Field} id=${`line-${line.id}`} label=${TEXT.speak.text}>
            <textarea id=${`line-${line.id}`} rows="2" ref=${focusNew(line)} value=${line.text} onInput=${(event) => set(line.id, "text")(event.target.value)}></textarea>
          <//>
          <div class="row">
            <button type="button" class="quiet" disabled=${!line.text.trim() || isCustom(line.voice)} aria-label=${say(TEXT.speak.playLine, { line: index + 1 })} onClick=${() => onPlay(line)}>▶</button>
            <button type="button" class="quiet" disabled=${lines.length < 2} aria-label=${say(TEXT.speak.removeLine, { line: index + 1 })} onClick=${() => remove(line.id)}>${TEXT.speak.remove}</button>
          </div>
          </div>
        </fieldset></li>`)}
    </ol>
    <div class="row"><button type="button" class="quiet" disabled=${lines.length >= MOST_LINES} onClick=${add}>${TEXT.speak.addLine}</button>
      <button type="button" class="quiet" onClick=${onEnd}>${TEXT.speak.one}</button></div>
    ${voicesOf(lines).size > MOST_VOICES && html`<p class="bad" role="alert">${say(TEXT.speak.tooManyVoices, { most: MOST_VOICES })}</p>`}`;
}
