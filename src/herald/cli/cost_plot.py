"""Plot monthly costs by volume: Herald's routes and other services."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from math import log10
from pathlib import Path
from typing import TYPE_CHECKING, Any

from herald.cli.environment import install_hint
from herald.cli.monthly_cost import Question, Way, cheaper_from, total
from herald.errors import BrokenInstallation, UnsupportedFormat
from herald.jobs.job_price import PriceList
from herald.pricing.prices import SERVICES, Service

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ENDINGS = (".svg", ".png")
_LEAST, _MOST, _STEPS = 1, 7, 8
"""Powers of ten of the axis's ends, in messages, and the number of points per power of ten."""
_COLOURS: dict[Way, str] = {
    "realtime": "#0072b2",
    "queue": "#009e73",
    "batch": "#d55e00",
    "kokoro": "#56b4e9",
    "gpu": "#cc79a7",
}
_GREY = "#666666"
_DASHES: dict[str, Any] = {"Polly": (0, (5, 2)), "ElevenLabs": (0, (6, 2, 1, 2)), "OpenAI": (0, (1, 1.5))}
"""The line style of each company's services; their prices may be almost the same."""
_LEFT_OUT = frozenset({"openai_tts_hd"})
"""Its price equals that of a plotted service."""
WIDTH = 5.2
"""Width of a figure in inches: 374 points, so that on a phone, of 374 pixels, texts have about their size in points."""
SMALL = 9
"""Smallest size of a text in points."""
STYLE: dict[str, Any] = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "herald",
    "figure.facecolor": "white",
}
_HEIGHT = 6.6
_DOTS_PER_INCH = 300
_APART = 0.042
"""Minimum distance between the centres of two labels, as a fraction of the axis's height."""


@dataclass(frozen=True, kw_only=True)
class Curve:
    """The cost curve of a route or service."""

    label: str
    dollars: list[float]
    colour: str = _GREY
    crossings: Sequence[tuple[int, float]] = ()
    """Where a route becomes cheaper than a service: messages a month, and dollars."""


def draw(file: str, question: Question, prices: PriceList) -> None:
    """Write the plot to a .svg or .png file; raise UnsupportedFormat, or BrokenInstallation without matplotlib."""
    if Path(file).suffix.lower() not in _ENDINGS:
        raise UnsupportedFormat(f"Cannot write a plot to '{file}'. Use one of these extensions: {', '.join(_ENDINGS)}.")
    try:
        matplotlib = import_module("matplotlib")
    except ImportError:
        raise BrokenInstallation(
            f"--plot needs matplotlib, which is not installed. Install it in Herald's folder: {install_hint('plot')}"
        ) from None
    matplotlib.use("agg")
    with matplotlib.rc_context(STYLE):
        # Without a date, the same input gives the same file.
        metadata = {"Date": None} if file.lower().endswith(".svg") else {}
        figure(question, prices).savefig(file, metadata=metadata, dpi=_DOTS_PER_INCH)


def volumes() -> list[int]:
    """Return the plotted numbers of messages per month."""
    return [round(10 ** (_LEAST + step / _STEPS)) for step in range((_MOST - _LEAST) * _STEPS + 1)]


def routes(question: Question, prices: PriceList) -> Iterator[Curve]:
    """Yield the curves of Herald's routes, whose labels state from which volume on they are cheaper than services."""
    cheapest = min(_services(), key=lambda service: service.usd_per_million)
    for one in question.ways():
        starts = {service: cheaper_from(one, prices, service.usd_per_million) for service in _services()}
        first, name = starts[cheapest], cheapest.name.replace(",", "")
        note = f"cheaper than {name} from {first:,} messages on" if first else f"never cheaper than {name}"
        yield Curve(
            label=f"{one.label}\n{note}",
            dollars=[_dollars(one, messages, prices) for messages in volumes()],
            colour=_COLOURS[one.way],
            crossings=[(start, _dollars(one, start, prices)) for start in starts.values() if start],
        )


def services(question: Question) -> Iterator[Curve]:
    """Yield the curves of other services."""
    for service in _services():
        dollars = [float(service.price(messages * question.characters)) for messages in volumes()]
        yield Curve(label=service.name, dollars=dollars)


def _services() -> list[Service]:
    return [service for name, service in SERVICES.items() if name not in _LEFT_OUT]


def _dollars(question: Question, messages: int, prices: PriceList) -> float:
    return float(total(replace(question, messages=messages), prices))


def figure(question: Question, prices: PriceList) -> "Figure":
    """Return the plot. The names of Herald's routes are below it, those of services at the ends of their lines."""
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(WIDTH, _HEIGHT), layout="constrained")
    axes = drawn.add_subplot()
    others = list(services(question)) if question.characters else []  # else they cost nothing
    for line in others:
        style = _DASHES[line.label.partition(",")[0]]
        axes.plot(volumes(), line.dollars, color=line.colour, linewidth=1, linestyle=style)
    for line in routes(question, prices):
        axes.plot(volumes(), line.dollars, color=line.colour, linewidth=2.2, zorder=3, label=line.label)
        at, dollars = ([crossing[part] for crossing in line.crossings] for part in (0, 1))
        axes.plot(at, dollars, "o", color=line.colour, markersize=4.5, markeredgecolor="white", zorder=4)
    _axes(axes, question)
    _label(axes, others)
    title = "Dots: here a route becomes cheaper than a service"
    drawn.legend(loc="outside lower left", frameon=False, fontsize=SMALL, title=title, alignment="left")
    return drawn


def _axes(axes: "Axes", question: Question) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(10**_LEAST, 10**_MOST)
    axes.set_ylim(bottom=1)
    axes.xaxis.set_major_formatter(lambda value, _: _brief(value))
    axes.yaxis.set_major_formatter(lambda value, _: f"${_brief(value)}")
    axes.tick_params(labelsize=SMALL)
    axes.set_xlabel(f"messages a month, {question.characters:,} characters each")
    axes.set_ylabel("cost a month")
    axes.grid(color="#e5e5e5", linewidth=0.6)
    axes.set_axisbelow(True)


def _brief(value: float) -> str:
    """Return a power of ten as an axis has room for it: "10M"."""
    for unit, name in ((1_000_000, "M"), (1_000, "k")):
        if value >= unit:
            return f"{value / unit:.0f}{name}"
    return f"{value:.0f}"


def _label(axes: "Axes", drawn: list[Curve]) -> None:
    """Label each line at its right end, without overlaps."""
    low, high = (log10(end) for end in axes.get_ylim())
    ends = [(log10(line.dollars[-1]) - low) / (high - low) for line in drawn]
    for line, end, place in zip(drawn, ends, spread(ends), strict=True):
        axes.annotate(
            line.label,
            xy=(1, end),
            xytext=(1.045, place),
            xycoords="axes fraction",
            va="center",
            color=line.colour,
            fontsize=SMALL,
            arrowprops={"arrowstyle": "-", "color": line.colour, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 1},
            annotation_clip=False,
        )


def spread(ends: Sequence[float]) -> list[float]:
    """Return label positions close to `ends` (fractions of the axis), in the same order, at least _APART apart."""
    order = sorted(range(len(ends)), key=ends.__getitem__)
    groups: list[list[int]] = []
    for at in order:
        groups.append([at])
        while len(groups) > 1 and _bottom(groups[-1], ends) - _bottom(groups[-2], ends) < len(groups[-2]) * _APART:
            groups[-2:] = [groups[-2] + groups[-1]]
    places = {at: _bottom(group, ends) + _APART * step for group in groups for step, at in enumerate(group)}
    return [places[at] for at in range(len(ends))]


def _bottom(group: list[int], ends: Sequence[float]) -> float:
    """Return the position of the lowest label of a group centred on the mean of its ends."""
    return sum(ends[at] for at in group) / len(group) - _APART * (len(group) - 1) / 2
