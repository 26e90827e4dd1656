"""Plot latency and price by memory, with a column per text."""

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl

mpl.use("agg")

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter

from bench.drawing import STYLE, save
from bench.texts import TEXTS
from bench.tune.choose import Point, best, of_text, points, sizes_of, texts_of
from bench.tune.table import LABELS

_WARM, _COLD, _ARM, _GREY = "#0072b2", "#d55e00", "#009e73", "#555555"
_ROOM = 1.18
"""Factor of the axis above the highest value, for labels."""
_WIDER = 1.24
"""Factor of the axis beyond the largest size, for line labels."""


def draw(results: dict[str, Any], file: Path) -> None:
    """Write the plot in any format of matplotlib."""
    curve = points(results["rows"])
    with mpl.rc_context(STYLE):
        save(_figure(curve, results["defaults"]["SpeechMemorySize"]), file)


def _figure(curve: Sequence[Point], default: int) -> Figure:
    texts = texts_of(curve)
    size = (1 + 3.6 * len(texts), 6.6)
    figure, grid = plt.subplots(2, len(texts), figsize=size, sharex=True, squeeze=False, layout="constrained")
    lines = {best(curve): "recommended"} | {default: "default"}
    if best(curve) == default:
        lines = {default: "recommended, default"}
    for column, text in enumerate(texts):
        own = of_text(curve, text)
        latency, price = grid[0][column], grid[1][column]
        latency.set_title(f"{LABELS[text].capitalize()}, {len(TEXTS[text]):,} characters", fontsize=11)
        _latency(latency, own)
        _price(price, own)
        _mark(latency, price, lines)
        _ticks(price, sizes_of(curve))
    grid[0][0].set_ylabel("latency, median, ms (logarithmic)")
    grid[1][0].set_ylabel("price of 1,000 messages, $")
    figure.supxlabel("memory of the function, MB (1,769 MB: one processor). Not measured on Lambda.", fontsize=10)
    return figure


def _latency(axes: Axes, curve: list[Point]) -> None:
    """Plot latency on a logarithmic axis; a cold start takes ten times as long as a short message."""
    _line(axes, curve, _milliseconds, _WARM, "warm")
    if all(point.cold for point in curve):
        _line(axes, curve, lambda point: median(point.cold) * 1000, _COLD, "cold")
    axes.set_yscale("log")
    low, high = axes.dataLim.y0, axes.dataLim.y1
    axes.set_ylim(low / _ROOM**3, high * _ROOM**2)
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.yaxis.set_minor_locator(NullLocator())
    _ring(axes, curve, best(curve, 0), _milliseconds, "fastest: {:,.0f}", below=True)


def _price(axes: Axes, curve: list[Point]) -> None:
    _line(axes, curve, _dollars, _WARM, "x86_64")
    _line(axes, curve, lambda point: point.dollars("arm64") * 1000, _ARM, "arm64")
    axes.set_ylim(0, _ROOM * axes.dataLim.y1)
    _ring(axes, curve, best(curve, 1), _dollars, "cheapest: {:.4f}", below=False)


def _milliseconds(point: Point) -> float:
    return point.seconds * 1000


def _dollars(point: Point) -> float:
    return point.dollars() * 1000


type _Value = Callable[[Point], float]


def _line(axes: Axes, curve: list[Point], value: _Value, colour: str, name: str) -> None:
    heights = [value(point) for point in curve]
    axes.plot([point.megabytes for point in curve], heights, "o-", color=colour, markersize=4)
    end = (curve[-1].megabytes, heights[-1])
    axes.annotate(name, end, textcoords="offset points", xytext=(9, 0), va="center", color=colour)
    axes.grid(color="#eeeeee", linewidth=0.6)
    axes.set_axisbelow(True)


def _ring(axes: Axes, curve: list[Point], megabytes: int, value: _Value, name: str, *, below: bool) -> None:  # noqa: PLR0913
    [height] = [value(one) for one in curve if one.megabytes == megabytes]
    axes.plot([megabytes], [height], "o", markersize=10, markerfacecolor="none", markeredgecolor="black")
    first = megabytes == curve[0].megabytes
    axes.annotate(
        name.format(height),
        (megabytes, height),
        textcoords="offset points",
        xytext=(-6 if first else 0, -18 if below else 11),
        ha="left" if first else "center",
        fontsize=9,
    )


def _mark(latency: Axes, price: Axes, lines: dict[int, str]) -> None:
    for megabytes, name in lines.items():
        for axes in (latency, price):
            axes.axvline(megabytes, color=_GREY, linestyle="--", linewidth=1, zorder=0)
        latency.annotate(
            name,
            (megabytes, 1),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            xytext=(-3, 0),
            ha="right",
            va="top",
            fontsize=9,
            color=_GREY,
        )


def _ticks(axes: Axes, sizes: list[int]) -> None:
    axes.set_xlim(0, _WIDER * max(sizes))
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes], rotation=90, fontsize=9)
