"""Measures a prepared model: how far its parts reach, and how loud it is."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from herald.errors import UnsupportedVoice
from herald.speech.model import Floats, Model, Reach, Utterance

LEVEL = 0.125
"""Root mean square of the speech that a voice's gain aims at: -18 dB below full scale."""
HEADROOM = 0.89
"""No peak of the measured speech is above this (-1 dB), whatever the level."""
EQUAL_DB = 120.0
"""Signal to noise from which a chunk counts as equal to the one-shot run; 16 bits hold 98 dB."""

_REACHES = (4, 6, 8, 10, 12, 16, 20, 24, 28, 32, 40, 48, 64, 96)
_CHUNK = 32
_PAUSE = 0.02
"""Part of the highest peak under which a sample belongs to a pause, and says nothing of the level."""


@dataclass(frozen=True, kw_only=True)
class Measures:
    """What was found of a model: how far it reaches, the factor for its samples, and how many make a frame."""

    reach: Reach
    gain: float
    hop: int


def measure(model: Model, spoken: list[Utterance]) -> Measures:
    """Measure a model by utterances that it encoded."""
    prior, speaker = np.concatenate([one.prior for one in spoken], axis=2), spoken[0].speaker
    latent = model.latent(prior, speaker)
    samples = model.samples(latent, speaker)
    reach = Reach(
        flow=_reach(lambda x: model.latent(x, speaker), prior, latent),
        decoder=_reach(lambda x: model.samples(x, speaker)[None, None, :], latent, samples[None, None, :]),
    )
    return Measures(reach=reach, gain=_gain(samples), hop=len(samples) // prior.shape[2])


def _reach(run: Callable[[Floats], Floats], given: Floats, whole: Floats) -> int:
    """The least context with which a chunk from the middle equals the same frames of the whole."""
    frames = given.shape[2]
    hop = whole.shape[2] // frames
    start = frames // 2 - _CHUNK // 2
    kept = whole[:, :, start * hop : (start + _CHUNK) * hop]
    for reach in _REACHES:
        made = run(given[:, :, max(0, start - reach) : start + _CHUNK + reach])
        before = min(start, reach) * hop
        if signal_to_noise(kept, made[:, :, before : before + _CHUNK * hop]) >= EQUAL_DB:
            return reach
    raise UnsupportedVoice(f"A part of this voice reaches over more than {_REACHES[-1]} frames; it cannot be streamed.")


def signal_to_noise(signal: Floats, other: Floats) -> float:
    """Power of a signal over the power of its difference to another, in dB; infinite where they are equal."""
    noise = float(np.sum(np.square(signal - other, dtype=np.float64)))
    power = float(np.sum(np.square(signal, dtype=np.float64)))
    return 10 * float(np.log10(power / noise)) if noise else float("inf")


def _gain(samples: Floats) -> float:
    peak = float(np.abs(samples).max())
    speech = samples[np.abs(samples) > _PAUSE * peak]
    level = float(np.sqrt(np.mean(np.square(speech, dtype=np.float64))))
    return min(LEVEL / level, HEADROOM / peak)
