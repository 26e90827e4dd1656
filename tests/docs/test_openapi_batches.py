"""docs/openapi.yaml says what the code does with batches."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import get_args

import pytest

from herald.batches.batch import Batch, BatchState, Counts
from herald.batches.batch_events import Verdict
from herald.batches.batch_request import Order, parse_batch_request
from herald.batches.report import ItemState, ReportLine
from herald.jobs.job import JobError
from herald.web.batch_routes import BatchListQuery, ItemListQuery, describe_batch, describe_item
from tests.docs.openapi import SCHEMAS, faults, model, operation

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
REPORT = {f"{kind}_url": f"https://example.com/{kind}" for kind in ("csv", "jsonl", "summary")}
NEW = {"id": "batch_" + "0" * 32, "tenant": "acme", "fingerprint": "f", "created_at": NOON, "updated_at": NOON}
ENDED = {"begun_at": NOON, "speaking_at": NOON, "ended_at": NOON, "counts": Counts(rows=3, row_errors=1, done=2)}
BATCHES = {
    "new": Batch(**NEW, order=Order(name="A")),
    "done": Batch(**NEW, **ENDED, order=Order(name="A", deadline=NOON), state=BatchState.DONE, price="0.0001"),
    "failed": Batch(
        **NEW, **ENDED, order=Order(name="A"), state=BatchState.FAILED, error=JobError(code="x", message="y")
    ),
}
ITEMS = {
    "waiting": ReportLine(line=2, id="p1", state="waiting"),
    "done": ReportLine(line=2, id="p1", state="done", key="audio/a/0.mp3", seconds=1.5, price_usd=0.0001),
    "zipped": ReportLine(line=2, id="p1", state="done", key="audio/a/0.zip", member="p1.mp3", seconds=1.5),
    "row_error": ReportLine(line=2, id=None, state="row_error", code="missing_value", message="The row has nothing."),
}


def test_it_has_the_states():
    assert SCHEMAS["BatchState"]["enum"] == [state.value for state in BatchState]
    assert SCHEMAS["ItemState"]["enum"] == list(get_args(ItemState.__value__))
    assert SCHEMAS["Verdict"]["enum"] == list(get_args(Verdict.__value__))


@pytest.mark.parametrize(
    ("path", "query"), [("/v1/batches", BatchListQuery), ("/v1/batches/{id}/items", ItemListQuery)]
)
def test_it_has_the_queries(path, query):
    shown = {one["name"]: one["schema"] for one in operation(path, "get")["parameters"] if "$ref" not in one}
    assert {name: field.get("default") for name, field in shown.items()} == {
        name: field.default for name, field in query.model_fields.items()
    }
    assert shown["limit"]["maximum"] == (100 if query is BatchListQuery else 1_000)


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_is_as_it_says(name):
    shown = json.loads(json.dumps(describe_batch(BATCHES[name], NOON, REPORT if name == "done" else None)))
    assert faults(shown, model("Batch")) == []
    assert list(shown) == list(SCHEMAS["Batch"]["properties"]) == SCHEMAS["Batch"]["required"]
    assert list(shown["counts"]) == list(SCHEMAS["Counts"]["properties"])


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_is_as_it_says(name):
    links = SimpleNamespace(link=lambda key, **_: f"https://example.com/{key}")
    parts = SimpleNamespace(links=links, settings=SimpleNamespace(link_seconds=900))
    shown = describe_item(ITEMS[name], parts)
    assert faults(shown, model("Item")) == []
    assert list(shown) == list(SCHEMAS["Item"]["properties"]) == SCHEMAS["Item"]["required"]


@pytest.mark.parametrize("name", ["upload", "items", "s3"])
def test_examples_of_requests_are_requests(name):
    body = operation("/v1/batches", "post")["requestBody"]["content"]["application/json"]
    asked = json.dumps(body["examples"][name]["value"]).encode()
    headers = {"content-type": "application/json"}
    assert parse_batch_request(asked, headers, tenant="acme", now=NOON, buckets={"my-lists"}, max_characters=100)


def test_the_fake_service_of_the_command_line_tells_the_same():
    """tests/support/batch_api.py stands in for the API: it must not know another shape."""
    from tests.support.batch_api import Service  # noqa: PLC0415

    service = Service(manifest=b"id\np1\np2\np3\n", state="done", bad_lines=(2,), failed_lines=(3,))
    batch, items = service.batch(), service.items(None)
    assert faults(batch, model("Batch"), formats=False) == []
    assert set(batch) == set(SCHEMAS["Batch"]["properties"])
    for item in items:
        assert faults(item, model("Item"), formats=False) == []
        assert set(item) == set(SCHEMAS["Item"]["properties"])
