"""A speaker encoder that no part of Herald uses: Resemblyzer's (Apache-2.0), without torch.

It judges matched voices independently of the encoder that they are fitted with.
"""

import pickle
from collections import OrderedDict
from pathlib import Path

import numpy as np

from herald.speech.recordings.recognizers import mel_filters

WINDOW, HOP, FRAMES, STEP = 400, 160, 160, 77
"""Samples of a spectrum and between two; spectra of a vector, and between two."""
LAYERS, HIDDEN = 3, 256
LEVEL = 10 ** (-30 / 20)
PAUSE_BELOW = 30
"""dB below loud frames, from which on frames are pauses. Resemblyzer finds them with webrtcvad."""


class SecondEncoder:
    """Returns vectors of speakers, of length 1."""

    def __init__(self, weights: Path) -> None:
        self.weights = read_weights(weights)
        self.filters = mel_filters(WINDOW)

    def vector(self, samples):
        """Return the mean of the vectors of windows of 1.6 s of mono samples with RATE."""
        spectra = self.spectra(without_pauses(samples * max(1, LEVEL / np.sqrt(np.mean(samples**2)))))
        starts = list(range(0, max(1, len(spectra) - FRAMES + STEP + 1), STEP))
        if len(starts) > 1 and len(spectra) - starts[-1] < 0.75 * FRAMES:
            starts.pop()
        padded = np.pad(spectra, ((0, max(0, starts[-1] + FRAMES - len(spectra))), (0, 0)))
        vectors = self.encoded(np.stack([padded[start : start + FRAMES] for start in starts]))
        mean = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).mean(axis=0)
        return mean / np.linalg.norm(mean)

    def spectra(self, samples):
        padded = np.pad(samples, WINDOW // 2)
        frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
        power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW + 1)[:-1])) ** 2
        return (power @ self.filters.T).astype(np.float32)

    def encoded(self, values):
        """Return the last output of three layers of LSTM, through a linear one."""
        for layer in range(LAYERS):
            inner, outer = (np.ascontiguousarray(self.weights[f"lstm.weight_{one}_l{layer}"].T) for one in ("ih", "hh"))
            driven = values @ inner + self.weights[f"lstm.bias_ih_l{layer}"] + self.weights[f"lstm.bias_hh_l{layer}"]
            hidden = cell = np.zeros((len(values), HIDDEN), np.float32)
            outputs = []
            for step in range(values.shape[1]):
                gates = driven[:, step] + hidden @ outer
                enter, keep, new, leave = np.split(gates, 4, axis=1)
                cell = sigmoid(keep) * cell + sigmoid(enter) * np.tanh(new)
                hidden = sigmoid(leave) * np.tanh(cell)
                outputs.append(hidden)
            values = np.stack(outputs, axis=1)
        return np.maximum(0, values[:, -1] @ self.weights["linear.weight"].T + self.weights["linear.bias"])


def sigmoid(values):
    return 0.5 * (1 + np.tanh(values / 2))


def without_pauses(samples, frame=480):
    whole = samples[: len(samples) // frame * frame]
    levels = 10 * np.log10(np.square(whole.reshape(-1, frame)).mean(axis=1) + 1e-10)
    spoken = np.convolve(levels > np.percentile(levels, 95) - PAUSE_BELOW, np.ones(9), "same") > 0
    return whole[np.repeat(spoken, frame)]


class Storage:
    """The values of tensors, which follow the pickle."""

    values: np.ndarray


class TensorReader(pickle.Unpickler):
    """Reads torch's first format, with nothing but numbers and tensors in it."""

    def __init__(self, file) -> None:
        super().__init__(file)
        self.storages = {}

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if name == "_rebuild_tensor_v2":
            return lambda storage, offset, shape, *_: (storage, offset, shape)
        if module == "torch" and name.endswith("Storage"):
            return name
        raise pickle.UnpicklingError(f"{module}.{name}")

    def persistent_load(self, place):
        return self.storages.setdefault(place[2], Storage())


def read_weights(path):
    """Return the tensors of a model by name."""
    with path.open("rb") as file:
        for _ in range(3):  # a magic number, a version and the sizes of types
            TensorReader(file).load()
        reader = TensorReader(file)
        state = reader.load()["model_state"]
        for key in TensorReader(file).load():
            size = int.from_bytes(file.read(8), "little")
            reader.storages[key].values = np.frombuffer(file.read(4 * size), "<f4")
    return {
        name: storage.values[offset : offset + int(np.prod(shape))].reshape(shape)
        for name, (storage, offset, shape) in state.items()
        if name.startswith(("lstm.", "linear."))
    }
