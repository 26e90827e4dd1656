"""Planning many rows takes little memory. Set HERALD_ROWS=1000000 for a million rows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROWS = int(os.environ.get("HERALD_ROWS", "100000"))
MOST_MEGABYTES = 300


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_use_of_planning(kind):
    command = [sys.executable, "-m", "tests.unit.batches.million", str(ROWS), kind]
    summary = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=600).stdout)
    assert (summary["rows"], summary["row_errors"]) == (ROWS, ROWS // 1_000)
    # 100 MB for Python and its modules; the rest, in proportion to the rows, for the hashes of ids, and for the texts
    # of a workbook.
    assert summary["resident_megabytes"] < 100 + (MOST_MEGABYTES - 100) * ROWS / 1_000_000
