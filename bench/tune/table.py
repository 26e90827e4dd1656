"""Report the results as text and tables, for terminals and as Markdown."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.progress import Failure
from bench.texts import TEXTS
from bench.tune.choose import (
    WEIGHT,
    Point,
    best,
    compare,
    of_text,
    p95,
    points,
    sizes_of,
    texts_of,
    weights_for,
)

BEGIN, END = "<!-- tune: begin -->", "<!-- tune: end -->"
LABELS = {"short": "short message", "sentence": "long sentence", "page": "page"}
_PLOT = "![Latency and price of a message over memory]({}.svg)"
_HEAD = (
    "memory, MB",
    "processors",
    "used",
    "cold, ms",
    "cold p95",
    "warm, ms",
    "warm p95",
    "billed, ms",
    "x86_64, $ per million",
    "arm64, $ per million",
    "",
)


def describe(results: dict[str, Any]) -> str:
    """Return the complete report."""
    curve = points(results["rows"])
    sections = (_about(results), _tables(curve), verdict(curve, results["defaults"]))
    return "\n".join(line for section in sections for line in section)


def write(text: str, page: Path) -> None:
    """Insert a text, and the plot named like the page, between the markers of a page."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Failure(f"{page} lacks the lines {BEGIN} and {END}.")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{_PLOT.format(page.stem)}\n\n{END}{after}", encoding="utf-8")


def _about(results: dict[str, Any]) -> Iterator[str]:
    about, plan = results["about"], results["plan"]
    yield (
        f"{about['date']}: {about['processor']}, {about['processors']} processors, load before the run "
        f"{about['load']:.2f}; {_others(about.get('others'))}. Not "
        f"measured on Lambda. {plan['rounds']} warm calls per text{_starts(plan)}; "
        f"DynamoDB responds after {plan['service_ms']:g} ms."
    )
    if left_out := results["left_out"]:
        yield (
            f"Not measured, because this machine has too few processors: {', '.join(_sizes(left_out))} MB. For the "
            "other sizes it has enough for the function's share, but possibly fewer than Lambda would show."
        )


def _others(others: float | None) -> str:
    if others is None:
        return "the rows are those of `make bench` (performance.md), and no full run of `make tune` was made since"
    return f"other processes used at most {others:.2f} processors during the run"


def _starts(plan: dict[str, Any]) -> str:
    return f" (a quarter for the page), {plan['starts']} cold starts" if plan["starts"] else ", no cold starts"


def _tables(curve: Sequence[Point]) -> Iterator[str]:
    for text in texts_of(curve):
        own = of_text(curve, text)
        yield from ("", f"### {LABELS[text].capitalize()}, {len(TEXTS[text]):,} characters", "")
        yield from aligned([_HEAD, *(_row(point, own) for point in own)])
    yield ""


def _row(point: Point, curve: list[Point]) -> tuple[str, ...]:
    return (
        f"{point.megabytes:,}",
        f"{point.allowed:.2f}",
        f"{point.used:.2f}",
        f"{median(point.cold) * 1000:,.0f}" if point.cold else "",
        f"{p95(point.cold) * 1000:,.0f}" if point.cold else "",
        f"{point.seconds * 1000:,.0f}",
        f"{p95(point.warm) * 1000:,.0f}",
        f"{point.billed:,}",
        f"{point.dollars('x86_64') * 1_000_000:.2f}",
        f"{point.dollars('arm64') * 1_000_000:.2f}",
        ", ".join(marks(curve, point.megabytes)),
    )


def marks(curve: Sequence[Point], megabytes: int) -> Iterator[str]:
    """Yield the criteria by which a size is the best."""
    for name, weight in (("cheapest", 1.0), ("fastest", 0.0), ("balanced", WEIGHT)):
        if best(curve, weight) == megabytes:
            yield name


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield a Markdown table with aligned columns; the first row is the header."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{'|'.join('-' * (width + 1) + ':' for width in widths)}|"


def verdict(curve: Sequence[Point], defaults: dict[str, int]) -> Iterator[str]:
    """Yield the recommendation, and a comparison with the template's defaults."""
    chosen, cheapest = best(curve), best(curve, 1)
    by_text = ", ".join(f"{LABELS[text]} {best(of_text(curve, text)):,}" for text in texts_of(curve))
    yield (
        f"**Recommended: {chosen:,} MB**, the balanced size over all texts (by text: {by_text}). "
        f"Over all texts, the cheapest size is {cheapest:,} MB and the fastest {best(curve, 0):,} MB."
    )
    yield ""
    yield f"- {_speech(curve, defaults['SpeechMemorySize'], chosen)}"
    yield f"- {_worker(curve, defaults['WorkerMemorySize'], cheapest)}"


def _speech(curve: Sequence[Point], default: int, chosen: int) -> str:
    name = f"`SpeechMemorySize` is {default:,} MB by default"
    if default not in sizes_of(curve):
        return f"{name}, which was not measured."
    if default == chosen:
        return f"{name}, the recommended size."
    found = weights_for(curve, default)
    when = f"the best for weights from {found[0]:.2f} to {found[1]:.2f}" if found else "not the best for any weight"
    return f"{name}, not the recommended size: {_against(curve, default, chosen)}. It is {when}."


def _worker(curve: Sequence[Point], default: int, cheapest: int) -> str:
    name = f"`WorkerMemorySize` is {default:,} MB by default. Workers are asynchronous, so only the price counts"
    if default not in sizes_of(curve):
        return f"{name}; it was not measured."
    if default == cheapest:
        return f"{name}: it is the cheapest."
    return f"{name}: {_against(curve, default, cheapest)}."


def _against(curve: Sequence[Point], one: int, other: int) -> str:
    latency, price = compare(curve, one, other)
    return f"its latency is {latency:.2f} times and its price {price:.2f} times that of {other:,} MB"


def _sizes(sizes: Sequence[int]) -> list[str]:
    return [f"{size:,}" for size in sizes]
