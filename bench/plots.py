"""Plot the results."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator, ScalarFormatter

from bench.curve import DEFAULT, Point, knee, points
from bench.drawing import STYLE, save
from bench.ratios import NAMES, TARGETS, Ratios
from bench.spreads import Spread

_COLOURS = {"piper": "#0072b2", "sherpa": "#d55e00"}
_TEXT_COLOURS = {"short": "#0072b2", "sentence": "#d55e00"}
_TICKS = (0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2)
_GREY = "#666666"
_LABELS = {"short": "short sentence", "sentence": "long sentence", "four": "four sentences", "page": "page"}


def draw(results: dict[str, Any], folder: Path) -> None:
    """Write all plots to a folder."""
    with mpl.rc_context(STYLE):
        save(_ratios(results), folder / "performance.svg")
        if results["memory"]:
            save(_memory(results), folder / "memory.svg")


type Line = tuple[str, dict[str, Spread], float | None]
"""Label, ratio to each competitor, and target."""


def _lines(results: dict[str, Any]) -> Iterator[Line]:
    found = Ratios(results)
    limits = {target.label: target.limit for target in TARGETS}
    for quantity in ("first audio", "whole text"):
        for text in found.texts:
            label = f"{quantity}, {_LABELS[text]}" if quantity == "first audio" else f"whole {_LABELS[text]}"
            both = {rival: ratio for rival in _COLOURS if (ratio := found.of(text, quantity, rival))}
            yield label, both, limits.get(label)
    start, peak = "process start to first audio", "peak memory"
    yield start, {rival: found.start(rival) for rival in _COLOURS}, limits[start]
    yield peak, {rival: found.peak(rival) for rival in _COLOURS}, limits[peak]
    audio = found.batch("audio per CPU second")
    inverted = Spread(tuple(1 / value for value in audio.values))
    yield "batch: CPU per second of audio", {"piper": inverted}, 1 / limits["batch: audio per CPU second"]


def _ratios(results: dict[str, Any]) -> Figure:
    lines = list(_lines(results))
    figure, axes = plt.subplots(figsize=(8, 0.42 * len(lines) + 1.4), layout="constrained")
    for height, (_, rivals, target) in enumerate(lines):
        for rival, ratio in rivals.items():
            _draw_spread(axes, height + (-0.16 if rival == "piper" else 0.16), ratio, rival)
        if target:
            axes.plot([target, target], [height - 0.38, height + 0.38], color="black", linewidth=1.5)
    axes.axvline(1, color=_GREY, linestyle="--", linewidth=1)
    axes.set_yticks(range(len(lines)), [label for label, _, _ in lines])
    axes.invert_yaxis()
    _ratio_axis(axes)
    _explain(axes)
    return figure


def _draw_spread(axes: Axes, height: float, ratio: Spread, rival: str) -> None:
    colour = _COLOURS[rival]
    axes.plot(ratio.values, [height] * len(ratio.values), "o", color=colour, alpha=0.3, markersize=4, markeredgewidth=0)
    axes.plot([ratio.median], [height], "D", color=colour, markersize=6)


def _ratio_axis(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(_TICKS))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel("Herald / the other; left of 1 Herald needs less")


def _explain(axes: Axes) -> None:
    for rival, colour in _COLOURS.items():
        axes.plot([], [], "D", color=colour, label=f"against {NAMES[rival]}, median")
    axes.plot([], [], "o", color=_GREY, alpha=0.5, markersize=4, label="one round")
    axes.plot([], [], color="black", linewidth=1.5, label="target (piper-tts)")
    axes.figure.legend(loc="outside upper center", ncols=4, frameon=False, fontsize=9, columnspacing=1.2)


def _memory(results: dict[str, Any]) -> Figure:
    curve = points(results["memory"])
    figure, (latency, price) = plt.subplots(2, 1, figsize=(8, 6), sharex=True, layout="constrained")
    for text, colour in _TEXT_COLOURS.items():
        own = [point for point in curve if point.text == text]
        _draw_curve(latency, own, [point.seconds * 1000 for point in own], colour)
        _draw_curve(price, own, [point.dollars * 1e6 for point in own], colour)
    latency.set_ylabel("warm latency, ms")
    price.set_ylabel("price of a million messages, $")
    price.set_xlabel("memory of the function, MB (1,769 MB: one processor)")
    price.set_xticks(sorted({point.megabytes for point in curve}))
    price.tick_params(axis="x", rotation=35)
    _mark(latency, price, knee(curve))
    figure.legend(*latency.get_legend_handles_labels(), loc="outside upper center", ncols=2, frameon=False)
    return figure


def _draw_curve(axes: Axes, curve: list[Point], values: list[float], colour: str) -> None:
    axes.plot([point.megabytes for point in curve], values, "o-", color=colour, label=_LABELS[curve[0].text])
    for point, value in zip(curve, values, strict=True):
        axes.annotate(
            f"{value:,.0f}" if value >= 100 else f"{value:.1f}",  # noqa: PLR2004  three digits are enough
            (point.megabytes, value),
            textcoords="offset points",
            xytext=(0, 6),
            ha="center",
            fontsize=8,
            color=colour,
        )
    axes.grid(color="#eeeeee", linewidth=0.6)


def _mark(latency: Axes, price: Axes, best: int) -> None:
    names = {best: "knee, and the default"} if best == DEFAULT else {best: "knee", DEFAULT: "default"}
    for axes in (latency, price):
        axes.set_ylim(0, 1.1 * axes.get_ylim()[1])
        for megabytes in names:
            axes.axvline(megabytes, color=_GREY, linestyle="--", linewidth=1)
    for megabytes, name in names.items():
        latency.annotate(
            name,
            (megabytes, 1),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            xytext=(-4, -2),
            ha="right",
            va="top",
            fontsize=9,
            color=_GREY,
        )
