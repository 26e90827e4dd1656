"""Simulate batches, and write docs/costs.md.

python -m bench.scale
python -m bench.scale --measured status.json --cpu 215.3 --concurrency 4 --about "2 processors, make run"

`status.json` is what `herald batch status ID --json` tells of a run of examples/; `--cpu` are the processor's seconds
of the processes that spoke it, encoding and storing included. The run is remembered in bench/scale/measured.json.
"""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.scale import report


def main() -> None:
    """Take a measured run in, if there is one, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__.partition("\n")[0])
    parser.add_argument("--measured", type=Path, metavar="FILE", help="what herald batch status ID --json told")
    parser.add_argument("--cpu", type=float, metavar="SECONDS", help="of the processes that spoke")
    parser.add_argument("--concurrency", type=int, metavar="N", help="children that spoke at once")
    parser.add_argument("--about", default="", help="the machine, and how it was run")
    parser.add_argument("--note", default="", help="what else is to be known of it")
    options = parser.parse_args()
    if options.measured:
        if options.cpu is None or options.concurrency is None:
            parser.error("--measured needs --cpu and --concurrency")
        report.MEASURED.write_text(json.dumps(_taken(options), indent=2) + "\n", encoding="utf-8")
    report.write()
    sys.stdout.write(f"{report.PAGE}\n")


moment = datetime.fromisoformat


def _taken(options: argparse.Namespace) -> dict[str, Any]:
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
