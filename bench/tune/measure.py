"""The measurements: rows, one for each answer, of what the clocks said."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from bench.limit import limited, processors_seen, share_of
from bench.machine import processors
from bench.progress import say
from bench.requests.aws import stand_in
from bench.spreads import Row
from bench.texts import TEXTS
from bench.tune import deployed
from bench.tune.others import Others
from bench.workers import Worker

_OFTEN, _SELDOM = ("short", "sentence"), ("page",)
"""A page takes a hundred times as long as a short message, and spreads less: it has a quarter of the rounds."""
_WARMING = 2


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is measured."""

    sizes: tuple[int, ...]
    rounds: int
    """Warm answers to each text; of a page a quarter."""
    starts: int
    """Cold starts with each text; with a page none."""
    pages: bool
    service_seconds: float
    """Until DynamoDB, which counts every request, has answered."""

    def rounds_of(self, text: str) -> int:
        """Warm answers to a text."""
        return self.rounds if text in _OFTEN else max(2, self.rounds // 4)

    @property
    def texts(self) -> tuple[str, ...]:
        """What is spoken."""
        return _OFTEN + (_SELDOM if self.pages else ())


def split(sizes: tuple[int, ...], here: int) -> tuple[list[int], list[int]]:
    """Sizes whose share of processors a machine with so many has, and those of which it has too few."""
    return [size for size in sizes if share_of(size) <= here], [size for size in sizes if share_of(size) > here]


class Bench:
    """Starts the built function with any memory."""

    def __init__(self, build: Path, template: dict[str, Any], *, files: Path, aws: str) -> None:
        self._build, self._template, self._files, self._aws = build, template, files, aws

    def environment(self, megabytes: int) -> dict[str, str]:
        """What the function finds with so much memory."""
        return deployed.environment(self._template, self._build, megabytes, self._aws)

    @contextmanager
    def started(self, megabytes: int) -> Iterator[Worker]:
        """A process with the function, held to its share from its beginning on."""
        seen = min(processors_seen(megabytes), processors())
        with ExitStack() as stack:
            worker = Worker(
                "function", self._files, threads=0, processors=seen, environment=self.environment(megabytes)
            )
            stack.enter_context(worker)
            stack.enter_context(limited(worker.pid, share_of(megabytes), seen))
            yield worker

    def cold(self, megabytes: int, text: str) -> Row:
        """From the start of a process to its first answer."""
        with self.started(megabytes) as worker:
            worker.ask("time", ["handle", TEXTS[text]])
            return {"megabytes": megabytes, "text": text, "start": "cold", "seconds": monotonic() - worker.began}

    def warm(self, megabytes: int, plan: Plan) -> Iterator[Row]:
        """Answers of one process, one after the other."""
        with self.started(megabytes) as worker:
            for _ in range(_WARMING):
                worker.ask("time", ["handle", TEXTS["sentence"]])
            for text in plan.texts:
                for _ in range(plan.rounds_of(text)):
                    answer = worker.ask("time", ["handle", TEXTS[text]])
                    yield {"megabytes": megabytes, "text": text, "start": "warm"} | answer


def measure(build: Path, plan: Plan) -> tuple[list[Row], float]:
    """All rows, and the most processors that others used while a size was measured.

    A first start compiles what is not compiled yet, and is not counted.
    """
    template = deployed.read(build)
    with TemporaryDirectory() as folder, stand_in(plan.service_seconds) as aws:
        copied = Path(folder) / "build"
        deployed.copy(template, build, copied)
        bench = Bench(copied, template, files=Path(folder), aws=aws)
        deployed.check(copied, bench.environment(plan.sizes[0]))
        bench.cold(max(plan.sizes), "short")
        rows: list[Row] = []
        most = 0.0
        for megabytes in plan.sizes:
            others = Others()
            rows += _of_size(bench, megabytes, plan)
            most = max(most, others.used())
        return rows, most


def _of_size(bench: Bench, megabytes: int, plan: Plan) -> Iterator[Row]:
    say(f"{megabytes:,} MB: starting, {plan.starts} times with each text")
    for _ in range(plan.starts):
        for text in _OFTEN:
            yield bench.cold(megabytes, text)
    say(f"{megabytes:,} MB: answering, {plan.rounds} times to each text")
    yield from bench.warm(megabytes, plan)
