// Speak a text as a job: submit it, then poll it until it has ended.
const JOB_POLLED = 2000; // milliseconds
const ENDED = ["done", "failed", "cancelled"];

function useJob() {
  const [shown, set] = useState({});
  const { job, error } = shown;
  const look = (found) => call("GET", `/v1/jobs/${found.id}`).then((job) => set({ job }), (error) => set({ job: found, error }));
  useEffect(() => {
    const timer = job && !ENDED.includes(job.state) && !isFinal(error) && setTimeout(() => look(job), JOB_POLLED);
    return () => clearTimeout(timer);
  }, [job, error]);
  const start = (request) => {
    set({ busy: true });
    call("POST", "/v1/jobs", { body: request }).then((job) => set({ job }), (error) => set({ error }));
  };
  return { ...shown, start };
}

function JobControls({ job: { job, busy, error }, ready }) {
  const running = busy || (job && !ENDED.includes(job.state));
  return html`<div class="row controls">
      <button type="submit" disabled=${!ready || running}>${TEXT.speak.speakAsJob}</button>
      <span role="status" data-state=${job ? job.state : ""}>${job ? TEXT.history.states[job.state] || job.state : ""}</span>
      ${job && job.price && html`<span>${say(TEXT.speak.cost, { price: money(job.price) })}</span>`}
    </div>
    <${Failed} error=${error || (job && job.error && new ApiError(job.error.message))} />
    ${job && job.audio_url && html`<p><${Audio} url=${job.audio_url} label=${TEXT.speak.text} /></p>`}`;
}
