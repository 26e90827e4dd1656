"""Plan a manifest of many rows, as plan_batch does, and print the resources used as JSON.

python -m tests.unit.batches.million ROWS
"""

import json
import re
import sys
from pathlib import Path
from time import perf_counter, process_time

from herald.batches.items import Tally
from herald.batches.manifest import read_rows
from tests.support.batch_samples import planner

TEMPLATE = (Path(__file__).parents[3] / "examples" / "appointments.txt").read_text().strip()


def manifest(rows):
    """Yield CSV in blocks of 1,000 rows, one of which is invalid."""
    yield b"id,first_name,day,time\r\n"
    for first in range(0, rows, 1_000):
        lines = [f'c-{at:07d},"Anna ""{at}""",Monday,9:30 AM\r\n' for at in range(first, min(first + 1_000, rows))]
        lines[-1] = "bad,row\r\n"
        yield "".join(lines).encode()


def peak():
    """Return the peak resident memory in MB. getrusage would include that of the parent before the fork."""
    return int(re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)[1]) // 1_024


def main(rows):
    started, cpu = perf_counter(), process_time()
    plan, tally, written = planner(template=TEMPLATE), Tally(), 0
    for part in plan.plan(read_rows(manifest(rows), "csv", fields=plan.fields)):
        tally.add(part)
        written += (
            len(part.model_dump_json()) if hasattr(part, "code") else sum(len(item.model_dump_json()) for item in part)
        )
    summary = {
        "rows": tally.rows,
        "row_errors": tally.row_errors,
        "chunks": tally.chunks,
        "written_bytes": written,
        "seconds": round(perf_counter() - started, 2),
        "cpu_seconds": round(process_time() - cpu, 2),
        "resident_megabytes": peak(),
    }
    sys.stdout.write(json.dumps(summary) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
