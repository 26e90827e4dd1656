"""The measurements: one row of raw values per call."""

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
"""A page takes a hundred times as long as a short message and varies less: a quarter of the rounds suffices."""
_WARMING = 2


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The extent of a run."""

    sizes: tuple[int, ...]
    rounds: int
    """Warm calls per text; a quarter for pages."""
    starts: int
    """Cold starts per text; none for pages."""
    pages: bool
    service_seconds: float
    """Response time of DynamoDB, which counts every request."""

    def rounds_of(self, text: str) -> int:
        """Return the number of warm calls for a text."""
        return self.rounds if text in _OFTEN else max(2, self.rounds // 4)

    @property
    def texts(self) -> tuple[str, ...]:
        """The names of the texts."""
        return _OFTEN + (_SELDOM if self.pages else ())


def split(sizes: tuple[int, ...], here: int) -> tuple[list[int], list[int]]:
    """Return the sizes that fit a machine with `here` processors, and those that need more."""
    return [size for size in sizes if share_of(size) <= here], [size for size in sizes if share_of(size) > here]


class Bench:
    """Starts the built function with a given memory."""

    def __init__(self, build: Path, template: dict[str, Any], *, files: Path, aws: str) -> None:
        self._build, self._template, self._files, self._aws = build, template, files, aws

    def environment(self, megabytes: int) -> dict[str, str]:
        """Return the function's environment for this memory."""
        return deployed.environment(self._template, self._build, megabytes, self._aws)

    @contextmanager
    def started(self, megabytes: int) -> Iterator[Worker]:
        """Yield a process with the function, limited to its share from the start."""
        seen = min(processors_seen(megabytes), processors())
        with ExitStack() as stack:
            worker = Worker(
                "function", self._files, threads=0, processors=seen, environment=self.environment(megabytes)
            )
            stack.enter_context(worker)
            stack.enter_context(limited(worker.pid, share_of(megabytes), seen))
            yield worker

    def cold(self, megabytes: int, text: str) -> Row:
        """Measure the time from process start to the first response."""
        with self.started(megabytes) as worker:
            worker.ask("time", ["handle", TEXTS[text]])
            return {"megabytes": megabytes, "text": text, "start": "cold", "seconds": monotonic() - worker.began}

    def warm(self, megabytes: int, plan: Plan) -> Iterator[Row]:
        """Measure consecutive calls of one process."""
        with self.started(megabytes) as worker:
            for _ in range(_WARMING):
                worker.ask("time", ["handle", TEXTS["sentence"]])
            for text in plan.texts:
                for _ in range(plan.rounds_of(text)):
                    answer = worker.ask("time", ["handle", TEXTS[text]])
                    yield {"megabytes": megabytes, "text": text, "start": "warm"} | answer


def measure(build: Path, plan: Plan) -> tuple[list[Row], float]:
    """Return all rows, and the maximum of processors used by other processes while a size was measured.

    An uncounted first start compiles the modules.
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
    say(f"{megabytes:,} MB: {plan.starts} cold starts per text")
    for _ in range(plan.starts):
        for text in _OFTEN:
            yield bench.cold(megabytes, text)
    say(f"{megabytes:,} MB: {plan.rounds} warm calls per text")
    yield from bench.warm(megabytes, plan)
