"""Shared helpers of the batch tests."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from herald.batches.batch import Batch
from herald.batches.batch_request import Order
from herald.batches.manifest import read_rows
from herald.batches.manifest_records import ManifestLimits
from herald.batches.planner import ItemPlanner
from herald.batches.rows import RowError
from herald.jobs.routing import Policy
from tests.support.voice_catalog import resolver

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
POLICY = Policy(realtime_characters=4_096, longform_characters=20_000, gpu=True)
NO_GPU = Policy(realtime_characters=4_096, longform_characters=20_000, gpu=False)

ENDS = st.sampled_from(["\n", "\r\n", "\r"])
"""Line terminators."""
SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=8)
"""Block sizes of a manifest's bytes."""


def order(**fields):
    return Order(**{"name": "Reminders"} | fields)


def planner(*, policy=POLICY, max_characters=100_000, voices=None, **fields):
    known = replace(resolver(policy), voices=voices) if voices else resolver(policy)
    return ItemPlanner(order=order(**fields), tenant="acme", resolver=known, max_characters=max_characters)


def batch(*, deadline=None, **fields):
    """Return a batch; `deadline` is relative to noon."""
    options = order(deadline=deadline and NOON + deadline)
    defaults = {"id": "batch_" + "0" * 32, "tenant": "acme", "fingerprint": "f", "created_at": NOON, "updated_at": NOON}
    return Batch(**defaults | {"order": options} | fields)


def parted(rows):
    """Split into rows, and the errors as (line, code)."""
    rows = [*rows]
    errors = [(row.line, row.code) for row in rows if isinstance(row, RowError)]
    return [row for row in rows if not isinstance(row, RowError)], errors


def cut(data, sizes):
    """Yield the data in blocks, cycling through `sizes`."""
    at, turn = 0, 0
    while at < len(data):
        size = sizes[turn % len(sizes)]
        yield data[at : at + size]
        at, turn = at + size, turn + 1


def rows(text, written_as="csv", fields=("name",), **limits):
    data = text if isinstance(text, bytes) else text.encode()
    return parted(read_rows([data], written_as, fields=fields, limits=ManifestLimits(**limits)))
