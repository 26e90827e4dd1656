"""Batch requests are validated as strictly as job requests, and no error message repeats the input."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herald.batches.batch_request import (
    MOST_BODY_BYTES,
    BatchRequest,
    Order,
    S3Location,
    manifest_format,
    parse_batch_request,
)
from herald.errors import HeraldError
from tests.hostile.cases import HERE as HOSTILE
from tests.support.batch_samples import NOON

JSON = {"content-type": "application/json"}
MARKER = "quetzal"


def parse(body, headers=JSON):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse_batch_request(data, headers, tenant="acme", now=NOON, buckets={"lists"}, max_characters=1_000)


def request_with(**fields):
    return {"name": "Reminders", "template": "Hello {name}."} | fields


def test_defaults():
    request = parse({"name": "Reminders"})
    assert request == parse({"name": "Reminders", "deadline": None, "template": None, "items": None})
    assert request.deadline is None
    assert (request.template, request.items, request.place, request.manifest_format) == (None, None, None, None)
    assert (request.voice, request.response_format, request.speed) == ("alloy", "mp3", 1.0)
    assert (request.tolerated_failure_percent, request.items_per_child, request.max_concurrency) == (5.0, None, None)


def test_all_fields():
    request = parse(
        request_with(
            voice="reception", response_format="ulaw", sample_rate=8_000, speed=1, use_case="alert", retention="keep",
            priority="vip", deadline="2026-11-22T14:00:00+01:00", tolerated_failure_percent=0, max_concurrency=40,
            items_per_child=10, metadata={"campaign": "7"}, items=[{"name": "Anna"}],
        )
    )  # fmt: skip
    assert request.deadline == datetime(2026, 11, 22, 13, tzinfo=UTC)
    assert request.items == [{"name": "Anna"}]
    order = request.order
    assert type(order) is Order
    assert Order.model_validate_json(order.model_dump_json()) == order
    assert order.model_dump() == {k: v for k, v in request.model_dump().items() if k in Order.model_fields}


def test_an_order_with_unknown_fields_is_readable():
    order = parse(request_with()).order
    assert Order.model_validate(order.model_dump() | {"melody": "la"}) == order


def test_defaults_equal_those_of_jobs():
    job = Order(name="x").job("Hello.")
    shared = set(Order.model_fields) & set(type(job).model_fields)
    assert {name: getattr(job, name) for name in shared} == {name: getattr(Order(name="x"), name) for name in shared}


def test_a_template_has_up_to_200_fields():
    assert parse(request_with(template="{a}{b}" * 100)).template


def test_a_manifest_in_s3():
    request = parse(request_with(manifest="s3://lists/acme/2026/people+x%2By é.csv", manifest_format="jsonl"))
    assert request.place == S3Location(bucket="lists", key="acme/2026/people+x%2By é.csv")
    assert request.manifest_format == "jsonl"


REJECTED = [
    ({}, "missing_field", "name"),
    ({"name": ""}, "invalid_request", "name"),
    ({"name": f"{MARKER}\r\nX: y"}, "invalid_request", "name"),
    ({"name": MARKER * 20}, "invalid_request", "name"),
    ({"name": 7}, "invalid_request", "name"),
    (request_with(tenant=MARKER), "unknown_field", None),
    (request_with(state="done"), "unknown_field", None),
    (request_with(template=7), "invalid_request", "template"),
    (request_with(template=f"Hello {{{MARKER}"), "invalid_template", "template"),
    (request_with(template=f"{MARKER}" + "{a}" * 201), "invalid_template", "template"),
    (request_with(template=f"{MARKER}\u0000 {{name}}"), "invalid_text", "template"),
    (request_with(template=""), "nothing_to_speak", "template"),
    (request_with(template="..."), "nothing_to_speak", "template"),
    (request_with(template=f"<speak>{MARKER}</speak>{MARKER}"), "invalid_ssml", "template"),
    (request_with(template=MARKER * 143), "text_too_long", "template"),
    (request_with(voice=7), "invalid_request", "voice"),
    (request_with(voice=MARKER * 20), "invalid_request", "voice"),
    (request_with(speed=-1), "invalid_request", "speed"),
    (request_with(speed=1e9), "invalid_request", "speed"),
    (request_with(speed="1"), "invalid_request", "speed"),
    (request_with(sample_rate=True), "invalid_request", "sample_rate"),
    (request_with(use_case=f"{MARKER}!"), "invalid_request", "use_case"),
    (request_with(retention="forever"), "invalid_request", "retention"),
    (request_with(priority="first"), "invalid_request", "priority"),
    (request_with(deadline="2026-11-22T12:00:00Z"), "deadline_passed", "deadline"),
    (request_with(deadline="0001-01-01T00:00:00+00:00"), "deadline_passed", "deadline"),
    (request_with(deadline="2026-11-22T13:00:00"), "invalid_request", "deadline"),
    (request_with(deadline="2026-11-22"), "invalid_request", "deadline"),
    (request_with(deadline="0001-01-01T00:00:00+14:00"), "invalid_request", "deadline"),
    (request_with(deadline=f"tomorrow {MARKER}"), "invalid_request", "deadline"),
    (request_with(deadline=1_900_000_000), "invalid_request", "deadline"),
    (request_with(tolerated_failure_percent=-0.1), "invalid_request", "tolerated_failure_percent"),
    (request_with(tolerated_failure_percent=100.1), "invalid_request", "tolerated_failure_percent"),
    (request_with(tolerated_failure_percent="5"), "invalid_request", "tolerated_failure_percent"),
    (request_with(max_concurrency=0), "invalid_request", "max_concurrency"),
    (request_with(max_concurrency=1_001), "invalid_request", "max_concurrency"),
    (request_with(items_per_child=0), "invalid_request", "items_per_child"),
    (request_with(items_per_child=501), "invalid_request", "items_per_child"),
    (request_with(items_per_child=2.5), "invalid_request", "items_per_child"),
    (request_with(metadata={MARKER: 7}), "invalid_request", "metadata"),
    (request_with(items=[]), "invalid_request", "items"),
    (request_with(items=[{"name": "Anna"}] * 101), "invalid_request", "items"),
    (request_with(items=[MARKER]), "invalid_request", "items.0"),
    (request_with(items=[{"x": "y"}, {MARKER: 7}]), "invalid_request", "items.1"),
    (request_with(items=[{"x": ["y"]}]), "invalid_request", "items.0"),
    (request_with(items=[{"x": "y"}], manifest="s3://lists/a.csv"), "invalid_request", "items"),
    (request_with(items=[{"x": "y"}], manifest_format="csv"), "invalid_request", "items"),
    (request_with(manifest=f"https://{MARKER}/a.csv"), "invalid_request", "manifest"),
    (request_with(manifest="s3://lists/"), "invalid_request", "manifest"),
    (request_with(manifest="s3://../a.csv"), "invalid_request", "manifest"),
    (request_with(manifest="s3://lists/a\r\n.csv"), "invalid_request", "manifest"),
    (request_with(manifest="s3://lists/a\u0000"), "invalid_request", "manifest"),
    (request_with(manifest=f"s3://{MARKER}/a.csv"), "bucket_not_allowed", "manifest"),
    (request_with(manifest="s3://lists.evil/a.csv"), "bucket_not_allowed", "manifest"),
    (request_with(manifest_format="xls"), "invalid_request", "manifest_format"),
    ([], "invalid_json", None),
    (b"\xff", "invalid_json", None),
    (b'{"name": "a", "name": "b"}', "invalid_json", None),
    (b'{"name": "a", "speed": NaN}', "invalid_json", None),
    (b'{"name": "a", "tolerated_failure_percent": 1e400}', "invalid_request", "tolerated_failure_percent"),
    (b" " * (MOST_BODY_BYTES + 1), "body_too_large", None),
]


@pytest.mark.parametrize(("body", "code", "param"), REJECTED, ids=lambda value: repr(value)[:60])
def test_rejected(body, code, param):
    with pytest.raises(HeraldError) as rejected:
        parse(body)
    assert (rejected.value.code, rejected.value.param) == (code, param)
    assert MARKER not in rejected.value.message.lower()
    # Messages that list all fields are long.
    assert 10 < len(rejected.value.message) < 450


PLACES = [json.loads(line) for line in (HOSTILE / "manifest_places.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", PLACES, ids=lambda case: case["name"])
def test_a_manifest_must_be_in_the_tenants_folder(case):
    wanted = case["code"]
    if wanted is None:
        assert parse(request_with(manifest=case["manifest"])).place.key.startswith("acme/")
        return
    with pytest.raises(HeraldError) as rejected:
        parse(request_with(manifest=case["manifest"]))
    assert (rejected.value.code, rejected.value.param) == (wanted, "manifest")
    assert MARKER not in rejected.value.message


def test_not_json():
    with pytest.raises(HeraldError) as rejected:
        parse(request_with(), {"content-type": "text/csv"})
    assert rejected.value.code == "unsupported_media_type"


@given(st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=3_000)), st.integers(-14, 14))
def test_a_deadline_is_converted_to_utc_and_must_be_in_the_future(later, hours):
    from datetime import timezone  # noqa: PLC0415  used only here

    local = (NOON + later).astimezone(timezone(timedelta(hours=hours)))
    assert parse(request_with(deadline=local.isoformat())).deadline == NOON + later
    with pytest.raises(HeraldError):
        parse(request_with(deadline=(NOON - later).astimezone(local.tzinfo).isoformat()))


@pytest.mark.parametrize(
    ("name", "content_type", "written"),
    [
        ("people.csv", None, "csv"),
        ("a/b/PEOPLE.JSONL", None, "jsonl"),
        ("people.ndjson", "text/csv", "jsonl"),
        ("people.csv", "application/jsonl", "csv"),
        ("people", "application/x-ndjson; charset=utf-8", "jsonl"),
        (None, "Application/JSONL", "jsonl"),
        (None, "text/csv", None),
        ("people.xlsx", "text/csv", "xlsx"),
        (None, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        (None, "binary/octet-stream", None),
        (None, None, None),
        ("people.txt", None, None),
    ],
)
def test_manifest_format_detection(name, content_type, written):
    assert manifest_format(name, content_type) == written


def test_inherited_fields_are_strict():
    assert BatchRequest.model_config["strict"]
    assert BatchRequest.model_config["extra"] == "forbid"
