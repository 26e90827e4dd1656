"""Latency and price of the built speech function by memory size, with a recommendation: `make tune`.

Each size runs in a separate process with the function's code and layers from the build, limited to the share of
processors that Lambda allocates to that memory. A full run takes about 13 minutes and writes docs/tuning.md, its plot
and bench/tune/results.json; runs with --quick, --sizes or --output, or on a busy machine, do not change them.
"""

import argparse
import datetime as dt
import json
import os
import sys
from pathlib import Path
from typing import Any

from bench import ROOT, machine
from bench.progress import Failure, exit_status, say
from bench.tune import deployed, power_tuning, table
from bench.tune.measure import Plan, measure, split

SIZES = (512, 832, 1024, 1769, 2048, 3008, 3538, 5307)
BUILD = ROOT / ".local" / "build"
PAGE, RESULTS, LOOK = ROOT / "docs" / "tuning.md", ROOT / "bench" / "tune" / "results.json", ROOT / ".local" / "tune"
_LEAST, _MOST = 128, 10_240
_BUSY, _SHARED = 0.5, 0.1
"""Limits of the load per processor before a run, and of the processors used by others during it."""


def sizes(text: str) -> tuple[int, ...]:
    """Parse memory sizes such as "1024,1769"."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and _LEAST <= int(part) <= _MOST for part in parts):
        raise argparse.ArgumentTypeError(f"must be comma-separated sizes from {_LEAST} to {_MOST} MB, not {text!r}")
    return tuple(sorted({int(part) for part in parts}))


def count(text: str) -> int:
    """Parse an integer of 1 or more."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"must be an integer of 1 or more, not {text!r}")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    what, _, how = __doc__.partition("\n\n")
    main = argparse.ArgumentParser(prog="python -m bench.tune", description=what, epilog=how)
    main.add_argument("--sizes", type=sizes, help=f"MB to measure (default: {','.join(map(str, SIZES))})")
    main.add_argument("--rounds", type=count, default=20, help="warm calls per text (default: %(default)s)")
    main.add_argument("--starts", type=count, default=10, help="cold starts per text (default: %(default)s)")
    main.add_argument(
        "--service",
        type=float,
        default=5,
        metavar="MS",
        help="response time of DynamoDB in ms (default: %(default)s)",
    )
    main.add_argument("--output", type=Path, metavar="FILE", help="the plot, as .svg, .png or .pdf")
    main.add_argument("--quick", action="store_true", help="few rounds, without the page text")
    main.add_argument("--redraw", action="store_true", help="report and plot the last full run, without measuring")
    main.add_argument(
        "--input-for-power-tuning",
        nargs="?",
        const=power_tuning.ARN,
        metavar="ARN",
        help="print the input of AWS Lambda Power Tuning for a function, without measuring",
    )
    return main


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Run the measurements that the options select."""
    if sys.platform != "linux":
        raise Failure("Limiting a process to a share of the processors needs Linux.")
    about, template = _machine(), deployed.read(BUILD)
    possible, left_out = split(options.sizes or SIZES, about["processors"])
    if not possible:
        raise Failure(f"This machine has {about['processors']} processors, too few for all of these sizes.")
    plan = Plan(
        sizes=tuple(possible),
        rounds=min(options.rounds, 5) if options.quick else options.rounds,
        starts=min(options.starts, 2) if options.quick else options.starts,
        pages=not options.quick,
        service_seconds=options.service / 1000,
    )
    rows, others = measure(BUILD, plan)
    return {
        "about": about | {"others": round(others, 2)},
        "plan": {"rounds": plan.rounds, "starts": plan.starts, "service_ms": options.service},
        "defaults": {name: deployed.default(template, name) for name in ("SpeechMemorySize", "WorkerMemorySize")},
        "left_out": left_out,
        "rows": rows,
    }


def _machine() -> dict[str, Any]:
    """Return a description of the machine."""
    name, vectors = machine.processor()
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "processor": f"{name} with {vectors}" if vectors else name,
        "processors": machine.processors(),
        "load": round(os.getloadavg()[0], 2),
    }


def reason(results: dict[str, Any], options: argparse.Namespace) -> str | None:
    """Return why the docs are not updated with a run; None if they are."""
    about = results["about"]
    if options.quick or options.sizes or options.output:
        return "This was not a full run"
    if about["load"] > _BUSY * about["processors"]:
        return f"The machine was busy (load {about['load']})"
    if about["others"] > _SHARED:
        return f"Other processes used {about['others']} processors during the run"
    return None


def report(results: dict[str, Any], options: argparse.Namespace) -> None:
    """Print the tables; write the plot and, after a full run, the docs."""
    from bench.tune import plot  # noqa: PLC0415  not loaded during measurements

    text = table.describe(results)
    sys.stdout.write(f"\n{text}\n\n")
    why_not = reason(results, options)
    file = options.output or (LOOK / "tuning.svg" if why_not else PAGE.with_suffix(".svg"))
    file.parent.mkdir(parents=True, exist_ok=True)
    plot.draw(results, file)
    say(f"Plot: {file}")
    if why_not:
        say(f"{why_not}: {PAGE.relative_to(ROOT)} is not updated.")
        return
    table.write(text, PAGE)
    RESULTS.write_text(_lines(results), encoding="utf-8")
    say(f"Written: {PAGE.relative_to(ROOT)}, {RESULTS.relative_to(ROOT)}")


def _lines(results: dict[str, Any]) -> str:
    """Return the results as JSON, with one line per row."""
    rest = json.dumps(results | {"rows": []})
    rows = (json.dumps({key: round(value, 6) if isinstance(value, float) else value for key, value in row.items()})
            for row in results["rows"])  # fmt: skip
    return rest.removesuffix("[]}") + "[\n" + ",\n".join(rows) + "\n]}\n"


def _last() -> dict[str, Any]:
    if not RESULTS.is_file():
        raise Failure(f"{RESULTS.relative_to(ROOT)} does not exist yet. Measure first: make tune")
    results: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return results


def main() -> int:
    """Run the command and return the exit status."""
    options = parser().parse_args()
    if options.input_for_power_tuning:
        wanted = power_tuning.given(options.sizes or SIZES, options.input_for_power_tuning)
        sys.stdout.write(json.dumps(wanted, indent=2) + "\n")
        return 0
    return exit_status(lambda: report(_last() if options.redraw else run(options), options))


if __name__ == "__main__":
    sys.exit(main())
