"""A plan of many rows takes little memory. HERALD_ROWS=1000000 tries it with a million."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
ROWS = int(os.environ.get("HERALD_ROWS", "100000"))
MOST_MEGABYTES = 300


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads what Linux tells of a process")
def test_memory_of_a_plan():
    command = [sys.executable, "-m", "tests.unit.jobs.batches.million", str(ROWS)]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=600).stdout)
    assert (told["rows"], told["row_errors"]) == (ROWS, ROWS // 1_000)
    # 100 MB for Python and its modules; the hashes of ids may take the rest, as far as there are so many.
    assert told["resident_megabytes"] < 100 + (MOST_MEGABYTES - 100) * ROWS / 1_000_000
