"""Requests for batches: as strict as those for jobs, and no refusal repeats what was sent."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herald.errors import HeraldError
from herald.jobs.batches.request import (
    MOST_BODY_BYTES,
    BatchRequest,
    Order,
    Place,
    manifest_format,
    parse_batch_request,
)
from tests.hostile.cases import HERE as HOSTILE
from tests.unit.jobs.batches.world import NOON

JSON = {"content-type": "application/json"}
MARKER = "quetzal"


def parse(body, headers=JSON):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse_batch_request(data, headers, tenant="acme", now=NOON, buckets={"lists"}, max_characters=1_000)


def asked(**fields):
    return {"name": "Reminders", "template": "Hello {name}."} | fields


def test_what_is_left_out():
    request = parse({"name": "Reminders"})
    assert (request.template, request.items, request.place, request.manifest_format) == (None, None, None, None)
    assert (request.voice, request.response_format, request.speed) == ("alloy", "mp3", 1.0)
    assert (request.tolerated_failure_percent, request.items_per_child, request.max_concurrency) == (5.0, 25, None)


def test_all_of_it():
    request = parse(
        asked(
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


def test_an_order_of_a_later_version_can_be_read():
    order = parse(asked()).order
    assert Order.model_validate(order.model_dump() | {"melody": "la"}) == order


def test_defaults_of_jobs_are_those_of_batches():
    job = Order(name="x").job("Hello.")
    shared = set(Order.model_fields) & set(type(job).model_fields)
    assert {name: getattr(job, name) for name in shared} == {name: getattr(Order(name="x"), name) for name in shared}


def test_a_manifest_in_s3():
    request = parse(asked(manifest="s3://lists/acme/2026/people+x%2By é.csv", manifest_format="jsonl"))
    assert request.place == Place(bucket="lists", key="acme/2026/people+x%2By é.csv")
    assert request.manifest_format == "jsonl"


REFUSED = [
    ({}, "missing_field", "name"),
    ({"name": ""}, "invalid_request", "name"),
    ({"name": f"{MARKER}\r\nX: y"}, "invalid_request", "name"),
    ({"name": MARKER * 20}, "invalid_request", "name"),
    ({"name": 7}, "invalid_request", "name"),
    (asked(tenant=MARKER), "unknown_field", None),
    (asked(state="done"), "unknown_field", None),
    (asked(template=7), "invalid_request", "template"),
    (asked(template=f"Hello {{{MARKER}"), "invalid_template", "template"),
    (asked(template=f"{MARKER}\u0000 {{name}}"), "invalid_text", "template"),
    (asked(template=""), "nothing_to_speak", "template"),
    (asked(template="..."), "nothing_to_speak", "template"),
    (asked(template=f"<speak>{MARKER}</speak>"), "ssml_not_supported", "template"),
    (asked(template=MARKER * 143), "text_too_long", "template"),
    (asked(voice=7), "invalid_request", "voice"),
    (asked(voice=MARKER * 20), "invalid_request", "voice"),
    (asked(speed=-1), "invalid_request", "speed"),
    (asked(speed=1e9), "invalid_request", "speed"),
    (asked(speed="1"), "invalid_request", "speed"),
    (asked(sample_rate=True), "invalid_request", "sample_rate"),
    (asked(use_case=f"{MARKER}!"), "invalid_request", "use_case"),
    (asked(retention="forever"), "invalid_request", "retention"),
    (asked(priority="first"), "invalid_request", "priority"),
    (asked(deadline="2026-11-22T12:00:00Z"), "deadline_passed", "deadline"),
    (asked(deadline="0001-01-01T00:00:00+00:00"), "deadline_passed", "deadline"),
    (asked(deadline="2026-11-22T13:00:00"), "invalid_request", "deadline"),
    (asked(deadline="2026-11-22"), "invalid_request", "deadline"),
    (asked(deadline="0001-01-01T00:00:00+14:00"), "invalid_request", "deadline"),
    (asked(deadline=f"tomorrow {MARKER}"), "invalid_request", "deadline"),
    (asked(deadline=1_900_000_000), "invalid_request", "deadline"),
    (asked(tolerated_failure_percent=-0.1), "invalid_request", "tolerated_failure_percent"),
    (asked(tolerated_failure_percent=100.1), "invalid_request", "tolerated_failure_percent"),
    (asked(tolerated_failure_percent="5"), "invalid_request", "tolerated_failure_percent"),
    (asked(max_concurrency=0), "invalid_request", "max_concurrency"),
    (asked(max_concurrency=1_001), "invalid_request", "max_concurrency"),
    (asked(items_per_child=0), "invalid_request", "items_per_child"),
    (asked(items_per_child=501), "invalid_request", "items_per_child"),
    (asked(items_per_child=2.5), "invalid_request", "items_per_child"),
    (asked(metadata={MARKER: 7}), "invalid_request", "metadata"),
    (asked(items=[]), "invalid_request", "items"),
    (asked(items=[{"name": "Anna"}] * 101), "invalid_request", "items"),
    (asked(items=[MARKER]), "invalid_request", "items.0"),
    (asked(items=[{"x": "y"}, {MARKER: 7}]), "invalid_request", "items.1"),
    (asked(items=[{"x": ["y"]}]), "invalid_request", "items.0"),
    (asked(items=[{"x": "y"}], manifest="s3://lists/a.csv"), "invalid_request", "items"),
    (asked(items=[{"x": "y"}], manifest_format="csv"), "invalid_request", "items"),
    (asked(manifest=f"https://{MARKER}/a.csv"), "invalid_request", "manifest"),
    (asked(manifest="s3://lists/"), "invalid_request", "manifest"),
    (asked(manifest="s3://../a.csv"), "invalid_request", "manifest"),
    (asked(manifest="s3://lists/a\r\n.csv"), "invalid_request", "manifest"),
    (asked(manifest="s3://lists/a\u0000"), "invalid_request", "manifest"),
    (asked(manifest=f"s3://{MARKER}/a.csv"), "bucket_not_allowed", "manifest"),
    (asked(manifest="s3://lists.evil/a.csv"), "bucket_not_allowed", "manifest"),
    (asked(manifest_format="xlsx"), "invalid_request", "manifest_format"),
    ([], "invalid_json", None),
    (b"\xff", "invalid_json", None),
    (b'{"name": "a", "name": "b"}', "invalid_json", None),
    (b'{"name": "a", "speed": NaN}', "invalid_json", None),
    (b'{"name": "a", "tolerated_failure_percent": 1e400}', "invalid_request", "tolerated_failure_percent"),
    (b" " * (MOST_BODY_BYTES + 1), "body_too_large", None),
]


@pytest.mark.parametrize(("body", "code", "param"), REFUSED, ids=lambda value: repr(value)[:60])
def test_refused(body, code, param):
    with pytest.raises(HeraldError) as refused:
        parse(body)
    assert (refused.value.code, refused.value.param) == (code, param)
    assert MARKER not in refused.value.message.lower()
    # The names of all fields are long.
    assert 10 < len(refused.value.message) < 450


PLACES = [json.loads(line) for line in (HOSTILE / "manifest_places.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", PLACES, ids=lambda case: case["name"])
def test_a_manifest_is_read_only_from_the_tenants_own_folder(case):
    wanted = case["code"]
    if wanted is None:
        assert parse(asked(manifest=case["manifest"])).place.key.startswith("acme/")
        return
    with pytest.raises(HeraldError) as refused:
        parse(asked(manifest=case["manifest"]))
    assert (refused.value.code, refused.value.param) == (wanted, "manifest")
    assert MARKER not in refused.value.message


def test_not_json():
    with pytest.raises(HeraldError) as refused:
        parse(asked(), {"content-type": "text/csv"})
    assert refused.value.code == "unsupported_media_type"


@given(st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=3_000)), st.integers(-14, 14))
def test_a_deadline_is_in_utc_and_to_come(later, hours):
    from datetime import timezone  # noqa: PLC0415  # only here

    local = (NOON + later).astimezone(timezone(timedelta(hours=hours)))
    assert parse(asked(deadline=local.isoformat())).deadline == NOON + later
    with pytest.raises(HeraldError):
        parse(asked(deadline=(NOON - later).astimezone(local.tzinfo).isoformat()))


@pytest.mark.parametrize(
    ("name", "content_type", "written"),
    [
        ("people.csv", None, "csv"),
        ("a/b/PEOPLE.JSONL", None, "jsonl"),
        ("people.ndjson", "text/csv", "jsonl"),
        ("people.csv", "application/jsonl", "csv"),
        ("people", "application/x-ndjson; charset=utf-8", "jsonl"),
        (None, "Application/JSONL", "jsonl"),
        (None, "text/csv", "csv"),
        (None, "binary/octet-stream", "csv"),
        (None, None, "csv"),
        ("people.txt", None, "csv"),
    ],
)
def test_how_a_manifest_is_written(name, content_type, written):
    assert manifest_format(name, content_type) == written


def test_a_request_is_as_strict_about_what_it_inherits():
    assert BatchRequest.model_config["strict"]
    assert BatchRequest.model_config["extra"] == "forbid"
