// What every view uses: preact's functions, hooks for requests, and small components.
const { h, render, Fragment } = preact;
const { useState, useEffect, useRef, useMemo, useCallback } = preactHooks;
const html = htm.bind(h);

const dollars = (amount) => say(TEXT.currency, { amount: Number(amount).toLocaleString("en-US", { maximumSignificantDigits: 2 }) });
// A price. Below a cent, the price of a thousand is shown too.
const money = (amount) => (amount > 0 && amount < 0.01 ? say(TEXT.small, { one: dollars(amount), thousand: dollars(amount * 1000) }) : dollars(amount));
const number = (value) => Number(value).toLocaleString("en-US");
const seconds = (value) => `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, "0")}`;

const moment = (time) => new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });

// Load something when `key` changes: { data, error, loading, reload }.
function useLoad(load, key) {
  const [state, set] = useState({ loading: true });
  const [turn, again] = useState(0);
  useEffect(() => {
    let current = true;
    set((before) => ({ ...before, loading: true, error: null }));
    load().then(
      (data) => current && set({ data, key }),
      // A request that failed again leaves what was loaded before on screen.
      (error) => current && error.name !== "AbortError" && set((before) => (before.key === key ? { ...before, loading: false, error } : { error })),
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

function Copy({ text }) {
  const [said, set] = useState("");
  useEffect(() => set(""), [text]);
  const copy = () => navigator.clipboard.writeText(text).then(() => set(TEXT.copied), () => set(TEXT.notCopied));
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
