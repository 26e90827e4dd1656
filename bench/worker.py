"""Worker process with one engine, controlled by JSON lines: python -m bench.worker ENGINE FILES THREADS.

Imports are minimal, because they count towards the start time of an engine.
"""

import json
import os
import resource
import sys
from importlib import import_module
from pathlib import Path
from time import monotonic, process_time
from typing import Any

_STATUS = Path("/proc/self/status")


class _Samples:
    """Counts samples and records the time of the first."""

    def __init__(self) -> None:
        self.samples = 0
        self.first = 0.0

    def __call__(self, samples: int) -> None:
        if not self.samples:
            self.first = monotonic()
        self.samples += samples


def _speak(engine: Any, text: str) -> dict[str, float]:  # noqa: ANN401  any engine
    received, began, cpu = _Samples(), monotonic(), process_time()
    engine.speak(text, received)
    ended, cpu = monotonic(), process_time() - cpu
    return {
        "began": began,
        "first": received.first,
        "ended": ended,
        "cpu": cpu,
        "audio": received.samples / engine.rate,
    }


def _batch(engine: Any, texts: list[str]) -> dict[str, float]:  # noqa: ANN401
    began, cpu = monotonic(), process_time()
    samples = sum(engine.whole(text) for text in texts)
    return {"began": began, "ended": monotonic(), "cpu": process_time() - cpu, "audio": samples / engine.rate}


def _time(engine: Any, what: str, text: str) -> dict[str, float]:  # noqa: ANN401
    began, cpu = monotonic(), process_time()
    getattr(engine, what)(text)
    return {"seconds": monotonic() - began, "cpu": process_time() - cpu}


def _peak() -> float:
    """Return the peak memory of this process in bytes."""
    if _STATUS.exists():
        # Not getrusage: on Linux it includes the parent's memory at the time of the fork.
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _execute(engine: Any, order: str, given: Any) -> Any:  # noqa: ANN401
    match order:
        case "speak":
            return _speak(engine, given)
        case "batch":
            return _batch(engine, given)
        case "time":
            return _time(engine, *given)
        case "peak":
            return _peak()
    return getattr(engine, order)(given)


def main() -> None:
    """Load the engine, report the time, then execute the orders of standard input."""
    name, files, threads = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # functions and libraries log to standard output
    engine = import_module(f"bench.engines.{name}").Engine(Path(files), int(threads))
    answers.write(json.dumps({"loaded": monotonic()}) + "\n")
    for line in sys.stdin:
        answers.write(json.dumps(_execute(engine, *json.loads(line))) + "\n")


if __name__ == "__main__":
    main()
