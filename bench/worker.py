"""A process with one engine in it, commanded by lines of JSON: python -m bench.worker ENGINE FILES THREADS.

Little is imported here, because everything counts towards the time until an engine speaks.
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


class _Ear:
    """Counts samples, and remembers when the first came."""

    def __init__(self) -> None:
        self.samples = 0
        self.first = 0.0

    def __call__(self, samples: int) -> None:
        if not self.samples:
            self.first = monotonic()
        self.samples += samples


def _speak(engine: Any, text: str) -> dict[str, float]:  # noqa: ANN401  any engine
    ear, began, cpu = _Ear(), monotonic(), process_time()
    engine.speak(text, ear)
    ended, cpu = monotonic(), process_time() - cpu
    return {"began": began, "first": ear.first, "ended": ended, "cpu": cpu, "audio": ear.samples / engine.rate}


def _batch(engine: Any, texts: list[str]) -> dict[str, float]:  # noqa: ANN401
    began, cpu = monotonic(), process_time()
    samples = sum(engine.whole(text) for text in texts)
    return {"began": began, "ended": monotonic(), "cpu": process_time() - cpu, "audio": samples / engine.rate}


def _time(engine: Any, what: str, text: str) -> dict[str, float]:  # noqa: ANN401
    began, cpu = monotonic(), process_time()
    getattr(engine, what)(text)
    return {"seconds": monotonic() - began, "cpu": process_time() - cpu}


def _peak() -> float:
    """The most memory that this process ever held, in bytes."""
    if _STATUS.exists():
        # Not getrusage: Linux counts what the parent held when it started us.
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _obey(engine: Any, order: str, given: Any) -> Any:  # noqa: ANN401
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
    """Load, say when that was done, then obey one line after the other."""
    name, files, threads = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # functions and libraries write their logs to it
    engine = import_module(f"bench.engines.{name}").Engine(Path(files), int(threads))
    answers.write(json.dumps({"loaded": monotonic()}) + "\n")
    for line in sys.stdin:
        answers.write(json.dumps(_obey(engine, *json.loads(line))) + "\n")


if __name__ == "__main__":
    main()
