"""The measurements. Each returns one row of raw values per round; medians are computed later."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.files import DEFAULT_VOICE
from bench.limit import MEGABYTES_PER_PROCESSOR, limited, processors_seen, share_of
from bench.progress import say
from bench.requests.aws import at, stand_in
from bench.texts import TEXTS
from bench.workers import Worker
from herald.cli import LIBRARIES

type Row = dict[str, Any]

ENGINES = ("heart", "herald", "piper", "sherpa", "hibari")
_SETTLE = 0.05
"""Seconds between measurements; some engines' threads keep spinning after the last sample."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The extent of a run."""

    rounds: int
    threads: int
    texts: tuple[str, ...]
    files: Path
    """Folder written by bench.files."""

    def worker(self, engine: str, *, threads: int | None = None, **options: Any) -> Worker:  # noqa: ANN401
        """Return a worker, by default with the plan's number of threads and processors."""
        options = {"processors": self.threads} | options
        return Worker(engine, self.files, threads=threads or self.threads, **options)


def _announce(what: str, number: int, rounds: int) -> None:
    say(f"{what}: round {number} of {rounds}" if number else f"{what}: warming up")


def _turns[T](things: Sequence[T], number: int) -> Iterator[T]:
    """Yield the things in turn, rotated by the round's number, with a pause before each."""
    first = number % len(things)
    for thing in [*things[first:], *things[:first]]:
        time.sleep(_SETTLE)
        yield thing


def _spoken(answer: Row) -> Row:
    began = answer["began"]
    return {
        "first": answer["first"] - began,
        "total": answer["ended"] - began,
        "cpu": answer["cpu"],
        "audio": answer["audio"],
    }


def compare(plan: Plan) -> tuple[list[Row], list[Row]]:
    """Measure each text with each engine in turns; return the rows and each process's peak memory."""
    with ExitStack() as stack:
        workers = [stack.enter_context(plan.worker(engine)) for engine in ENGINES]
        for worker in workers:
            worker.loaded()
        _announce("Comparison", 0, plan.rounds)
        list(_side_by_side(plan, workers, 0))
        peaks = [{"engine": worker.engine, "bytes": worker.ask("peak")} for worker in workers]
        rows: list[Row] = []
        for number in range(1, plan.rounds + 1):
            _announce("Comparison", number, plan.rounds)
            rows += _side_by_side(plan, workers, number)
        return rows, peaks


def _side_by_side(plan: Plan, workers: list[Worker], number: int) -> Iterator[Row]:
    for text in plan.texts:
        for worker in _turns(workers, number):
            answer = worker.ask("speak", TEXTS[text])
            yield {"round": number, "engine": worker.engine, "text": text} | _spoken(answer)


STARTS: dict[str, tuple[str, dict[str, str]]] = {
    "heart": ("heart", LIBRARIES),
    "herald": ("herald", LIBRARIES),
    "piper": ("piper", {}),
    "piper, one BLAS thread": ("piper", LIBRARIES),
    "sherpa": ("sherpa", {}),
    "hibari": ("hibari", {}),
}
"""Engines and environments of process starts; piper-tts is also measured with Herald's settings."""


def starts(plan: Plan) -> list[Row]:
    """Measure the time from the start of a process to the first samples of the short text."""
    rows = []
    for number in range(plan.rounds + 1):
        _announce("Starting", number, plan.rounds)
        for name, (engine, environment) in _turns(list(STARTS.items()), number):
            with plan.worker(engine, environment=environment) as worker:
                load = worker.loaded() - worker.began
                first = worker.ask("speak", TEXTS["short"])["first"] - worker.began
            rows.append({"round": number, "engine": name, "load": load, "first": first})
    return [row for row in rows if row["round"]]


BATCH_SETTINGS = {
    "herald, processes": ("herald", False),
    "piper, processes": ("piper", False),
    "piper, threads": ("piper", True),
}
"""An engine, and whether one process has all threads instead of one process per thread."""


def batch(plan: Plan) -> list[Row]:
    """Measure the same work with several processes of one thread and with one process of several threads."""
    with ExitStack() as stack:
        teams = {
            name: [stack.enter_context(one) for one in _team(plan, engine, together=together)]
            for name, (engine, together) in BATCH_SETTINGS.items()
        }
        rows, rounds = [], max(2, plan.rounds // 2)
        for number in range(rounds + 1):
            _announce("Batch", number, rounds)
            rows += [
                {"round": number, "setting": name} | _all_at_once(plan, teams[name])
                for name in _turns(list(teams), number)
            ]
        return [row for row in rows if row["round"]]


def _team(plan: Plan, engine: str, *, together: bool) -> list[Worker]:
    if together:
        return [plan.worker(engine)]
    return [plan.worker(engine, threads=1) for _ in range(plan.threads)]


def _all_at_once(plan: Plan, team: list[Worker]) -> Row:
    texts = [TEXTS[text] for text in ("short", "sentence", "four")] * (plan.threads // len(team))
    for worker in team:
        worker.send("batch", texts)
    answers = [worker.receive() for worker in team]
    return {
        "wall": max(answer["ended"] for answer in answers) - min(answer["began"] for answer in answers),
        "cpu": sum(answer["cpu"] for answer in answers),
        "audio": sum(answer["audio"] for answer in answers),
    }


def arithmetic(plan: Plan) -> Row:
    """Measure the processor's floating-point operations per second and the voice's multiply-adds."""
    say("The arithmetic of the voice, and the processor's rate")
    return {
        "one": _products(plan, 1),
        "all": _products(plan, plan.threads),
        "multiply_adds": _one_answer(plan, "needed", TEXTS["sentence"]),
    }


def _products(plan: Plan, threads: int) -> float:
    count = str(threads)
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
    return _one_answer(plan, "products", "", environment=dict.fromkeys(names, count))


def _one_answer(plan: Plan, order: str, given: str, **options: Any) -> float:  # noqa: ANN401
    with plan.worker("arithmetic", **options) as worker:
        answer: float = worker.ask(order, given)
        return answer


_UNUSED = {
    "HERALD_ENABLE_GPU": "false",
    "HERALD_PRICES": "",
    "HERALD_RETENTION_DAYS": "90",
    "HERALD_INFREQUENT_ACCESS_DAYS": "30",
    "HERALD_SPEECH_MEMORY": "3008",
    "HERALD_WORKER_MEMORY": "1769",
    "HERALD_ARCHITECTURE": "x86_64",
    "HERALD_TABLE": "jobs",
    "HERALD_BUCKET": "audio",
    "HERALD_BUS": "events",
    "HERALD_STANDARD_QUEUE": "https://sqs.us-east-1.amazonaws.com/123456789012/standard",
    "HERALD_VIP_QUEUE": "https://sqs.us-east-1.amazonaws.com/123456789012/vip",
    "HERALD_GPU_QUEUE": "",
    "HERALD_KOKORO_QUEUE": "",
    "HERALD_BATCH_MACHINE": "arn:aws:states:us-east-1:123456789012:stateMachine:batch",
    "HERALD_MANIFEST_BUCKETS": "",
    "HERALD_CORS_ORIGINS": "",
    "HERALD_LINK_DOMAIN": "",
    "HERALD_LINK_KEY_A": "",
    "HERALD_LINK_KEY_B": "",
    "HERALD_LINK_SECRET": "",
    "HERALD_KEY_TABLE": "keys",
    "HERALD_JWT_ISSUER": "",
    "HERALD_JWT_AUDIENCE": "",
    "HERALD_JWT_TENANT_CLAIM": "sub",
    "HERALD_TOKEN_CHARACTERS_A_DAY": "100000",
    "HERALD_TOKEN_REQUESTS_A_SECOND": "5",
}
"""Settings that a function requires, but that are not used here."""
_COUNTED = 0.001
"""Response time in seconds of the stand-in for DynamoDB, which counts a request's characters."""


def function_environment(files: Path, megabytes: int) -> dict[str, str]:
    """Return the variables set by Lambda and the template. Tracing is off, for lack of a daemon."""
    return {
        "AWS_LAMBDA_FUNCTION_NAME": "herald",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(megabytes),
        "_LAMBDA_LAYERS_DIRS": str(files),
        "POWERTOOLS_SERVICE_NAME": "speech",
        "POWERTOOLS_METRICS_NAMESPACE": "Herald",
        "POWERTOOLS_TRACE_DISABLED": "1",
        "HERALD_DEFAULT_VOICE": DEFAULT_VOICE,
        "HERALD_VOICE_ALIASES": "",
        **LIBRARIES,
        **_UNUSED,
    }


def overhead(plan: Plan) -> list[Row]:
    """Measure the function's handler, and synthesis and encoding without it, in one process."""
    say("The handler")
    megabytes = plan.threads * MEGABYTES_PER_PROCESSOR
    with (
        stand_in(_COUNTED) as aws,
        plan.worker("function", environment=function_environment(plan.files, megabytes) | at(aws)) as worker,
    ):
        rows = [
            {"round": number, "text": text, "way": way} | worker.ask("time", [way, TEXTS[text]])
            for number in range(2 * plan.rounds + 1)
            for text in ("short", "sentence")
            for way in _turns(("handle", "bare"), number)
        ]
        return [row for row in rows if row["round"]]


def memory(plan: Plan, sizes: Sequence[int], processors: int) -> list[Row]:
    """Measure the handler with the share of processors of each memory size."""
    rows: list[Row] = []
    for megabytes in sizes:
        if processors_seen(megabytes) > processors:
            continue
        say(f"Memory: {megabytes} MB")
        rows += _with_memory(plan, megabytes)
    return rows


def _with_memory(plan: Plan, megabytes: int) -> Iterator[Row]:
    seen = processors_seen(megabytes)
    with (
        stand_in(_COUNTED) as aws,
        plan.worker(
            "function", processors=seen, environment=function_environment(plan.files, megabytes) | at(aws)
        ) as worker,
    ):
        for text in ("short", "sentence"):
            worker.ask("time", ["handle", TEXTS[text]])
        with limited(worker.pid, share_of(megabytes), seen):
            for number in range(1, plan.rounds + 1):
                for text in ("short", "sentence"):
                    time.sleep(_SETTLE)
                    answer = worker.ask("time", ["handle", TEXTS[text]])
                    yield {"round": number, "megabytes": megabytes, "text": text} | answer
