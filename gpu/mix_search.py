"""Search the mixes of speakers for the one whose speaker vector is most like a target.

The search is Bayesian: a Gaussian process predicts the vector of every candidate mix from those of the mixes that were
heard, and the most promising candidate is heard next. It is deterministic.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from herald.speech.model import Floats

type _Matrix = NDArray[np.float64]

_WEIGHTS = {2: ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3)), 3: ((1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2))}
"""Parts of the speakers of a candidate, by their number."""
_POOL = 14
"""Speakers that are mixed: those that are most like the target alone."""
_NOISE = 0.15
"""Variance of a heard vector, relative to that of the process: the vector depends on the sentence, too."""
_DOUBT = 0.08
"""Standard deviation of the likeness of a mix that is unlike all that were heard."""


class Heard(NamedTuple):
    """A mix, and the cosine of its vector and the target."""

    mix: str
    likeness: float


class MixSearch:
    """Proposes mixes to hear, and learns from their vectors."""

    def __init__(self, target: Floats, styles: Mapping[str, Floats], stock: Mapping[str, Floats]) -> None:
        """`target` has length 1; `styles` and `stock` have the style and the speaker vector of each speaker."""
        self._target = target
        self._names = sorted(stock, key=lambda name: (-float(stock[name] @ target), name))
        self._stock = np.stack([stock[name] for name in self._names])
        flat = np.stack([styles[name].ravel() for name in self._names]).astype(np.float64)
        flat -= flat.mean(axis=0)
        self._products = flat @ flat.T
        """Inner products of the speakers' styles, from which the distances of mixes follow."""
        self._candidates = np.array(list(_candidates(len(self._names))))
        self._open = np.ones(len(self._candidates), bool)
        self._shares = np.eye(len(self._names))
        self._vectors = self._stock.astype(np.float64)
        self._reach = np.median(self._distances(self._shares, self._shares)[np.triu_indices(len(self._names), 1)])
        self.heard = [Heard(name, float(stock[name] @ target)) for name in self._names]
        """Everything that was heard, from the single speakers on."""

    def next(self, hear: Callable[[str], Floats]) -> None:
        """Hear the most promising mix that was not heard."""
        likeness, doubt = self._predicted(_normal(self._candidates))
        place = int(np.argmax(np.where(self._open, likeness + _DOUBT * doubt, -np.inf)))
        self._open[place] = False
        parts = self._candidates[place]
        mix = "+".join(f"{self._names[at]}({parts[at]})" for at in np.argsort(-parts, kind="stable") if parts[at])
        vector = hear(mix)
        self._shares = np.vstack([self._shares, _normal(parts)])
        self._vectors = np.vstack([self._vectors, vector])
        self.heard.append(Heard(mix, float(vector @ self._target)))

    def best(self) -> Heard:
        """Return the mix that is most alike, by what was heard and by the process: the most alike was lucky, too."""
        predicted, _ = self._predicted(self._shares)
        heard = np.array([one.likeness for one in self.heard])
        return self.heard[int(np.argmax(predicted + heard))]

    def _predicted(self, shares: _Matrix) -> tuple[_Matrix, _Matrix]:
        """Return the expected likeness of mixes, and the doubt about it, from 0 to 1."""
        near, known = (self._nearness(one, self._shares) for one in (shares, self._shares))
        weights = np.linalg.solve(known + _NOISE * np.eye(len(known)), near.T).T
        vectors = shares @ self._stock + weights @ (self._vectors - self._shares @ self._stock)
        doubt = np.sqrt(np.maximum(0, 1 - (weights * near).sum(axis=1)))
        return vectors @ self._target / np.linalg.norm(vectors, axis=1), doubt

    def _nearness(self, one: _Matrix, other: _Matrix) -> _Matrix:
        nearness: _Matrix = np.exp(-self._distances(one, other) / (2 * self._reach))
        return nearness

    def _distances(self, one: _Matrix, other: _Matrix) -> _Matrix:
        """Return the squared distances of the styles of mixes."""
        squares = [(mixes @ self._products * mixes).sum(axis=1) for mixes in (one, other)]
        distances: _Matrix = squares[0][:, None] + squares[1][None] - 2 * (one @ self._products @ other.T)
        return np.maximum(0, distances)


def _candidates(speakers: int) -> Iterator[list[int]]:
    """Yield the parts of every speaker in each candidate: those of the most likely speakers only."""
    for number, choices in _WEIGHTS.items():
        for chosen in combinations(range(min(_POOL, speakers)), number):
            for weights in choices:
                parts = [0] * speakers
                for at, weight in zip(chosen, weights, strict=True):
                    parts[at] = weight
                yield parts


def _normal(parts: NDArray[np.int64]) -> _Matrix:
    shares: _Matrix = parts / parts.sum(axis=-1, keepdims=True)
    return shares
