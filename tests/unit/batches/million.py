"""Plan a manifest of many rows, as plan_batch does, and print the resources used as JSON.

python -m tests.unit.batches.million ROWS [xlsx]
"""

import io
import json
import re
import sys
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter, process_time
from zipfile import ZIP_DEFLATED, ZipFile

from herald.batches.items import Tally
from herald.batches.manifest import read_rows
from tests.support.batch_samples import planner
from tests.support.workbooks import cells, workbook

SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
TEMPLATE = (Path(__file__).parents[3] / "examples" / "appointments.txt").read_text().strip()


def manifest(rows):
    """Yield CSV in blocks of 1,000 rows, one of which is invalid."""
    yield b"id,first_name,day,time\r\n"
    for first in range(0, rows, 1_000):
        lines = [f'c-{at:07d},"Anna ""{at}""",Monday,9:30 AM\r\n' for at in range(first, min(first + 1_000, rows))]
        lines[-1] = "bad,row\r\n"
        yield "".join(lines).encode()


def workbook_of(rows):
    """Yield the same list as a workbook, in which every name is a different shared text."""
    with TemporaryFile() as file:
        with ZipFile(file, "w", ZIP_DEFLATED) as made, ZipFile(io.BytesIO(workbook({"S": ""}))) as empty:
            for part in empty.namelist():
                if part not in {SHEET, TEXTS}:
                    made.writestr(part, empty.read(part))
            with made.open(TEXTS, "w") as texts:
                texts.write(b"<sst>")
                for at in range(rows):
                    texts.write(f"<si><t>Anna {at:07d}</t></si>".encode())
                texts.write(b"</sst>")
            with made.open(SHEET, "w") as sheet:
                sheet.write(b"<worksheet><sheetData>")
                sheet.write(cells([["id", "first_name", "day", "time"]]).encode())
                for at in range(rows):
                    value = '<c r="D1"><v>0.4</v></c>' if (at + 1) % 1_000 else ""
                    sheet.write(
                        f'<row><c r="A1" t="str"><v>c-{at:07d}</v></c><c r="B1" t="s"><v>{at}</v></c>'
                        f'<c r="C1"><v>46115</v></c>{value}</row>'.encode()
                    )
                sheet.write(b"</sheetData></worksheet>")
        file.seek(0)
        while block := file.read(1 << 18):
            yield block


def peak():
    """Return the peak resident memory in MB. getrusage would include that of the parent before the fork."""
    return int(re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)[1]) // 1_024


MANIFESTS = {"csv": manifest, "xlsx": workbook_of}


def main(rows, kind="csv"):
    started, cpu = perf_counter(), process_time()
    plan, tally, written = planner(template=TEMPLATE), Tally(), 0
    for part in plan.plan(read_rows(MANIFESTS[kind](rows), None, fields=plan.fields)):
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
    main(int(sys.argv[1]), *sys.argv[2:])
