"""Choose the mix of speakers, and its pitch, whose speaker vectors are closest to a target.

No audio is synthesized: the vectors of a mix are predicted from those of its speakers. Deterministic.
"""

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np

from herald.speech.model import Floats

_WEIGHTS = {
    1: ((1,),),
    2: ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3)),
    3: ((1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2)),
}
"""Parts of the speakers of a mix, by their number."""
_POOL = 14
"""Number of speakers to mix: those that resemble the target most."""

_GAIN = 0.7
"""0: the likeness of a mix is the mean of the likenesses of its speakers. 1: it is that of the mean of their vectors.

Measurements are in between: docs/your-voice.md.
"""


class Fitted(NamedTuple):
    """A mix, and the pitch at which it resembles the target most."""

    mix: str
    pitch: int
    """Index of the pitch in the targets."""
    likeness: float
    """Predicted inner product of its vectors and the target at this pitch."""


def fit_mix(targets: Floats, stock: Mapping[str, Floats]) -> Fitted:
    """Return the mix of up to three speakers that is predicted to resemble the target most.

    `stock` has the vectors of each speaker, all of about one length. `targets` has a row for each pitch, whose inner
    product with the vectors is the likeness of the speaker at that pitch.
    """
    names = sorted(stock, key=lambda name: (-float((targets @ stock[name]).max()), name))[:_POOL]
    vectors = np.stack([stock[name] for name in names]).astype(np.float64)
    parts = np.array(
        [
            np.bincount(chosen, weights, minlength=len(names))
            for number in range(1, min(len(_WEIGHTS), len(names)) + 1)
            for chosen in combinations(range(len(names)), number)
            for weights in _WEIGHTS[number]
        ]
    )
    means = parts @ vectors / parts.sum(axis=1, keepdims=True)
    lengths = np.linalg.norm(means, axis=1) / np.linalg.norm(vectors, axis=1).mean()
    likeness = means @ targets.T / lengths[:, np.newaxis] ** _GAIN
    place, pitch = np.unravel_index(likeness.argmax(), likeness.shape)
    order = [at for at in np.argsort(-parts[place], kind="stable") if parts[place, at]]
    mix = "+".join(f"{names[at]}({parts[place, at]:.0f})" for at in order) if len(order) > 1 else names[order[0]]
    return Fitted(mix, int(pitch), float(likeness[place, pitch]))
