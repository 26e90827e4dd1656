"""Benchmark Herald, piper-tts and sherpa-onnx, and write docs/performance.md with its plots."""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import ROOT, machine, measure, plots, reading, report
from bench.curve import SIZES
from bench.files import VOICE
from bench.progress import Failure, exit_status, say
from bench.texts import TEXTS

DOCS = ROOT / "docs"
RESULTS = ROOT / "bench" / "results.json"
LOOK = ROOT / ".local" / "bench"
_BUSY = 0.5


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    main = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    main.add_argument("--rounds", type=_at_least(2), default=10, help="measured rounds (default: 10)")
    main.add_argument("--threads", type=_at_least(1), default=2, help="threads of each engine (default: 2)")
    look = LOOK.relative_to(ROOT)
    main.add_argument("--quick", action="store_true", help=f"3 rounds without the page text, written to {look} only")
    main.add_argument(
        "--redraw", action="store_true", help="write the page and plots from the last results, without measuring"
    )
    return main


def _at_least(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"must be an integer of {least} or more, not {text!r}")
        return int(text)

    return read


def run(plan: measure.Plan) -> dict[str, Any]:
    """Run all measurements and return their results."""
    about = machine.describe()
    if float(about["load"]) > _BUSY:
        say(f"Warning: this machine is busy (load {about['load']}); expect noisy results.")
    with TemporaryDirectory() as folder:
        plan = replace(plan, files=Path(folder))
        say("Preparing the voice")
        _prepare(folder)
        return {"machine": about, "voice": VOICE, "plan": {"rounds": plan.rounds, "threads": plan.threads}} | _all(plan)


def _prepare(folder: str) -> None:
    command = [sys.executable, "-m", "bench.files", folder]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise Failure(f"The voice could not be prepared:\n{done.stderr}")


def _all(plan: measure.Plan) -> dict[str, Any]:
    arithmetic = measure.arithmetic(plan)
    compare, peaks = measure.compare(plan)
    return {
        "arithmetic": arithmetic,
        "compare": compare,
        "peaks": peaks,
        "starts": measure.starts(plan),
        "batch": measure.batch(plan),
        "overhead": measure.overhead(plan),
        "reading": list(reading.measure(plan.rounds)),
        "memory": measure.memory(plan, SIZES, machine.processors()) if sys.platform == "linux" else [],
    }


def _write(results: dict[str, Any], file: Path, docs: Path) -> None:
    file.write_text(_lines(results), encoding="utf-8")
    plots.draw(results, docs)
    report.write(results, docs / "performance.md")
    say(f"Written: {file.relative_to(ROOT)}, {(docs / 'performance.md').relative_to(ROOT)} and its plots")


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise Failure(f"{file.relative_to(ROOT)} does not exist yet. Measure first: make bench")
    results: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return results


def _lines(results: dict[str, Any]) -> str:
    """Return the results as JSON, with one line per row."""
    parts = (f"{json.dumps(key)}: {_value(value)}" for key, value in results.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _value(value: Any) -> str:  # noqa: ANN401  any part of the results
    if isinstance(value, list):
        return "[\n" + ",\n".join(json.dumps(_rounded(row)) for row in value) + "\n]"
    return json.dumps(value, ensure_ascii=False)


def _rounded(row: measure.Row) -> measure.Row:
    return {key: round(value, 6) if isinstance(value, float) else value for key, value in row.items()}


def main() -> int:
    """Run the benchmark and return the exit status."""
    options = parser().parse_args()
    file, docs = RESULTS, DOCS
    if options.quick:
        LOOK.mkdir(parents=True, exist_ok=True)
        shutil.copy(DOCS / "performance.md", LOOK)
        file, docs = LOOK / RESULTS.name, LOOK
    texts = tuple(text for text in TEXTS if text != "page" or not options.quick)
    rounds = min(options.rounds, 3) if options.quick else options.rounds
    plan = measure.Plan(rounds=rounds, threads=options.threads, texts=texts, files=Path())
    return exit_status(lambda: _write(_read(file) if options.redraw else run(plan), file, docs))


if __name__ == "__main__":
    sys.exit(main())
