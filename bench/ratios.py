"""Ratios of Herald to the other engines, and their targets."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from bench.spreads import Row, Spread, ratios, spread, where

QUANTITIES: dict[str, Callable[[Row], float]] = {
    "first audio": itemgetter("first"),
    "whole text": itemgetter("total"),
    "per second of audio": lambda row: row["total"] / row["audio"],
    "CPU per second of audio": lambda row: row["cpu"] / row["audio"],
}
BATCH: dict[str, Callable[[Row], float]] = {
    "audio per CPU second": lambda row: row["audio"] / row["cpu"],
    "audio per second": lambda row: row["audio"] / row["wall"],
}
NAMES = {
    "heart": "Herald, default voice",
    "herald": "Herald",
    "piper": "piper-tts",
    "sherpa": "sherpa-onnx",
    "hibari": "hibari-tts",
}


@dataclass(frozen=True)
class Target:
    """The target of a ratio to piper-tts."""

    label: str
    found: Callable[["Ratios"], Spread | None]
    limit: float
    at_least: bool = False

    def met(self, ratio: Spread) -> bool:
        """Return whether the median, rounded as displayed, meets the target."""
        shown = round(ratio.median, 2)
        return shown >= self.limit if self.at_least else shown <= self.limit

    @property
    def wanted(self) -> str:
        """The limit as text."""
        return f"{'≥' if self.at_least else '≤'} {self.limit:.2f}"


class Ratios:
    """Ratios from the results of a run. None if not measured."""

    def __init__(self, results: dict[str, Any]) -> None:
        self._results = results
        self.texts = [text for text in ("short", "sentence", "four", "page") if where(results["compare"], text=text)]

    @property
    def engines(self) -> list[str]:
        """The engines that were measured, as NAMES lists them; older results have fewer."""
        return [engine for engine in NAMES if where(self._results["compare"], engine=engine)]

    def of(self, text: str, quantity: str, rival: str, *, ours: str = "herald") -> Spread | None:
        """Return the ratio of an engine of Herald to a competitor for a text."""
        rows = where(self._results["compare"], text=text)
        mine, theirs = where(rows, engine=ours), where(rows, engine=rival)
        return ratios(mine, theirs, QUANTITIES[quantity]) if mine and theirs else None

    def start(self, rival: str, *, ours: str = "herald") -> Spread | None:
        """Return the ratio of the times from process start to first audio."""
        rows = self._results["starts"]
        mine, theirs = where(rows, engine=ours), where(rows, engine=rival)
        return ratios(mine, theirs, itemgetter("first")) if mine and theirs else None

    def peak(self, rival: str) -> Spread:
        """Return the ratio of peak memory."""
        rows = self._results["peaks"]
        ours, theirs = where(rows, engine="herald")[0], where(rows, engine=rival)[0]
        return Spread((ours["bytes"] / theirs["bytes"],))

    def batch(self, quantity: str) -> Spread:
        """Return the ratio of Herald's processes to the better setting of piper-tts."""
        rows, value = self._results["batch"], BATCH[quantity]
        theirs = [where(rows, setting=f"piper, {way}") for way in ("processes", "threads")]
        best = max(theirs, key=lambda one: spread(one, value).median)
        return ratios(where(rows, setting="herald, processes"), best, value)


def _default(text: str, quantity: str) -> Callable[[Ratios], Spread | None]:
    return lambda all_: all_.of(text, quantity, "piper", ours="heart")


DEFAULT_TARGETS = (
    Target("CPU per second of audio, page", _default("page", "CPU per second of audio"), 0.2),
    Target("whole short sentence", _default("short", "whole text"), 0.4),
    Target("whole page", _default("page", "whole text"), 0.25),
    Target("first audio, long sentence", _default("sentence", "first audio"), 0.3),
    Target("first audio, four sentences", _default("four", "first audio"), 0.3),
    Target("process start to first audio", lambda all_: all_.start("piper", ours="heart"), 0.3),
)
"""Targets of Herald's default voice to piper-tts with the Piper voice."""
TARGETS = (
    Target("first audio, long sentence", lambda all_: all_.of("sentence", "first audio", "piper"), 0.25),
    Target("first audio, four sentences", lambda all_: all_.of("four", "first audio", "piper"), 0.35),
    Target("first audio, short sentence", lambda all_: all_.of("short", "first audio", "piper"), 0.6),
    Target("whole page", lambda all_: all_.of("page", "whole text", "piper"), 0.9),
    Target("batch: audio per CPU second", lambda all_: all_.batch("audio per CPU second"), 1.15, at_least=True),
    Target("process start to first audio", lambda all_: all_.start("piper"), 0.3),
    Target("peak memory", lambda all_: all_.peak("piper"), 1.0),
)
