// The client of the API. The key stays in this tab's session storage, and is sent in a header only.
const BASE = location.origin + location.pathname.replace(/\/studio\/?$/, "");
const STREAM = document.querySelector('meta[name="herald-stream"]').content;
const ISSUER = document.querySelector('meta[name="herald-issuer"]').content; // the issuer whose tokens are accepted; empty without one
const KEY = "herald.key";

const account = {
  get key() {
    return sessionStorage.getItem(KEY) || "";
  },
  set key(value) {
    if (value) sessionStorage.setItem(KEY, value);
    else sessionStorage.removeItem(KEY);
    answers.clear();
    window.dispatchEvent(new Event("herald-key"));
  },
};

// Responses that several views use, by path. Forgotten with the key.
const answers = new Map();
// Statuses of API Gateway and Lambda if no function responded.
const BUSY = [429, 502, 503, 504];

class ApiError extends Error {
  constructor(message, { status = 0, code = "", param = null, id = "" } = {}) {
    super(message);
    Object.assign(this, { status, code, param, id });
  }
}

// Whether the same request with the same key would fail again, so that polling ends.
const isFinal = (error) => Boolean(error) && [401, 403, 404].includes(error.status);

async function failure(response) {
  const id = response.headers.get("X-Request-Id") || "";
  const known = await response.json().catch(() => ({}));
  const error = known && typeof known.error === "object" && known.error;
  if (error && ["missing_key", "invalid_key"].includes(error.code)) return new ApiError(TEXT.errorKey, { status: response.status, code: error.code, id });
  if (!error) return new ApiError(say(BUSY.includes(response.status) ? TEXT.errorBusy : TEXT.errorUnreadable, response), { status: response.status, id });
  return new ApiError(error.message, { status: response.status, code: error.code, param: error.param, id });
}

async function send(method, path, { body, raw, type, headers = {}, signal, base = BASE } = {}) {
  const options = {
    method,
    headers: { Authorization: `Bearer ${account.key}`, ...headers },
    signal,
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
  };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  if (raw !== undefined) {
    if (type) options.headers["Content-Type"] = type; // a form has its own
    options.body = raw;
  }
  let response;
  try {
    response = await fetch(base + path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(TEXT.errorNetwork, { code: "network" });
  }
  if (!response.ok) throw await failure(response);
  return response;
}

// Return the body of a response as `kind`, json or blob.
function bodyOf(response, kind) {
  return response[kind]().catch((error) => {
    throw new ApiError(error instanceof SyntaxError ? say(TEXT.errorUnreadable, response) : TEXT.errorNetwork);
  });
}

async function call(method, path, options) {
  const response = await send(method, path, options);
  return response.status === 204 ? null : bodyOf(response, "json");
}

async function cached(path) {
  if (!answers.has(path)) answers.set(path, call("GET", path));
  try {
    return await answers.get(path);
  } catch (error) {
    answers.delete(path);
    throw error;
  }
}

let streams = Boolean(STREAM);

// Send a speech request whose response is a stream of events. It goes to the streaming address if this page can reach it,
// which depends on the deployment's CorsOrigins, and otherwise to the API, which sends all events at once. Its responses are
// limited in size: `whole` has the fields that differ for it.
async function speech(body, whole, signal) {
  if (streams) {
    try {
      return { response: await send("POST", "/v1/audio/speech", { body, signal, base: STREAM }) };
    } catch (error) {
      if (error.code !== "network") throw error;
    }
  }
  const response = await send("POST", "/v1/audio/speech", { body: { ...body, ...whole }, signal });
  streams = false; // the API can be reached, but not the streaming address
  return { response, isWhole: true };
}

// Yield the JSON of the server-sent events of a response.
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw error.name === "AbortError" ? error : new ApiError(TEXT.errorBroken, { code: "broken" });
    });
    if (done) return;
    const parts = (waiting + value).split("\n\n");
    waiting = parts.pop();
    for (const part of parts) if (part.startsWith("data: ")) yield JSON.parse(part.slice(6));
  }
}

function saveFile(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
