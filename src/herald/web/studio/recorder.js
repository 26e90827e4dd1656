// Recordings of a microphone or a file, as WAV: mono, 16 bits, with the rate that voices have. The API decodes no other
// format that browsers record.
const RECORDING_RATE = 24_000;
const RECORDER = document.querySelector('meta[name="herald-recorder"]').content;
const REFUSED_BY_BROWSER = { NotAllowedError: "notAllowed", NotFoundError: "noMicrophone", NotReadableError: "busyMicrophone" };

class Recorder {
  // Begin to record. `onLevel` gets the peak of each block of samples, from 0 to 1.
  async start(onLevel) {
    if (!navigator.mediaDevices) throw new ApiError(TEXT.voices.insecure);
    // Processing that improves calls would change the voice.
    const audio = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    try {
      this.microphone = await navigator.mediaDevices.getUserMedia({ audio });
    } catch (error) {
      throw new ApiError(TEXT.voices[REFUSED_BY_BROWSER[error.name]] || error.message);
    }
    if (this.closed) return this.close(); // the view was left while the browser asked
    this.context = new AudioContext();
    await this.context.audioWorklet.addModule(RECORDER);
    if (this.closed) return undefined;
    this.parts = [];
    const node = new AudioWorkletNode(this.context, "herald-recorder");
    node.port.onmessage = ({ data }) => {
      this.parts.push(data);
      onLevel(peakOf(data));
    };
    this.context.createMediaStreamSource(this.microphone).connect(node).connect(this.context.destination); // the node outputs silence
  }

  close() {
    this.closed = true;
    if (this.microphone) this.microphone.getTracks().forEach((track) => track.stop());
    if (this.context && this.context.state !== "closed") this.context.close();
  }

  // End, and return the recording.
  async stop() {
    this.close();
    const length = this.parts.reduce((sum, part) => sum + part.length, 0);
    if (!length) throw new ApiError(TEXT.voices.nothing);
    const offline = new OfflineAudioContext(1, Math.ceil((length * RECORDING_RATE) / this.context.sampleRate), RECORDING_RATE);
    const buffer = offline.createBuffer(1, length, this.context.sampleRate);
    let at = 0;
    for (const part of this.parts) {
      buffer.copyToChannel(part, 0, at);
      at += part.length;
    }
    return recordingOf(await rendered(offline, buffer));
  }
}

// Return the recording in a file that the browser can decode.
async function recordingIn(file) {
  try {
    const decoded = await new OfflineAudioContext(1, 1, RECORDING_RATE).decodeAudioData(await file.arrayBuffer());
    return recordingOf(await rendered(new OfflineAudioContext(1, decoded.length, RECORDING_RATE), decoded));
  } catch {
    throw new ApiError(say(TEXT.voices.unreadable, { name: file.name }));
  }
}

// Return samples as one channel with the rate of the context.
async function rendered(offline, buffer) {
  const source = offline.createBufferSource();
  source.buffer = buffer;
  source.connect(offline.destination);
  source.start();
  return (await offline.startRendering()).getChannelData(0);
}

const peakOf = (samples) => samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);

function recordingOf(samples) {
  const blob = wavOf(samples);
  return { blob, url: URL.createObjectURL(blob), seconds: samples.length / RECORDING_RATE, peak: peakOf(samples) };
}

function wavOf(samples) {
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const write = (at, text) => [...text].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  write(0, "RIFF");
  view.setUint32(4, 36 + 2 * samples.length, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of the format
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, RECORDING_RATE, true);
  view.setUint32(28, 2 * RECORDING_RATE, true);
  view.setUint16(32, 2, true); // bytes of a sample
  view.setUint16(34, 16, true); // its bits
  write(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((one, index) => view.setInt16(44 + 2 * index, Math.max(-1, Math.min(1, one)) * 32767, true));
  return new Blob([view], { type: "audio/wav" });
}
