// A campaign in progress or ended: counts, price, rows and actions.
const RUNNING = ["created", "planning", "speaking"];
const POLL = 1500; // milliseconds
const POLL_AFTER_ERROR = 6000;

function Progress({ id }) {
  const batch = useLoad(() => call("GET", `/v1/batches/${id}`), id);
  const { data } = batch;
  const running = data && (RUNNING.includes(data.state) || (data.begun_at && !data.report)); // a campaign that never started has no report
  useEffect(() => {
    if (!running || batch.loading || isFinal(batch.error)) return undefined;
    const timer = setTimeout(batch.reload, batch.error ? POLL_AFTER_ERROR : POLL);
    return () => clearTimeout(timer);
  }, [data, running, batch.loading, batch.error]);
  const [act, failed] = useAction(batch.reload);
  const [sure, setSure] = useState(false);
  if (!data) return html`<h1 tabindex="-1">${TEXT.campaign.title}</h1>${batch.error ? html`<${Failed} error=${batch.error} />` : html`<p role="status">${TEXT.loading}</p>`}`;
  const { counts } = data;
  const shown = ["rows", "done", "waiting", "row_errors", "failed", "cancelled"];
  return html`<h1 tabindex="-1">${data.name}</h1>
    <p role="status" data-state=${data.state}>${TEXT.campaign.states[data.state]}${running && data.expected_end ? ` · ${say(TEXT.campaign.expected, { at: moment(data.expected_end) })}` : ""}</p>
    <progress max="1" value=${data.progress} aria-label=${TEXT.campaign.progress}></progress>
    <dl>
      ${shown.map((name) => html`<div key=${name}><dt>${TEXT.campaign.counts[name]}</dt><dd data-count=${name}>${number(counts[name])}</dd></div>`)}
      <div><dt>${TEXT.campaign.soFar}</dt><dd>${dollars(data.price)}</dd></div>
      ${data.deadline && html`<div><dt>${TEXT.campaign.deadline}</dt><dd>${moment(data.deadline)} · ${data.sla.reason}</dd></div>`}
    </dl>
    ${data.error && html`<${Failed} error=${new ApiError(data.error.message)} />`}
    <${Failed} error=${failed || batch.error} />
    <div class="row">
      ${RUNNING.includes(data.state) && html`<${ConfirmButton} label=${TEXT.campaign.cancel} sureLabel=${TEXT.campaign.sure} sure=${sure} setSure=${setSure} onConfirm=${act("DELETE", `/v1/batches/${id}`)} />`}
      ${["done", "failed"].includes(data.state) && counts.failed + counts.cancelled > 0 && html`<button type="button" class="quiet" onClick=${act("POST", `/v1/batches/${id}/redrive`)}>${TEXT.campaign.redrive}</button>`}
      ${data.report && html`<a class="button" href=${data.report.csv_url} rel="noreferrer">${TEXT.campaign.report}</a>`}
      ${data.report && counts.done > 0 && html`<${Zip} batch=${data} />`}
      <a href="#/campaign">${TEXT.campaign.another}</a>
    </div>
    ${sure && RUNNING.includes(data.state) && html`<p role="status">${TEXT.campaign.cancels}</p>`}
    <${Rows} id=${id} version=${`${data.state} ${counts.done} ${counts.failed}`} />
    <${CopyAs} snippets=${readingSnippets([`/v1/batches/${id}`, `/v1/batches/${id}/items`], [`batch status -- ${shellQuoted(id)}`, `batch items -- ${shellQuoted(id)}`])} />`;
}

const MOST_PAGES = 20;

// The first rows in a state. A page covers a part of the batch and may have none of them.
async function rowsOf(id, state, limit) {
  const data = [];
  let cursor = "";
  for (let pages = 0; pages < MOST_PAGES && data.length < limit && cursor !== null; pages += 1) {
    const after = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const page = await call("GET", `/v1/batches/${id}/items?limit=${limit - data.length}${state && `&state=${state}`}${after}`);
    data.push(...page.data);
    cursor = page.next_cursor;
  }
  return { data, has_more: cursor !== null };
}

function Rows({ id, version }) {
  const [state, setState] = useState("");
  const [limit, setLimit] = useState(20);
  const settled = useSettled(version, 1000);
  const rows = useLoad(() => rowsOf(id, state, limit), `${id} ${state} ${limit} ${settled}`);
  const kinds = ["done", "row_error", "failed", "cancelled"].map((name) => [name, TEXT.campaign.itemStates[name]]);
  return html`<h2>${TEXT.campaign.rows}</h2>
    <${Choice} id="rows" label=${TEXT.campaign.show} value=${state} options=${[["", TEXT.speak.any], ...kinds]} onChange=${setState} />
    <${Failed} error=${rows.error} />
    ${rows.data && html`<${Table} label=${TEXT.campaign.rows}>
      <thead><tr><th scope="col">${TEXT.campaign.line}</th><th scope="col">${TEXT.campaign.id}</th><th scope="col">${TEXT.campaign.state}</th><th scope="col">${TEXT.campaign.audio}</th></tr></thead>
      <tbody>${rows.data.data.map((row) => html`<tr key=${row.line}><td>${row.line}</td><td>${row.id}</td>
        <td>${TEXT.campaign.itemStates[row.state]}${row.error && html`<small>${row.error.message}</small>`}</td>
        <td>${row.audio_url && html`<${Audio} url=${row.audio_url} label=${row.id || row.line} />`}
          ${row.archive_url && html`<a href=${row.archive_url} rel="noreferrer">${row.member} (zip)</a>`}</td></tr>`)}
        ${!rows.data.data.length && html`<tr><td colspan="4">${TEXT.none}</td></tr>`}</tbody>
    <//>
    ${rows.data.has_more && limit < 1000 && html`<button type="button" class="quiet" onClick=${() => setLimit(Math.min(1000, limit * 5))}>${TEXT.more}</button>`}`}`;
}

// A file that is stored. It is loaded when it is played.
function Audio({ url, label }) {
  const player = useRef(null);
  const source = useRef(url);
  // Each response has new links to the same files. While a file is played, a new link would stop it.
  const { paused, currentTime, ended } = player.current || { paused: true };
  if (paused && (!currentTime || ended)) source.current = url;
  return html`<span class="file"><audio controls preload="none" ref=${player} src=${source.current} aria-label=${say(TEXT.listen, { name: label })}></audio>
    ${" "}<a href=${url} rel="noreferrer" aria-label=${say(TEXT.save, { name: label })}>↓</a></span>`;
}

const MOST_ZIPPED = 1000; // files; a browser keeps the archive in memory

function Zip({ batch }) {
  const [state, set] = useState({});
  const collect = async () => {
    try {
      const files = [];
      const names = new Set();
      let cursor = "";
      let archive = { url: "", bytes: null }; // the last one: rows of an archive follow each other
      const loaded = async (url) => {
        const response = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
        if (!response.ok) throw new ApiError(say(TEXT.errorUnreadable, { status: response.status }));
        return new Uint8Array(await response.arrayBuffer());
      };
      do {
        const page = await call("GET", `/v1/batches/${batch.id}/items?state=done&limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
        for (const row of page.data) {
          const place = row.archive_url && new URL(row.archive_url).pathname;
          if (place && archive.url !== place) archive = { url: place, bytes: await loaded(row.archive_url) };
          const bytes = place ? fileOf(archive.bytes, row.member) : await loaded(row.audio_url);
          if (!bytes) throw new ApiError(say(TEXT.campaign.notInArchive, { name: row.member }));
          const title = safeName(row.id || row.line);
          // Different ids can have the same safe name, and most computers ignore case in names.
          const name = names.has(title.toLowerCase()) ? `${title} (${row.line})` : title;
          names.add(title.toLowerCase());
          files.push({ name: `${name}.${(row.member || new URL(row.audio_url).pathname).split(".").pop()}`, bytes });
          set({ busy: say(TEXT.campaign.zipping, { count: number(files.length), all: number(batch.counts.done) }) });
        }
        cursor = page.next_cursor || "";
      } while (cursor);
      saveFile(zip(files), `${safeName(batch.name)}.zip`);
      set({});
    } catch (error) {
      set({ error: error instanceof ApiError ? error : new ApiError(TEXT.errorNetwork) });
    }
  };
  if (batch.counts.done > MOST_ZIPPED) return html`<span>${say(TEXT.campaign.tooManyToZip, { most: number(MOST_ZIPPED) })}</span>`;
  return html`<button type="button" class="quiet" disabled=${Boolean(state.busy)} onClick=${collect}>${TEXT.campaign.zip}</button>
    <span role="status">${state.busy || ""}</span><${Failed} error=${state.error} />`;
}
