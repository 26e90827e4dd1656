// Sends what the microphone records to the page, in blocks of samples. It runs in the audio thread.
class HeraldRecorder extends AudioWorkletProcessor {
  process([[samples]]) {
    if (samples) this.port.postMessage(samples.slice());
    return true;
  }
}

registerProcessor("herald-recorder", HeraldRecorder);
