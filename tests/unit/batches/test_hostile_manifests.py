"""Hostile manifests of tests/hostile/manifests/cases.jsonl, from bytes to plan, with the expected outcome of each.

A case has a `name`, a `manifest` (see tests/hostile/cases.py), optionally its `format` and `template`, and the outcome:
`refused` with a code, or `rows` as [line, id] and `errors` as [line, code]. `errors_of` counts many errors by code.
"""

from collections import Counter
from time import process_time

import pytest

from herald.batches.items import Tally
from herald.batches.manifest import read_rows
from herald.batches.rows import RowError
from herald.errors import InvalidManifest
from tests.hostile.cases import HERE, MARKER, build, read_lines
from tests.support.batch_samples import planner

CASES = read_lines(HERE / "manifests" / "cases.jsonl")
BLOCK = 65_536
SLOWEST = 2.0
"""CPU seconds for a case, which has up to 50 MB."""


def parts(case):
    """Yield each part of the plan, with the tally so far."""
    manifest = build(case["manifest"])
    data = manifest.encode() if isinstance(manifest, str) else manifest
    plan, tally = planner(template=case.get("template", "Hello {name}.")), Tally()
    blocks = (data[at : at + BLOCK] for at in range(0, len(data), BLOCK))
    for part in plan.plan(read_rows(blocks, case.get("format", "csv"), fields=plan.fields)):
        tally.add(part)
        yield part, tally


def error_of(case):
    with pytest.raises(InvalidManifest) as rejected:
        list(parts(case))
    return rejected.value


def errors_and_items(case):
    errors, items = [], []
    for part, _ in parts(case):
        if isinstance(part, RowError):
            errors.append(part)
        else:
            items += part
    return errors, items


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case):
    started = process_time()
    if "refused" in case:
        error = error_of(case)
        assert error.code == case["refused"]
        check_message(error.message)
    else:
        check(case, *errors_and_items(case))
    assert process_time() - started < SLOWEST


def check(case, errors, items):
    assert [[item.line, item.id] for item in items] == case["rows"]
    if "errors_of" in case:
        assert Counter(error.code for error in errors) == case["errors_of"]
    else:
        assert sorted([error.line, error.code] for error in errors) == case.get("errors", [])
    for error in errors[:100]:
        check_message(error.message)


def check_message(message):
    assert MARKER not in message.lower()
    assert 10 < len(message) < 400


def test_names_are_unique():
    assert [name for name, count in Counter(case["name"] for case in CASES).items() if count > 1] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_case_contains_the_marker_or_is_unmarked(case):
    assert (MARKER in str(case["manifest"])) != case.get("unmarked", False)
