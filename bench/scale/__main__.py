"""Simulate batches, and write docs/costs.md and the prices of docs/migrate.

python -m bench.scale
python -m bench.scale --measured status.json --cpu 215.3 --concurrency 4 --about "2 processors, make run"

`status.json` is the output of `herald batch status ID --json` for a run of examples/; `--cpu` is the CPU time in
seconds of the synthesizing processes, including encoding and storing. The run is saved to bench/scale/measured.json.
"""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.scale import migration, report


def main() -> None:
    """Save a measured run, if given, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__.partition("\n")[0])
    parser.add_argument("--measured", type=Path, metavar="FILE", help="output of herald batch status ID --json")
    parser.add_argument("--cpu", type=float, metavar="SECONDS", help="CPU time of the synthesizing processes")
    parser.add_argument("--concurrency", type=int, metavar="N", help="concurrent children")
    parser.add_argument("--about", default="", help="the machine and the setup")
    parser.add_argument("--note", default="", help="further notes")
    options = parser.parse_args()
    if options.measured:
        if options.cpu is None or options.concurrency is None:
            parser.error("--measured needs --cpu and --concurrency")
        report.MEASURED.write_text(json.dumps(_measured(options), indent=2) + "\n", encoding="utf-8")
    report.write()
    migration.write()
    sys.stdout.write(f"{report.PAGE}\n")


moment = datetime.fromisoformat


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    batch = json.loads(options.measured.read_text(encoding="utf-8"))
    return {
        "about": f"{batch['ended_at'][:10]}: {options.about}, {options.concurrency} at once.",
        "note": options.note,
        "files": batch["counts"]["done"],
        "seconds": (moment(batch["ended_at"]) - moment(batch["begun_at"])).total_seconds(),
        "audio_seconds": batch["audio_seconds"],
        "sentences_spoken": batch["sentences"]["spoken"],
        "price": batch["price"],
        "cpu_seconds": options.cpu,
        "concurrency": options.concurrency,
    }


if __name__ == "__main__":
    main()
