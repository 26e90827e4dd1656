// A new campaign: a list, a template with the list's columns, a preview of texts and cost, and the start.
const SAMPLE_BYTES = 900_000; // the API takes 1 MB
const WORKBOOK_BYTES = 1_000_000;

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
}

// Return the bytes of a file or of a part. The browser refuses to read a file that has changed.
async function bytesOf(part) {
  const content = await part.arrayBuffer().catch(() => null);
  if (!content) throw new ApiError(TEXT.campaign.changed);
  return new Uint8Array(content);
}

// A workbook is previewed as a whole, because a part of a compressed file cannot be read.
const isWorkbook = (file) => /\.xlsx$/i.test(file.name);
const isWhole = (file) => file.size <= SAMPLE_BYTES || isWorkbook(file);

// Return the part of a file to preview. The number of rows of a large file is estimated from the lines of the part.
async function sampleOf(file) {
  if (isWorkbook(file) && file.size > WORKBOOK_BYTES) throw new ApiError(TEXT.campaign.largeWorkbook);
  const bytes = await bytesOf(isWhole(file) ? file : file.slice(0, SAMPLE_BYTES));
  const sample = { sample_base64: base64(bytes), is_beginning: !isWhole(file) };
  const lines = bytes.reduce((count, byte) => count + (byte === 10), 0);
  return isWhole(file) ? sample : { ...sample, rows: Math.max(1, Math.round((lines * file.size) / SAMPLE_BYTES)) };
}

// A list can have its own texts, in a column named text.
const templateOf = (text) => (text.trim() ? text : undefined);

// The request for a campaign. `tolerated` is the share of rows, in percent, that may be left out.
function batchOf({ name, template, voice, format, deadline }, tolerated) {
  const batch = { name, template: templateOf(template), voice, response_format: format };
  if (deadline) batch.deadline = new Date(deadline).toISOString();
  if (tolerated) batch.tolerated_failure_percent = tolerated;
  return batch;
}

function Campaign({ rest }) {
  if (!account.key) return html`<h1 tabindex="-1">${TEXT.campaign.title}</h1><${NoKey} />`;
  return rest ? html`<${Progress} key=${rest} id=${rest} />` : html`<${NewCampaign} />`;
}

function NewCampaign() {
  const { voices, error } = useVoices();
  const own = useCustomVoices();
  const [form, setForm] = useDraft("campaign", { name: "", template: "", voice: "", format: "mp3", deadline: "", leaveOut: false });
  const [file, setFile] = useDraft("list", null);
  const change = (name) => (value) => setForm((before) => ({ ...before, [name]: value }));
  const voice = form.voice || (voices && voices.length ? defaultVoice(voices) : "");
  const take = (chosen) => {
    setFile(chosen);
    setForm((before) => ({ ...before, name: before.name || chosen.name.replace(/\.\w+$/, "").slice(0, 128), leaveOut: false }));
  };
  const checked = usePreview(file, { ...form, voice });
  const preview = checked.preview;
  const tolerated = form.leaveOut && preview ? toleratedFor(preview) : 0;
  return html`<h1 tabindex="-1">${TEXT.campaign.title}</h1>
    <${Failed} error=${error} />
    <${Drop} file=${file} onFile=${take} />
    ${file && html`<${Template} form=${form} change=${change} columns=${checked.columns} />`}
    ${file && voices && html`<div class="row">
      <${Choice} id="voice" label=${TEXT.speak.voice} value=${voice} onChange=${change("voice")}
        options=${voiceOptions(voices, own)} />
      <${Choice} id="format" label=${TEXT.speak.format} value=${form.format} onChange=${change("format")}
        options=${FORMATS.map((name) => [name, TEXT.speak.formats[name]])} />
      <${Field} id="deadline" label=${TEXT.campaign.deadline}>
        <input id="deadline" type="datetime-local" value=${form.deadline} onInput=${(event) => change("deadline")(event.target.value)} />
      <//>
      <${Field} id="name" label=${TEXT.campaign.name}>
        <input id="name" maxlength="128" value=${form.name} onInput=${(event) => change("name")(event.target.value)} />
      <//>
    </div>`}
    <p role="status">${checked.loading && file ? TEXT.campaign.checking : ""}</p>
    <${Failed} error=${checked.error} />
    ${file && preview && html`<${Preview} preview=${preview} file=${file} form=${form} change=${change} />`}
    ${file && preview && html`<${Start} file=${file} batch=${batchOf({ ...form, voice }, tolerated)} ready=${checked.isCurrent && canStart(preview, form)} />`}`;
}

const toleratedFor = (preview) => Math.min(100, Math.ceil((100 * preview.row_errors) / preview.rows) + 5);
const canStart = (preview, form) => Boolean(form.name.trim() && preview.estimate && (!preview.row_errors || form.leaveOut) && !preview.error);

// The preview of a file with the current form, loaded when nothing has changed for a moment.
function usePreview(file, form) {
  const keyOf = ({ template, voice, format, leaveOut }) => JSON.stringify([file && [file.name, file.size, file.lastModified], template, voice, format, leaveOut]);
  const settled = useSettled(form, 400, keyOf(form));
  const { template, voice, format, leaveOut } = settled;
  const [known, setKnown] = useState({});
  const load = async () => {
    if (!file || !voice) return null;
    const body = { ...(await sampleOf(file)), voice, response_format: format, template: templateOf(template) };
    if (leaveOut && known.file === file && known.preview.row_errors) body.tolerated_failure_percent = toleratedFor(known.preview);
    const preview = await call("POST", "/v1/batches/preview", { body });
    setKnown({ file, preview });
    return preview;
  };
  const loaded = useLoad(load, keyOf(settled));
  const preview = known.file === file ? loaded.data : null;
  // Whether the preview is that of the current form: a list that is not checked yet cannot be started.
  const isCurrent = loaded.key === keyOf(form) && !loaded.loading && !loaded.error;
  return { ...loaded, preview, isCurrent, columns: known.file === file && known.preview ? known.preview.columns : [] };
}

function Drop({ file, onFile }) {
  const [over, setOver] = useState(false);
  // Without this, the browser would open a file that is dropped beside the field, and leave this page.
  useEffect(() => {
    const ignore = (event) => event.preventDefault();
    ["dragover", "drop"].forEach((name) => addEventListener(name, ignore));
    return () => ["dragover", "drop"].forEach((name) => removeEventListener(name, ignore));
  }, []);
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer.files.length) onFile(event.dataTransfer.files[0]);
  };
  return html`<div class=${over ? "drop over" : "drop"} onDragOver=${(event) => (event.preventDefault(), setOver(true))}
      onDragLeave=${() => setOver(false)} onDrop=${drop}>
    <${Field} id="list" label=${TEXT.campaign.list} hint=${file ? say(TEXT.campaign.chosen, { name: file.name, size: number(Math.ceil(file.size / 1000)) }) : TEXT.campaign.listHint}>
      <${FileInput} id="list" accept=".csv,.jsonl,.ndjson,.tsv,.txt,.xlsx" hint="list-hint" onFile=${onFile} />
    <//>
  </div>`;
}

// The text of every message. A chip inserts its column at the caret.
function Template({ form, change, columns }) {
  const area = useRef(null);
  const insert = (name) => {
    const { selectionStart: from, selectionEnd: to, value } = area.current;
    const field = `{${name}}`;
    change("template")(value.slice(0, from) + field + value.slice(to));
    area.current.focus();
    requestAnimationFrame(() => area.current.setSelectionRange(from + field.length, from + field.length));
  };
  const names = [...new Set(columns.map((column) => column.name).filter((name) => name && !/[{}]/.test(name) && name.length <= 64))];
  return html`<${Field} id="template" label=${TEXT.campaign.template} hint=${TEXT.campaign.templateHint}>
      <textarea id="template" rows="4" ref=${area} aria-describedby="template-hint" value=${form.template}
        onInput=${(event) => change("template")(event.target.value)}></textarea>
    <//>
    <div class="row" role="group" aria-label=${TEXT.campaign.columns}>
      ${names.map((name) => html`<button type="button" class="quiet" key=${name} onClick=${() => insert(name)}>${`{${name}}`}</button>`)}
    </div>`;
}

function Preview({ preview, file, form, change }) {
  const playback = usePlayback();
  const play = (example) => playback.start({ input: example.text, voice: example.voice, response_format: example.response_format });
  const { estimate, error, row_errors: bad } = preview;
  // Do not show these errors while the text is empty, or until the rows with a problem are left out.
  const known = error && (error.code === "missing_column" ? !form.template.trim() : error.code === "too_many_failures" && !form.leaveOut);
  return html`${preview.remarks.length > 0 && html`<ul class="remarks">${preview.remarks.map((remark) => html`<li key=${remark}>${remark}</li>`)}</ul>`}
    ${error && !known && html`<${Failed} error=${new ApiError(error.message)} />`}
    ${preview.examples.length > 0 && html`<h2>${TEXT.campaign.examples}</h2>
      <ul class="examples">${preview.examples.slice(0, 3).map((example) => html`<li key=${example.line}>
        <button type="button" class="quiet" disabled=${isCustom(example.voice)} aria-label=${say(TEXT.campaign.playRow, { id: example.id })} onClick=${() => play(example)}>▶</button>
        <div>${example.text}${example.spoken && example.spoken !== example.text && html`<small>${example.spoken}</small>`}</div></li>`)}</ul>
      ${preview.examples.some((example) => isCustom(example.voice)) && html`<p><small>${TEXT.voices.ownInCampaign}</small></p>`}
      <p role="status" data-state=${playback.state}>${TEXT.speak.status[playback.state] || ""}</p>
      <${Failed} error=${playback.error} />`}
    ${bad > 0 && html`<h2>${say(TEXT.campaign.badRows, { bad: number(bad), rows: number(preview.rows) })}</h2>
      <${Table} label=${TEXT.campaign.reason}>
        <thead><tr><th scope="col">${TEXT.campaign.line}</th><th scope="col">${TEXT.campaign.id}</th><th scope="col">${TEXT.campaign.reason}</th></tr></thead>
        <tbody>${preview.errors.slice(0, 100).map((error) => html`<tr key=${error.line}><td>${error.line}</td><td>${error.id}</td><td>${error.message}</td></tr>`)}</tbody>
      <//>
      <p><label class="chip"><input type="checkbox" checked=${form.leaveOut} onChange=${(event) => change("leaveOut")(event.target.checked)} />
        ${say(TEXT.campaign.leaveOut, { bad: number(bad), rest: number(preview.rows - bad) })}</label></p>`}
    ${estimate && html`<${Estimate} estimate=${estimate} deadline=${form.deadline} beginning=${!isWhole(file)} />`}`;
}

function Estimate({ estimate, deadline, beginning }) {
  const end = new Date(Date.now() + estimate.seconds * 1000);
  const late = deadline && new Date(deadline) < end;
  return html`<h2>${TEXT.campaign.estimate}</h2>
    <dl>
      <div><dt>${TEXT.campaign.messages}</dt><dd>${number(estimate.rows)}${beginning ? ` ${TEXT.campaign.estimated}` : ""}</dd></div>
      <div><dt>${TEXT.campaign.cost}</dt><dd>${say(TEXT.campaign.costs, { price: dollars(estimate.price), one: dollars(estimate.price_per_file) })}</dd></div>
      <div><dt>${TEXT.campaign.audio}</dt><dd>${seconds(estimate.audio_seconds)}</dd></div>
      <div><dt>${TEXT.campaign.takes}</dt><dd class=${late ? "bad" : ""}>${say(late ? TEXT.campaign.late : TEXT.campaign.endsAt, { time: seconds(estimate.seconds), at: moment(end) })}</dd></div>
    </dl>`;
}

function Start({ file, batch, ready }) {
  const [state, set] = useState({});
  const attempt = useRef({});
  const start = async () => {
    set({ busy: true });
    const content = JSON.stringify([batch, file.name, file.size, file.lastModified]);
    // Another attempt continues the same batch: an error does not say whether the batch was created, or even started.
    if (attempt.current.content !== content) attempt.current = { content, key: randomText() };
    try {
      await bytesOf(file.slice(0, 1));
      const created = await call("POST", "/v1/batches", { body: batch, headers: { "Idempotency-Key": attempt.current.key } });
      if (created.upload) {
        await uploadTo(created.upload, file);
        await call("POST", `/v1/batches/${created.id}/start`);
      }
      drafts.delete("campaign");
      drafts.delete("list");
      location.hash = `#/campaign/${created.id}`;
    } catch (error) {
      set({ error });
    }
  };
  return html`<div class="row"><button type="button" disabled=${!ready || state.busy} onClick=${start}>${TEXT.campaign.start}</button>
      <span role="status">${state.busy ? TEXT.campaign.starting : ""}</span></div>
    <${Failed} error=${state.error} />
    <${CopyAs} snippets=${batchSnippets(batch, file.name)} />`;
}

// Send a file with the form that the API returned, to the bucket. The form is the permission; the key is not sent.
async function uploadTo(upload, file) {
  const body = new FormData();
  for (const [name, value] of Object.entries(upload.fields)) body.append(name, value);
  body.append("file", file);
  const sent = await fetch(upload.url, { method: "POST", body, credentials: "omit", referrerPolicy: "no-referrer" }).catch(() => null);
  if (!sent || !sent.ok) throw new ApiError(say(TEXT.campaign.notUploaded, { status: sent ? sent.status : "–" }));
}
