// Jobs and campaigns of the tenant, newest first.
function History() {
  return html`<h1 tabindex="-1">${TEXT.history.title}</h1>
    ${account.key ? html`<${Batches} /><${Jobs} /><${CopyAs} snippets=${historySnippets()} />` : html`<${NoKey} />`}`;
}

const historySnippets = () =>
  readingSnippets(["/v1/batches?limit=20", "/v1/jobs?limit=20"], ["batch list", "jobs list"], "list_speech_synthesis_tasks()[\"SynthesisTasks\"]");

// The pages of a list that were requested so far.
function usePages(path) {
  const [pages, setPages] = useState([]);
  const [cursor, setCursor] = useState("");
  const page = useLoad(() => call("GET", `${path}?limit=20${cursor && `&cursor=${encodeURIComponent(cursor)}`}`), cursor);
  useEffect(() => {
    if (page.data) setPages((before) => (cursor ? [...before, page.data.data] : [page.data.data]));
  }, [page.data]);
  const refresh = () => (cursor ? setCursor("") : page.reload());
  return { rows: pages.flat(), more: page.data && page.data.has_more ? () => setCursor(page.data.next_cursor) : null, refresh, error: page.error, loading: page.loading };
}

function List({ title, columns, pages, children }) {
  return html`<div class="row"><h2>${title}</h2><button type="button" class="quiet" onClick=${pages.refresh}>${TEXT.history.refresh}</button></div>
    <${Failed} error=${pages.error} />
    <${Table} label=${title} wide>
      <thead><tr>${columns.map((name) => html`<th scope="col" key=${name}>${name}</th>`)}</tr></thead>
      <tbody>${children}${!pages.rows.length && !pages.error && html`<tr><td colspan=${columns.length}>${pages.loading ? TEXT.loading : TEXT.none}</td></tr>`}</tbody>
    <//>
    ${pages.more && html`<button type="button" class="quiet" onClick=${pages.more}>${TEXT.more}</button>`}`;
}

function Batches() {
  const pages = usePages("/v1/batches");
  const { columns } = TEXT.history;
  return html`<${List} title=${TEXT.history.campaigns} pages=${pages} columns=${[columns.name, columns.at, columns.state, columns.rows, columns.price]}>
    ${pages.rows.map((batch) => html`<tr key=${batch.id}>
      <td><a href=${`#/campaign/${batch.id}`}>${batch.name}</a></td><td>${moment(batch.created_at)}</td><td>${TEXT.campaign.states[batch.state]}</td>
      <td>${say(TEXT.history.ofRows, { done: number(batch.counts.done), rows: number(batch.counts.rows) })}</td><td>${dollars(batch.price)}</td></tr>`)}
  <//>`;
}

function Jobs() {
  const pages = usePages("/v1/jobs");
  const [act, failed] = useAction(pages.refresh);
  const { columns } = TEXT.history;
  return html`<${List} title=${TEXT.history.jobs} pages=${pages} columns=${[columns.at, columns.state, columns.audio, columns.voice, columns.price, columns.route]}>
      ${pages.rows.map((job) => html`<tr key=${job.id}>
        <td>${moment(job.created_at)}<small>${job.use_case}</small></td>
        <td data-state=${job.state}>${TEXT.history.states[job.state] || job.state}${job.error && html`<small>${job.error.message}</small>`}
          ${["accepted", "queued"].includes(job.state) && html`<button type="button" class="quiet" onClick=${act("DELETE", `/v1/jobs/${job.id}`)}>${TEXT.history.cancel}</button>`}
          ${job.state === "failed" && html`<button type="button" class="quiet" onClick=${act("POST", `/v1/jobs/${job.id}/retry`)}>${TEXT.history.retry}</button>`}</td>
        <td>${job.audio_url && html`<${Audio} url=${job.audio_url} label=${job.id} /><small>${leftOf(job.audio_url)}</small>`}</td>
        <td>${job.voice}<small>${say(TEXT.history.characters, { count: number(job.characters) })}</small></td>
        <td>${job.price === null ? say(TEXT.speak.price, { price: dollars(job.price_expected) }) : dollars(job.price)}</td>
        <td>${TEXT.history.routes[job.route] || job.route}<small>${job.reason}</small></td></tr>`)}
    <//>
    <${Failed} error=${failed} />`;
}

// How long a signed link works: S3 writes its start and seconds into it, CloudFront its end.
function leftOf(link) {
  const values = new URL(link).searchParams;
  const written = (values.get("X-Amz-Date") || "").match(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/);
  let end = Number(values.get("Expires")) * 1000;
  if (written) {
    const [year, month, day, hour, minute, second] = written.slice(1).map(Number);
    end = Date.UTC(year, month - 1, day, hour, minute, second) + Number(values.get("X-Amz-Expires")) * 1000;
  }
  return end > 0 ? say(TEXT.history.linkEnds, { at: new Date(end).toLocaleTimeString("en", { timeStyle: "short" }) }) : "";
}
