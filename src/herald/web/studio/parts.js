// Shared by all views: preact's functions, hooks for requests, and small components.
const { h, render, Fragment } = preact;
const { useState, useEffect, useRef, useMemo, useCallback } = preactHooks;
const html = htm.bind(h);

const dollars = (amount) => say(TEXT.currency, { amount: Number(amount).toLocaleString("en-US", { maximumSignificantDigits: 2 }) });
// A price. Below a cent, the price of a thousand is shown too.
const money = (amount) => (amount > 0 && amount < 0.01 ? say(TEXT.small, { one: dollars(amount), thousand: dollars(amount * 1000) }) : dollars(amount));
const number = (value) => Number(value).toLocaleString("en-US");
// Minutes and seconds, and hours if there are any.
function seconds(value) {
  const two = (part) => String(Math.floor(part)).padStart(2, "0");
  return value < 3600 ? `${Math.floor(value / 60)}:${two(value % 60)}` : `${Math.floor(value / 3600)}:${two((value / 60) % 60)}:${two(value % 60)}`;
}

const moment = (time) => new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });

// State of a view that is kept while the page is open, or until the key is forgotten: what was typed is still there when
// the user comes back from another view.
const drafts = new Map();
function useDraft(name, initial) {
  const [value, set] = useState(drafts.get(name) || initial);
  drafts.set(name, value);
  return [value, set];
}
addEventListener("herald-key", () => account.key || drafts.clear());

// Requests of buttons, one at a time, so that a double click is one request: [act, error].
function useAction(done) {
  const [error, setError] = useState(null);
  const busy = useRef(false);
  const act = (method, path) => async () => {
    if (busy.current) return;
    busy.current = true;
    setError(null);
    await call(method, path).then(done, setError);
    busy.current = false;
  };
  return [act, error];
}

// Load something when `key` changes: { data, error, loading, reload, key }.
function useLoad(load, key) {
  const [state, set] = useState({ loading: true });
  const [turn, again] = useState(0);
  useEffect(() => {
    let current = true;
    // An error stays on screen until the next response: screen readers announce each alert that appears.
    set((before) => ({ ...before, loading: true, error: before.key === key ? before.error : null }));
    load().then(
      (data) => current && set({ data, key }),
      // A request that failed again leaves what was loaded before on screen.
      (error) => current && error.name !== "AbortError" && set((before) => (before.key === key ? { ...before, loading: false, error } : { error, key })),
    );
    return () => (current = false);
  }, [key, turn]);
  return { ...state, reload: () => again((value) => value + 1) };
}

// Return a value once it has not changed for a while; `key` says whether it has changed.
function useSettled(value, milliseconds, key = value) {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), milliseconds);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}

function Failed({ error }) {
  if (!error) return null;
  return html`<div class="failed" role="alert">
    <strong>${TEXT.errorTitle}</strong>
    <p>${error instanceof ApiError ? error.message : String(error.message || error)}</p>
    ${error.status === 401 && html`<p><a href="#/account">${TEXT.account.toAccount}</a></p>`}
    ${error.id && html`<small>${error.code} · ${say(TEXT.errorRequest, { id: error.id })}</small>`}
  </div>`;
}

function Field({ label, hint, children, id }) {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${children}
    ${hint && html`<small id=${`${id}-hint`}>${hint}</small>`}
  </div>`;
}

function Choice({ id, label, value, options, onChange }) {
  return html`<${Field} id=${id} label=${label}>
    <select id=${id} value=${value} onChange=${(event) => onChange(event.target.value)}>
      ${options.map(([key, text]) => html`<option key=${key} value=${key} selected=${key === value}>${text}</option>`)}
    </select>
  <//>`;
}

// Also report a second choice of the same file, which may have changed in the meantime.
function FileInput({ id, accept, onFile, onClear = () => {}, hint = null }) {
  const clear = (event) => {
    event.target.value = "";
    onClear();
  };
  return html`<input id=${id} type="file" accept=${accept} aria-describedby=${hint} onClick=${clear}
    onChange=${(event) => event.target.files.length && onFile(event.target.files[0])} />`;
}

// A table that can be scrolled sideways, also with the keyboard.
function Table({ label, wide = false, children }) {
  return html`<div class="table" role="region" aria-label=${label} tabindex="0"><table class=${wide ? "wide" : null}>${children}</table></div>`;
}

// A button that deletes or cancels when it is pressed again. A double click is one press.
function ConfirmButton({ label, sureLabel, sure, setSure, onConfirm }) {
  const press = (event) => event.detail > 1 || (sure ? onConfirm() : setSure(true));
  return html`<button type="button" class="quiet" onClick=${press} onBlur=${() => setSure(false)}>${sure ? sureLabel : label}</button>`;
}

function Copy({ text }) {
  const [said, set] = useState("");
  useEffect(() => set(""), [text]);
  // Without https, there is no clipboard.
  const copy = () => Promise.resolve().then(() => navigator.clipboard.writeText(text)).then(() => set(TEXT.copied), () => set(TEXT.notCopied));
  return html`<button type="button" class="quiet" onClick=${copy}>${TEXT.copy}</button><span role="status">${said}</span>`;
}

function CopyAs({ snippets }) {
  const names = Object.keys(snippets);
  const [name, choose] = useState(names[0]);
  const code = snippets[name] || snippets[names[0]];
  return html`<details class="copy-as">
    <summary>${TEXT.speak.copyAs}</summary>
    <div class="row">
      ${names.map((one) => html`<label class="chip"><input type="radio" name="copy-as" checked=${one === name} onChange=${() => choose(one)} />${one}</label>`)}
      <${Copy} text=${code} />
    </div>
    <pre tabindex="0" aria-label=${TEXT.speak.copyAs}>${code}</pre>
    <small>${TEXT.speak.copyHint}</small>
  </details>`;
}
