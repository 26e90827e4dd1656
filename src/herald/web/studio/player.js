// A player of samples that arrive in parts. It starts with the first part, and can seek in all that have arrived.
class Player {
  constructor(rate, changed) {
    this.rate = rate;
    this.changed = changed;
    this.context = new AudioContext({ sampleRate: rate });
    this.parts = [];
    this.length = 0; // seconds that have arrived
    this.complete = false;
    this.sources = new Set();
    this.state = "starting";
  }

  // The position in seconds.
  get time() {
    if (this.state === "ended") return this.length;
    if (this.origin === undefined) return 0;
    return Math.min(this.length, Math.max(0, this.context.currentTime - this.origin));
  }

  add(samples) {
    if (!samples.length || this.state === "closed") return;
    const part = { samples, at: this.length };
    this.parts.push(part);
    this.length += samples.length / this.rate;
    if (this.origin === undefined) this.origin = this.context.currentTime + 0.05;
    if (this.state === "starting") this.to("playing");
    this.schedule(part, part.at);
  }

  // Add a file, given as parts in base64 that have all arrived.
  async addFile(parts) {
    const bytes = Uint8Array.from(parts.map((part) => atob(part)).join(""), (one) => one.charCodeAt(0));
    this.add((await this.context.decodeAudioData(bytes.buffer)).getChannelData(0));
  }

  finish() {
    this.complete = true;
    if (!this.sources.size && this.state === "playing") this.to("ended");
  }

  // Stop as if it had ended: it can be played again from any position.
  end() {
    this.silence();
    this.to("ended");
  }

  seek(seconds) {
    this.silence();
    this.origin = this.context.currentTime - seconds;
    for (const part of this.parts) {
      if (part.at + part.samples.length / this.rate > seconds) this.schedule(part, Math.max(part.at, seconds));
    }
    this.resume();
  }

  pause() {
    if (this.state !== "playing") return;
    this.context.suspend();
    this.to("paused");
  }

  resume() {
    this.context.resume();
    if (this.state !== "closed") this.to("playing");
  }

  close() {
    this.silence();
    if (this.state === "closed") return;
    this.to("closed");
    this.context.close();
  }

  // Play a part from a position. If it arrived too late, everything after it moves.
  schedule(part, from) {
    const now = this.context.currentTime;
    if (this.origin + from < now) this.origin = now - from;
    const buffer = this.context.createBuffer(1, part.samples.length, this.rate);
    buffer.copyToChannel(part.samples, 0);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    source.onended = () => {
      this.sources.delete(source);
      if (this.complete && !this.sources.size && this.state === "playing") this.to("ended");
    };
    this.sources.add(source);
    source.start(this.origin + from, from - part.at);
  }

  silence() {
    for (const source of this.sources) {
      source.onended = null;
      source.stop();
    }
    this.sources.clear();
  }

  to(state) {
    this.state = state;
    this.changed(state);
  }
}

// How each encoding of a stream becomes samples, and the bytes of one sample.
const DECODERS = {
  pcm: { size: 2, decode: (view, at) => view.getInt16(at, true) / 32768 },
  ulaw: { size: 1, decode: (view, at) => fromUlaw(view.getUint8(at)) },
  alaw: { size: 1, decode: (view, at) => fromAlaw(view.getUint8(at)) },
};

// ITU-T G.711
function fromUlaw(byte) {
  const value = ~byte & 0xff;
  const size = (((value & 0x0f) << 3) + 0x84) << ((value & 0x70) >> 4);
  return (value & 0x80 ? 0x84 - size : size - 0x84) / 32768;
}

function fromAlaw(byte) {
  const value = byte ^ 0x55;
  const exponent = (value & 0x70) >> 4;
  const mantissa = ((value & 0x0f) << 4) + 8;
  const size = exponent ? (mantissa + 0x100) << (exponent - 1) : mantissa;
  return (value & 0x80 ? size : -size) / 32768;
}

// Return a function that decodes base64 into samples; a sample may be split between calls.
function decoder(encoding) {
  const { size, decode } = DECODERS[encoding];
  let rest = new Uint8Array(0);
  return (text) => {
    const raw = atob(text);
    const bytes = new Uint8Array(rest.length + raw.length);
    bytes.set(rest);
    for (let at = 0; at < raw.length; at += 1) bytes[rest.length + at] = raw.charCodeAt(at);
    const count = Math.floor(bytes.length / size);
    rest = bytes.slice(count * size);
    const view = new DataView(bytes.buffer);
    return Float32Array.from({ length: count }, (_, at) => decode(view, at * size));
  };
}

// How a file format is played: as the same bytes where a phone line would be heard, else as plain samples.
function heardAs(format) {
  if (format === "wav_ulaw" || format === "wav_alaw") return { response_format: format.slice(4), rate: 8000 };
  return { response_format: "pcm", rate: 24000 };
}

// Speak a request into a player; `onMarks` gets all marks that have arrived.
async function stream(request, player, onMarks, signal) {
  const { response_format } = heardAs(request.response_format);
  const body = { ...request, response_format, stream_format: "sse", marks: true, offsets: "utf16" };
  delete body.sample_rate;
  const { response, isWhole } = await speech(body, response_format === "pcm" ? { response_format: "mp3" } : {}, signal);
  const decode = decoder(response_format);
  const file = isWhole && response_format === "pcm" ? [] : null; // the parts of an MP3
  let marks = [];
  let done = false;
  for await (const event of events(response)) {
    if (event.type === "herald.speech.marks") onMarks((marks = [...marks, ...event.marks]));
    else if (event.type === "speech.audio.delta") file ? file.push(event.audio) : player.add(decode(event.audio));
    else if (event.type === "speech.audio.done") done = true;
    else if (event.type === "error") throw new ApiError(event.error.message, event.error);
  }
  if (!done) throw new ApiError(TEXT.errorBroken, { code: "broken" });
  if (file) await player.addFile(file);
  player.finish();
  return { marks, price: response.headers.get("X-Herald-Price") };
}
