"""Measure the reach and the loudness of a prepared model, and write its parts and its card."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime

from herald.errors import UnsupportedVoice
from herald.speech.model import Floats, Model, Reach, Utterance, session_options
from herald.speech.phonemes import Phonemes
from herald.speech.voices.catalog import CARD, FORMAT, VoiceInfo

if TYPE_CHECKING:
    from onnx import ModelProto

LEVEL = 0.125
"""Target RMS level of speech after the gain: -18 dBFS."""
HEADROOM = 0.89
"""Maximum peak of the measured speech after the gain: -1 dBFS."""
EQUAL_DB = 120.0
"""Signal-to-noise ratio from which a chunk counts as equal to the one-shot run; 16 bits have 98 dB."""

_REACHES = (4, 6, 8, 10, 12, 16, 20, 24, 28, 32, 40, 48, 64, 96)
_CHUNK = 32
_PAUSE = 0.02
"""Fraction of the highest peak below which samples count as pauses and are excluded from the level."""


@dataclass(frozen=True, kw_only=True)
class Measures:
    """Measured properties of a model; `gain` is the factor for its samples, `hop` the samples per frame."""

    reach: Reach
    gain: float
    hop: int


def measure(model: Model, spoken: list[Utterance]) -> Measures:
    """Measure a model with utterances that it encoded."""
    prior, speaker = np.concatenate([utterance.prior for utterance in spoken], axis=2), spoken[0].speaker
    latent = model.latent(prior, speaker)
    samples = model.samples(latent, speaker)
    reach = Reach(
        flow=_reach(lambda x: model.latent(x, speaker), prior, latent),
        decoder=_reach(lambda x: model.samples(x, speaker)[None, None, :], latent, samples[None, None, :]),
    )
    return Measures(reach=reach, gain=gain_for(samples), hop=len(samples) // prior.shape[2])


def _reach(run: Callable[[Floats], Floats], source: Floats, complete: Floats) -> int:
    """Return the smallest context in frames with which a chunk from the middle equals the one-shot run."""
    frames = source.shape[2]
    hop = complete.shape[2] // frames
    start = frames // 2 - _CHUNK // 2
    expected = complete[:, :, start * hop : (start + _CHUNK) * hop]
    for reach in _REACHES:
        chunk = run(source[:, :, max(0, start - reach) : start + _CHUNK + reach])
        before = min(start, reach) * hop
        if signal_to_noise(expected, chunk[:, :, before : before + _CHUNK * hop]) >= EQUAL_DB:
            return reach
    raise UnsupportedVoice(f"The reach of this voice exceeds {_REACHES[-1]} frames; it cannot be streamed.")


def signal_to_noise(signal: Floats, other: Floats) -> float:
    """Return the power of a signal over that of its difference from another, in dB; infinite if they are equal."""
    noise = float(np.sum(np.square(signal - other, dtype=np.float64)))
    power = float(np.sum(np.square(signal, dtype=np.float64)))
    return 10 * float(np.log10(power / noise)) if noise else float("inf")


def gain_for(samples: Floats) -> float:
    """Return the factor that gives speech the target level."""
    peak = float(np.abs(samples).max())
    speech = samples[np.abs(samples) > _PAUSE * peak]
    level = float(np.sqrt(np.mean(np.square(speech, dtype=np.float64))))
    return min(LEVEL / level, HEADROOM / peak)


def save_part(name: str, part: "ModelProto", folder: Path) -> None:
    """Optimize a part of a model, and save it with its weights in a separate file."""
    options = session_options(threads=1)
    # The "extended" level is independent of the processor; the layout optimizations run when the voice is loaded.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(folder / f"{name}.onnx")
    # Weights in a separate file are memory-mapped instead of read and copied.
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", f"{name}.weights")
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
    onnxruntime.InferenceSession(part.SerializeToString(), options, ["CPUExecutionProvider"])


def write_card(folder: Path, info: VoiceInfo, phonemes: Phonemes, **rest: Any) -> None:  # noqa: ANN401  JSON
    """Write the card of a voice whose parts are in `folder`, with their checksums."""
    card = {
        "format": FORMAT,
        "voice": {key: value for key, value in asdict(info).items() if key not in {"path", "known_checksum"}},
        "phonemes": {key: value for key, value in asdict(phonemes).items() if key not in {"folder", "language"}},
        **rest,
        "checksums": {part.name: hashlib.sha256(part.read_bytes()).hexdigest() for part in sorted(folder.iterdir())},
    }
    (folder / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
