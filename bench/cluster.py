"""Measure how much one processor of a cluster's node synthesizes, beside a function alone: python -m bench.cluster.

Each process has one thread, as a worker in a container and as the function `worker` at 1,769 MB. First one process runs
alone on a processor, like a function; then one on each processor of this machine, like pods on a full node.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from time import monotonic
from typing import IO, NamedTuple

from bench import ROOT, machine
from bench.progress import Failure
from bench.texts import TEXTS
from herald.cli.hosting_cost import NODE_PROCESSORS
from herald.pricing.pace import MEGABYTES_PER_PROCESSOR
from herald.pricing.prices import US_EAST_1, Prices
from herald.pricing.resources import gigabytes
from herald.speech.voices.catalog import DEFAULT_VOICE, Catalog

VOICES = ROOT / ".local" / "build" / "VoiceLayer" / "voices"
"""The voices of the last local build."""
_MILLION = 1_000_000
_FULLY_USED = 0.6
"""The fraction of the nodes' time in which they synthesize, as in `herald cost --cluster`."""


class Measured(NamedTuple):
    """The work of one process."""

    characters: int
    audio: float
    """Seconds."""
    seconds: float


class Throughput(NamedTuple):
    """The work of processes that ran at the same time, for each of their processors."""

    processes: int
    characters: float
    """A second."""
    audio: float
    """Seconds a second."""

    @classmethod
    def of(cls, measured: Sequence[Measured]) -> "Throughput":
        """Return the average of the processes."""
        count = len(measured)
        return cls(
            processes=count,
            characters=sum(one.characters / one.seconds for one in measured) / count,
            audio=sum(one.audio / one.seconds for one in measured) / count,
        )


def speak(seconds: float) -> Measured:
    """Synthesize the short texts of the benchmark in turn, as mp3, for some seconds."""
    from herald.speech.engine import Engine  # noqa: PLC0415  loads onnxruntime, which the parent does not need

    engine = Engine(Catalog([VOICES]), threads=1)
    texts = [TEXTS[name] for name in ("short", "sentence", "four")]
    for text in texts:
        engine.speak(text, voice=DEFAULT_VOICE, format="mp3")
    _write("ready")
    sys.stdin.readline()
    began, characters, audio = monotonic(), 0, 0.0
    for text in cycle(texts):
        audio += engine.speak(text, voice=DEFAULT_VOICE, format="mp3").seconds
        characters += len(text)
        if monotonic() - began > seconds and text is texts[-1]:
            break
    return Measured(characters, audio, monotonic() - began)


def measure(processors: Sequence[int], seconds: float) -> Throughput:
    """Run one process on each of the processors at the same time."""
    with _started(processors, seconds) as running:
        for process in running:
            _line(process)
        for process in running:
            assert process.stdin is not None  # noqa: S101  for the types
            process.stdin.write("go\n")
            process.stdin.flush()
        return Throughput.of([Measured(*json.loads(_line(process))) for process in running])


@contextmanager
def _started(processors: Sequence[int], seconds: float) -> Iterator[list[subprocess.Popen[str]]]:
    running = []
    try:
        for processor in processors:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "bench.cluster", "--seconds", str(seconds), "--only"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            running.append(process)
            if hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(process.pid, {processor})
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait()


def _line(process: subprocess.Popen[str]) -> str:
    lines: IO[str] | None = process.stdout
    line = lines.readline() if lines else ""
    if not line:
        raise Failure("A process has ended without a result; its error is above.")
    return line


def on_a_node(throughput: Throughput, prices: Prices, utilisation: float) -> Decimal:
    """Return the US dollars for a million characters on nodes that synthesize in a fraction of their time."""
    seconds = Decimal(str(_MILLION / throughput.characters / NODE_PROCESSORS / utilisation))
    return seconds / 3_600 * prices.node_hour


def in_lambda(throughput: Throughput, prices: Prices) -> Decimal:
    """Return the US dollars for a million characters in a function of one processor, without its calls."""
    seconds = Decimal(str(_MILLION / throughput.characters))
    return seconds * gigabytes(MEGABYTES_PER_PROCESSOR) * prices.gigabyte_second_x86_64


def table(alone: Throughput, full: Throughput, utilisation: float) -> list[str]:
    """Return the rows of docs/kubernetes.md."""
    prices = US_EAST_1
    node = on_a_node(full, prices, utilisation)
    rows = (
        ("function, one processor alone", alone, in_lambda(alone, prices)),
        (f"node with a worker on each of {full.processes} processors, {utilisation:.0%} used", full, node),
    )
    return [
        "| where | characters a second and processor | seconds of audio a second | $ a million characters |",
        "|---|---:|---:|---:|",
        *(f"| {name} | {one.characters:,.0f} | {one.audio:.1f} | {dollars:.2f} |" for name, one, dollars in rows),
    ]


def main() -> None:
    """Measure both, and print the machine and the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0, help="of each measurement (default: 30)")
    parser.add_argument("--utilisation", type=float, default=_FULLY_USED, help="of the nodes (default: 0.6)")
    parser.add_argument("--only", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        _write(json.dumps(speak(options.seconds)))
        return
    if not Path(VOICES, DEFAULT_VOICE).exists():
        raise Failure("There is no build with the default voice. Run: make .local/build/template.yaml")
    busy = os.getloadavg()[0]
    available = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [*range(machine.processors())]
    alone, full = measure(available[:1], options.seconds), measure(available, options.seconds)
    name, vectors = machine.processor()
    _write(f"{name}, {vectors}, {len(available)} processors, load before {busy:.2f}")
    _write("\n".join(table(alone, full, options.utilisation)))


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
