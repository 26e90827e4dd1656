"""Write the results of the simulation between the markers of docs/costs.md."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from bench import ROOT
from bench.scale import months
from bench.scale.assumptions import Assumptions
from bench.scale.bill import POLLY_A_SECOND, bill
from bench.scale.simulate import Outcome, Setup, Simulation, Work
from bench.scale.tables import put, table
from herald.pricing.prices import SERVICES

PAGE = ROOT / "docs" / "costs.md"
MEASURED = Path(__file__).parent / "measured.json"
CHARACTERS = 199.7
"""Mean length of a message of examples/."""
EXAMPLE = (1_000.0, 80.0, 1.0, 1.0)
"""Distinct values of each of its sentences: 1,000 names, 80 times, and two constant sentences."""
OWN = (math.inf,) * 4
NOTABLE = 0.1
"""Fraction of the functions' time from which a wait counts as a bottleneck."""
_LAMBDA = 1_000
_MINUTE, _HOUR = 60, 3_600


@dataclass(frozen=True)
class Case:
    """A row of the tables."""

    messages: int
    distinct: tuple[float, ...]
    setup: Setup

    @property
    def work(self) -> Work:
        """The work to simulate."""
        return Work(messages=self.messages, characters=CHARACTERS, distinct=self.distinct)

    def outcome(self, given: Assumptions | None = None) -> Outcome:
        """Run the simulation."""
        return Simulation(self.work, self.setup, given or Assumptions()).run()

    def cells(self, outcome: Outcome) -> list[str]:
        """Return the cells that identify the case."""
        kind = "as in the example" if self.distinct == EXAMPLE else "all different"
        setup = self.setup
        split = f", S3 split in {setup.partitions}" if setup.partitions > 1 else ""
        children = f"{outcome.items_per_child}{', zip' if setup.zipped else ''}"
        return [f"{self.messages:,}", kind, f"{setup.concurrency:,}{split}", children]


DEFAULT, SMALL, MIDDLE = Setup(concurrency=40), Setup(concurrency=200), Setup(concurrency=1_000)
LARGE = Setup(concurrency=1_000, batches=10)
CASES = [
    Case(5_000, EXAMPLE, DEFAULT),
    Case(5_000, EXAMPLE, replace(DEFAULT, zipped=True)),
    Case(5_000, EXAMPLE, replace(DEFAULT, items_per_child=25)),
    Case(5_000, EXAMPLE, replace(DEFAULT, concurrency=2)),
    Case(5_000, EXAMPLE, replace(DEFAULT, concurrency=2, zipped=True)),
    Case(5_000, EXAMPLE, SMALL),
    Case(5_000, OWN, SMALL),
    Case(100_000, EXAMPLE, SMALL),
    Case(100_000, EXAMPLE, replace(SMALL, zipped=True)),
    Case(100_000, EXAMPLE, MIDDLE),
    Case(100_000, OWN, MIDDLE),
    Case(10_000_000, EXAMPLE, LARGE),
    Case(10_000_000, EXAMPLE, replace(LARGE, zipped=True)),
    Case(10_000_000, EXAMPLE, replace(LARGE, concurrency=5_000)),
    Case(10_000_000, EXAMPLE, replace(LARGE, concurrency=5_000, partitions=8)),
    Case(10_000_000, OWN, LARGE),
    Case(10_000_000, OWN, replace(LARGE, concurrency=5_000, partitions=8)),
]
HANGS_ON = {
    "as assumed": {},
    "S3 twice as slow": {"read": 0.08, "write": 0.16},
    "S3 at 150 ms": {"read": 0.15, "write": 0.15},
    "synthesis and joining twice as slow": {
        "speaking": 2 * Assumptions().speaking,
        "joining": 2 * Assumptions().joining,
    },
    "cold starts of 10 s": {"cold": 10.0},
    "100 child starts per second": {"starts": 100.0, "starts_burst": 100.0},
    "no sentence spoken first": {"packed": 0.0},
}
"""Variations of the assumptions."""


def write() -> None:
    """Insert the tables between the markers of the page."""
    put(PAGE, "months", months.markdown())
    put(PAGE, "scale", markdown())


@cache
def markdown() -> str:
    """Return all tables as Markdown."""
    runs = [(case, case.outcome()) for case in CASES]
    sections = (_time(runs), _price(runs), _quotas(runs), _checked(), _hangs_on(), _assumed())
    return "\n".join(line for section in sections for line in section)


_NAMES = ("messages", "sentences", "concurrency", "per child")


def _time(runs: list[tuple[Case, Outcome]]) -> Iterator[str]:
    head = (
        *_NAMES,
        "planned",
        "shared sentences",
        "spoken",
        "reported",
        "**total**",
        "sentences spoken",
        "cold starts",
        "throttled calls",
    )
    rows = (
        [
            *case.cells(out),
            *(_seconds(one) for one in (out.planning, out.packing, out.speaking, out.reporting)),
            f"**{_seconds(out.total)}**",
            f"{out.sentences_spoken:,.0f}",
            f"{out.environments:,}",
            f"{out.throttles:,}",
        ]
        for case, out in runs
    )
    return table("Time", head, rows, 2)


def _price(runs: list[tuple[Case, Outcome]]) -> Iterator[str]:
    parts = ("functions", "files", "storage", "state machine", "rest")
    others = ("Polly, neural", "its minimum time", "ElevenLabs Flash")
    head = (*_NAMES, *parts, "**total, $**", "millionths per file", *others)
    return table("Price", head, (_priced(case, out, parts) for case, out in runs), 2)


def _priced(case: Case, outcome: Outcome, parts: Iterable[str]) -> list[str]:
    paid = bill(case.work, outcome, Assumptions())
    total, characters = sum(paid.values(), Decimal(0)), round(case.messages * CHARACTERS)
    return [
        *case.cells(outcome),
        *(f"{paid[part]:,.2f}" for part in parts),
        f"**{total:,.2f}**",
        f"{total / case.messages * 1_000_000:,.0f}",
        f"{SERVICES['polly_neural'].price(characters):,.0f}",
        _seconds(case.messages / POLLY_A_SECOND),
        f"{SERVICES['elevenlabs_flash'].price(characters):,.0f}",
    ]


def _quotas(runs: list[tuple[Case, Outcome]]) -> Iterator[str]:
    head = (*_NAMES, "bottleneck", "quotas to raise")
    rows = ([*case.cells(out), _held(out), _raised(case, out)] for case, out in runs)
    return table("Bottlenecks, and quotas to raise", head, rows, 2)


def _held(outcome: Outcome) -> str:
    """Return the functions' notable waits as text."""
    parts = {what: waited / outcome.billed for what, waited in outcome.waits.items()}
    notable = [f"{what} ({part:.0%} of the functions' time)" for what, part in parts.items() if part >= NOTABLE]
    return ", ".join(notable) or "concurrency"


def _raised(case: Case, outcome: Outcome) -> str:
    setup, asked = case.setup, []
    if setup.concurrency > DEFAULT.concurrency:
        asked.append(f"`MaxBatchConcurrency` to {setup.concurrency // setup.batches:,}")
    if setup.concurrency >= _LAMBDA:
        asked.append(f"Lambda's concurrency from {_LAMBDA:,} to {setup.concurrency * 3 // 2:,}")
    if setup.partitions > 1:
        rate = max(case.messages, outcome.sentences_spoken) / outcome.speaking
        asked.append(f"S3's writes per prefix from {Assumptions().puts:,.0f} to {rate:,.0f} per second")
    return "; ".join(asked) or "none"


def _checked() -> Iterator[str]:
    """Compare the simulation with the measured run, at the same concurrency."""
    measured = json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else None
    yield from ("### Validation with a small batch", "")
    if measured is None:
        yield from ("**Not measured yet.** The section above describes how to add a run.", "")
        return
    yield from (
        f"{measured['about']} Simulated with an S3 without latency, like the local one"
        + (f", and at the speed of {measured['voice']}." if measured.get("voice") else "."),
        "",
    )
    yield from _table_of(measured)


def _table_of(measured: dict[str, Any]) -> Iterator[str]:
    """Yield the comparison; the simulated S3 responds at once, like the local one."""
    given = replace(Assumptions(), read=0.0, write=0.0, **measured.get("assumed", {}))
    case = Case(measured["files"], EXAMPLE, Setup(concurrency=measured["concurrency"]))
    out = case.outcome(given)
    total = sum(bill(case.work, out, given).values(), Decimal(0))
    rows = {
        "files": (measured["files"], case.messages, ",.0f"),
        "duration, s": (measured["seconds"], out.total, ".0f"),
        "audio, s per file": (measured["audio_seconds"] / measured["files"], CHARACTERS / given.rate, ".2f"),
        "sentences spoken": (measured["sentences_spoken"], out.sentences_spoken, ",.0f"),
        "CPU, ms per file: measured including planning, storing and reporting, simulated without": (
            measured["cpu_seconds"] / measured["files"] * 1_000,
            _processors(case, out, given) / case.messages * 1_000,
            ".0f",
        ),
        "price, millionths of a dollar per file": (
            measured["price"] / measured["files"] * 1_000_000,
            float(total) / case.messages * 1_000_000,
            ".1f",
        ),
    }
    yield from ("| | measured | simulated |", "|---|---:|---:|")
    yield from (f"| {name} | {one:{form}} | {other:{form}} |" for name, (one, other, form) in rows.items())
    yield from ("", measured["note"], "") if measured["note"] else ("",)


def _processors(case: Case, out: Outcome, given: Assumptions) -> float:
    """Return the CPU seconds of synthesis and of joining."""
    audio = CHARACTERS / given.rate
    return out.sentences_spoken * audio / len(EXAMPLE) * given.speaking + case.messages * given.joining


def _hangs_on() -> Iterator[str]:
    case = Case(5_000, EXAMPLE, DEFAULT)
    head = ("5,000 messages as in the example, concurrency 40", "total", "$", "millionths per file")
    return table("Sensitivity to the assumptions", head, (_changed(case, *one) for one in HANGS_ON.items()), 1)


def _changed(case: Case, name: str, changes: dict[str, float]) -> list[str]:
    given = replace(Assumptions(), **changes)
    outcome = case.outcome(given)
    total = sum(bill(case.work, outcome, given).values(), Decimal(0))
    return [name, _seconds(outcome.total), f"{total:,.2f}", f"{total / case.messages * 1_000_000:,.0f}"]


def _assumed() -> Iterator[str]:
    rows = ([what, source, f"{value:,.15g}"] for what, value, source in Assumptions.table())
    return table("Assumptions", ("what", "source", "value"), rows, 2)


def _seconds(seconds: float) -> str:
    if seconds >= _HOUR:
        return f"{seconds / _HOUR:,.1f} h"
    return f"{seconds / _MINUTE:.1f} min" if seconds >= 2 * _MINUTE else f"{seconds:.0f} s"
