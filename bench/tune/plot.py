"""Plot latency and price by memory, with a column per text."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl

mpl.use("agg")

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter

from bench.drawing import SMALL, STYLE, WIDTH, save
from bench.texts import TEXTS
from bench.tune.choose import Point, best, of_text, points, sizes_of, texts_of
from bench.tune.table import LABELS
from herald.pricing.prices import Architecture

_WARM, _COLD, _X86, _ARM, _BAND = "#0072b2", "#d55e00", "#aa3377", "#009e73", "#e4e4e4"
_ARCHITECTURES: dict[Architecture, str] = {"x86_64": _X86, "arm64": _ARM}
_ROOM = 1.18
"""Factor of the axis above the highest value."""
_WIDER = 1.24
"""Factor of the axis beyond the largest size, for line labels."""
_HALF_BAND = 70
"""Half of the width of the band that marks a size, in MB."""
_ROW = 2.15
"""Height of a plot in inches."""


def draw(results: dict[str, Any], file: Path) -> None:
    """Write the plot in any format of matplotlib."""
    with mpl.rc_context(STYLE):
        save(figure(points(results["rows"]), results["defaults"]["SpeechMemorySize"]), file)


def figure(curve: Sequence[Point], default: int) -> Figure:
    """Return the plot: two rows per text, latency and price. No text is on a line."""
    texts = texts_of(curve)
    size = (WIDTH, 0.5 + 2 * _ROW * len(texts))
    drawn, rows = plt.subplots(2 * len(texts), 1, figsize=size, sharex=True, squeeze=False, layout="constrained")
    for number, text in enumerate(texts):
        own = of_text(curve, text)
        latency, price = rows[2 * number][0], rows[2 * number + 1][0]
        _latency(latency, own, f"{LABELS[text].capitalize()}, {len(TEXTS[text]):,} characters")
        _price(price, own)
        for axes in (latency, price):
            for megabytes in {best(curve), default}:
                axes.axvspan(megabytes - _HALF_BAND, megabytes + _HALF_BAND, color=_BAND, zorder=0, linewidth=0)
            _ticks(axes, sizes_of(curve))
    drawn.supxlabel(f"memory, MB (1,769 MB: one processor)\n{_bands(best(curve), default)}", fontsize=SMALL)
    return drawn


def _bands(chosen: int, default: int) -> str:
    if chosen == default:
        return "Band: recommended, default"
    return f"Bands: recommended {chosen:,}, default {default:,}"


def _latency(axes: Axes, curve: list[Point], text: str) -> None:
    """Plot latency on a logarithmic axis; a cold start takes ten times as long as a short message."""
    _line(axes, curve, _milliseconds, _WARM, "warm")
    if all(point.cold for point in curve):
        _line(axes, curve, lambda point: median(point.cold) * 1000, _COLD, "cold")
    axes.set_yscale("log")
    low, high = axes.dataLim.y0, axes.dataLim.y1
    axes.set_ylim(low / _ROOM, high * _ROOM)
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylabel("latency, ms")
    fastest = next(point for point in curve if point.megabytes == best(curve, 0))
    _ring(axes, fastest, _milliseconds)
    found = f"ring: fastest, {_milliseconds(fastest):,.0f} ms at {fastest.megabytes:,} MB"
    axes.set_title(f"{text}\n{found}", loc="left", fontsize=10)


def _price(axes: Axes, curve: list[Point]) -> None:
    for architecture, colour in _ARCHITECTURES.items():
        _line(axes, curve, partial(_dollars, architecture), colour, architecture)
    axes.set_ylim(0, _ROOM * axes.dataLim.y1)
    axes.set_ylabel("$ per million")
    where, cheapest = min(product(_ARCHITECTURES, curve), key=lambda one: _dollars(*one))
    _ring(axes, cheapest, partial(_dollars, where))
    found = f"ring: cheapest, ${_dollars(where, cheapest):.2f} per million at {cheapest.megabytes:,} MB, {where}"
    axes.set_title(found, loc="left", fontsize=10)


def _milliseconds(point: Point) -> float:
    return point.seconds * 1000


def _dollars(architecture: Architecture, point: Point) -> float:
    return point.dollars(architecture) * 1_000_000


type _Value = Callable[[Point], float]


def _line(axes: Axes, curve: list[Point], value: _Value, colour: str, name: str) -> None:
    heights = [value(point) for point in curve]
    axes.plot([point.megabytes for point in curve], heights, "o-", color=colour, markersize=4)
    end = (curve[-1].megabytes, heights[-1])
    axes.annotate(name, end, textcoords="offset points", xytext=(9, 0), va="center", color=colour)
    axes.grid(color="#eeeeee", linewidth=0.6)
    axes.set_axisbelow(True)


def _ring(axes: Axes, point: Point, value: _Value) -> None:
    axes.plot([point.megabytes], [value(point)], "o", markersize=10, markerfacecolor="none", markeredgecolor="black")


def _ticks(axes: Axes, sizes: list[int]) -> None:
    axes.set_xlim(0, _WIDER * max(sizes))
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes], rotation=90)
    axes.tick_params(labelsize=SMALL)
