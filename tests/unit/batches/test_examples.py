"""The example manifests: 5,000 rows of four sentences, most of them shared by many rows."""

import csv
import io
import subprocess
import sys
from collections import Counter
from pathlib import Path

from herald.batches.items import Tally
from herald.batches.manifest import read_rows
from tests.support.batch_samples import planner

EXAMPLES = Path(__file__).parents[3] / "examples"
TEMPLATE = (EXAMPLES / "appointments.txt").read_text().strip()


def generated(rows):
    command = [sys.executable, EXAMPLES / "appointments.py", str(rows)]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


def test_a_wrong_command_line_writes_no_manifest():
    wrong = subprocess.run([sys.executable, EXAMPLES / "appointments.py", "many"], check=False, capture_output=True)
    assert (wrong.returncode, wrong.stdout) == (2, b"")


def planned(data):
    plan, tally, texts = planner(template=TEMPLATE, items_per_child=25), Tally(), []
    for part in plan.plan(read_rows([data], "csv", fields=plan.fields)):
        tally.add(part)
        texts += [item.text for item in part]
    return tally, texts


def test_five_thousand_rows():
    data = generated(5_000)
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert len({row["first_name"] for row in rows}) == 1_000
    assert len({(row["day"], row["time"]) for row in rows}) == 80
    tally, texts = planned(data)
    assert (tally.rows, tally.row_errors, tally.items, tally.chunks) == (5_000, 0, 5_000, 200)
    sentences = [text.split(". ") for text in texts]
    assert Counter(map(len, sentences)) == {4: 5_000}
    assert [len(set(one)) for one in zip(*sentences, strict=True)] == [1_000, 80, 1, 1]
    assert len(set(texts)) == 5_000


def test_the_small_manifest_is_a_prefix_of_the_generated_one():
    data = (EXAMPLES / "people.csv").read_bytes()
    assert generated(12) == data
    assert planned(data)[0].items == 12
