"""docs/openapi.yaml says what the code does with batches."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from herald.handlers.batches import BatchListQuery, BatchPaths, ItemListQuery, describe_batch
from herald.handlers.http import HttpFunction
from herald.jobs.batches.counts import Counts
from herald.jobs.batches.listing import ItemView
from herald.jobs.batches.record import Record
from herald.jobs.batches.request import BatchRequest, Order, parse_batch_request
from herald.jobs.batches.sla import Sla
from herald.jobs.batches.states import BatchState
from herald.jobs.job import JobError
from tests.docs.openapi import OPENAPI, SCHEMAS, faults, kinds, resolved

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIMITS = ("minimum", "maximum", "maxLength", "minItems", "maxItems", "pattern", "enum")
REPORT = {f"{kind}_url": f"https://example.com/{kind}" for kind in ("csv", "jsonl", "summary")}
NEW = {"id": "batch_" + "0" * 32, "tenant": "acme", "fingerprint": "f", "created_at": NOON, "updated_at": NOON}
ENDED = {"begun_at": NOON, "speaking_at": NOON, "ended_at": NOON, "counts": Counts(rows=3, row_errors=1, done=2)}
BATCHES = {
    "new": Record(**NEW, order=Order(name="A")),
    "done": Record(**NEW, **ENDED, order=Order(name="A", deadline=NOON), state=BatchState.DONE, price="0.0001"),
    "failed": Record(
        **NEW, **ENDED, order=Order(name="A"), state=BatchState.FAILED, error=JobError(code="x", message="y")
    ),
}
ERROR = JobError(code="missing_value", message="The row has nothing.")
ITEMS = {
    "waiting": ItemView(line=2, id="p1", state="waiting"),
    "done": ItemView(line=2, id="p1", state="done", key="audio/a/0.mp3", seconds=1.5, price="0.0001"),
    "row_error": ItemView(line=2, id=None, state="row_error", error=ERROR),
}


def real(model):
    """The fields of a model's schema, each with its types and limits; a null that is allowed is one of its types."""
    schema = model.model_json_schema()

    def meant(field):
        return schema["$defs"][field["$ref"].rpartition("/")[2]] if "$ref" in field else field

    def flat(field):
        choices = [meant(one) for one in field.get("anyOf", [meant(field)])]
        choices = [inner for one in choices for inner in one.get("anyOf", [one])]
        limits = {name: one[name] for one in choices for name in LIMITS if name in one}
        types = {kind for one in choices for kind in kinds(one)}
        return {"type": types, "default": field.get("default"), **limits}

    return {name: flat(field) for name, field in schema["properties"].items()}


def documented(field):
    """The same of a documented field; an enum without its null."""
    field = resolved(field)
    limits = {name: field[name] for name in LIMITS if name in field}
    if "enum" in limits:
        limits["enum"] = [one for one in limits["enum"] if one is not None]
    return {"type": kinds(field), "default": field.get("default"), **limits}


def operation(path, method):
    return OPENAPI["paths"][path][method]


def test_it_has_the_fields_of_a_request():
    assert SCHEMAS["BatchRequest"]["required"] == BatchRequest.model_json_schema()["required"]
    assert SCHEMAS["BatchRequest"]["additionalProperties"] is False
    assert set(SCHEMAS["BatchRequest"]["properties"]) == set(BatchRequest.model_fields)


@pytest.mark.parametrize("field", [name for name in BatchRequest.model_fields if name not in {"metadata", "deadline"}])
def test_it_has_the_limits_of_a_field(field):
    assert documented(SCHEMAS["BatchRequest"]["properties"][field]) == real(BatchRequest)[field]


@pytest.mark.parametrize(
    ("path", "query"), [("/v1/batches", BatchListQuery), ("/v1/batches/{id}/items", ItemListQuery)]
)
def test_it_has_the_queries(path, query):
    told = {one["name"]: documented(one["schema"]) for one in operation(path, "get")["parameters"]}
    asked = {name: field | {"type": field["type"] - {"null"}} for name, field in real(query).items()}
    assert told == asked


def test_it_has_the_states():
    assert SCHEMAS["BatchState"]["enum"] == [state.value for state in BatchState]
    assert SCHEMAS["ItemState"]["enum"] == real(ItemListQuery)["state"]["enum"]
    verdicts = Sla.model_json_schema()["$defs"]["Verdict"]["enum"]
    assert SCHEMAS["Batch"]["properties"]["sla"]["properties"]["verdict"]["enum"] == verdicts


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_is_as_it_says(name):
    shown = json.loads(json.dumps(describe_batch(BATCHES[name], NOON, REPORT if name == "done" else None)))
    assert faults(shown, SCHEMAS["Batch"]) == []
    assert list(shown) == list(SCHEMAS["Batch"]["properties"]) == SCHEMAS["Batch"]["required"]
    assert list(shown["counts"]) == list(SCHEMAS["Counts"]["properties"])


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_is_as_it_says(name):
    parts = SimpleNamespace(audio=SimpleNamespace(link=lambda key, **_: f"https://example.com/{key}"))
    shown = BatchPaths(HttpFunction(), parts)._item(ITEMS[name])
    assert faults(shown, SCHEMAS["Item"]) == []
    assert list(shown) == list(SCHEMAS["Item"]["properties"]) == SCHEMAS["Item"]["required"]


@pytest.mark.parametrize("name", ["upload", "items", "s3"])
def test_examples_of_requests_are_requests(name):
    body = operation("/v1/batches", "post")["requestBody"]["content"]["application/json"]
    asked = json.dumps(body["examples"][name]["value"]).encode()
    headers = {"content-type": "application/json"}
    assert parse_batch_request(asked, headers, now=NOON, buckets={"my-lists"}, max_characters=100)


def test_the_fake_service_of_the_command_line_tells_the_same():
    """tests/unit/cli/service.py stands in for the API: it must not know another shape."""
    from tests.unit.cli.service import Service  # noqa: PLC0415

    service = Service(manifest=b"id\np1\np2\np3\n", state="done", bad_lines=(2,), failed_lines=(3,))
    batch, items = service.batch(), service.items(None)
    assert faults(batch, SCHEMAS["Batch"]) == []
    assert set(batch) == set(SCHEMAS["Batch"]["properties"])
    for item in items:
        assert faults(item, SCHEMAS["Item"]) == []
        assert set(item) == set(SCHEMAS["Item"]["properties"])
