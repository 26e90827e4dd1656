"""Plot the results."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator, ScalarFormatter, StrMethodFormatter

from bench.curve import DEFAULT, knee, points
from bench.drawing import SMALL, STYLE, WIDTH, save
from bench.ratios import NAMES, TARGETS, Ratios
from bench.spreads import Spread

_COLOURS = {"piper": "#0072b2", "sherpa": "#d55e00"}
_TEXT_COLOURS = {"short": "#0072b2", "sentence": "#d55e00"}
_TICKS = (0.1, 0.2, 0.3, 0.5, 1, 1.5, 2)
_RIGHTMOST = 1.6
"""End of the axis, unless a ratio is beyond: the ticks must not end at 1."""
_GREY, _BAND = "#666666", "#e4e4e4"
_HALF_BAND = 60
"""Half of the width of the band that marks a size, in MB."""
_LABELS = {"short": "short sentence", "sentence": "long sentence", "four": "four sentences", "page": "page"}


def draw(results: dict[str, Any], folder: Path) -> None:
    """Write all plots to a folder."""
    with mpl.rc_context(STYLE):
        save(ratios(results), folder / "performance.svg")
        if results["memory"]:
            save(memory(results), folder / "memory.svg")


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


def ratios(results: dict[str, Any]) -> Figure:
    """Return the plot of ratios to other engines."""
    lines = list(_lines(results))
    figure, axes = plt.subplots(figsize=(WIDTH, 0.42 * len(lines) + 1.6), layout="constrained")
    for height, (_, rivals, target) in enumerate(lines):
        for rival, ratio in rivals.items():
            _draw_spread(axes, height + (-0.16 if rival == "piper" else 0.16), ratio, rival)
        if target:
            axes.plot([target, target], [height - 0.38, height + 0.38], color="black", linewidth=1.5)
    axes.axvline(1, color=_GREY, linestyle="--", linewidth=1)
    axes.set_yticks(range(len(lines)), [label for label, _, _ in lines], fontsize=SMALL)
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
    axes.set_xlim(right=max(_RIGHTMOST, axes.get_xlim()[1]))
    axes.tick_params(labelsize=SMALL)
    axes.set_xlabel("Herald / the other\nleft of 1, Herald needs less")


def _explain(axes: Axes) -> None:
    for rival, colour in _COLOURS.items():
        axes.plot([], [], "D", color=colour, label=f"against {NAMES[rival]}, median")
    axes.plot([], [], "o", color=_GREY, alpha=0.5, markersize=4, label="one round")
    axes.plot([], [], "|", color="black", markersize=12, markeredgewidth=1.5, label="target against piper-tts")
    axes.figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=SMALL, columnspacing=1.2)


def memory(results: dict[str, Any]) -> Figure:
    """Return the plot of latency and price by memory. Its numbers are in the table of the page."""
    curve = points(results["memory"])
    figure, (latency, price) = plt.subplots(2, 1, figsize=(WIDTH, 5.4), sharex=True, layout="constrained")
    for text, colour in _TEXT_COLOURS.items():
        own = [point for point in curve if point.text == text]
        sizes = [point.megabytes for point in own]
        latency.plot(sizes, [point.seconds * 1000 for point in own], "o-", color=colour, label=_LABELS[text])
        price.plot(sizes, [point.dollars * 1e6 for point in own], "o-", color=colour)
    latency.set_ylabel("warm latency, ms")
    latency.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    price.set_ylabel("$ per million messages")
    price.set_xlabel("memory of the function, MB (1,769 MB: one processor)")
    best = knee(curve)
    for axes in (latency, price):
        axes.set_ylim(0, 1.1 * axes.get_ylim()[1])
        axes.grid(color="#eeeeee", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(labelsize=SMALL)
        for megabytes in {best, DEFAULT}:
            axes.axvspan(megabytes - _HALF_BAND, megabytes + _HALF_BAND, color=_BAND, zorder=0, linewidth=0)
    sizes = sorted({point.megabytes for point in curve})
    price.set_xticks(sizes, [f"{size:,}" for size in sizes], rotation=35)
    bands = f"Band: latency times price is lowest at {best:,} MB"
    bands += ", the default" if best == DEFAULT else f"; the default is {DEFAULT:,} MB"
    latency.set_title(bands, loc="left", fontsize=SMALL)
    figure.legend(*latency.get_legend_handles_labels(), loc="outside upper center", ncols=2, frameon=False)
    return figure
