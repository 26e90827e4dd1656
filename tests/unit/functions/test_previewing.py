"""POST /v1/batches/preview: what a batch will say, what is wrong with its rows, and its price, before it is sent."""

from base64 import b64encode

import pytest

from tests.docs.openapi import faults, model
from tests.hostile.cases import HERE, build, read_lines
from tests.support.http_events import ANYBODY
from tests.support.workbooks import cells, workbook
from tests.unit.functions.conftest import MARKER, logged

PATH = "/v1/batches/preview"
LIST = "id;First Name;Day;Notes\np1;Ada;3.4.2026;vip\np2;;4.4.2026;\n;;;\np3;Abe;5.4.2026\n"
TEMPLATE = "Hallo {first_name}, bis {day}. Danke."


def preview(http, **fields):
    answer = http("POST", PATH, {"template": TEMPLATE, "tolerated_failure_percent": 50, "sample": LIST} | fields)
    assert answer.status == 200, answer.json
    assert faults(answer.json, model("BatchPreview")) == []
    return answer.json


def test_it_shows_columns_examples_and_errors(http):
    shown = preview(http)
    assert (shown["format"], shown["encoding"], shown["separator"]) == ("csv", "UTF-8", ";")
    assert [(one["name"], one["field"]) for one in shown["columns"]] == [
        ("id", "id"), ("First Name", "first_name"), ("Day", "day"), ("Notes", None),
    ]  # fmt: skip
    assert shown["remarks"] == [
        "The fields are separated by semicolons.",
        "The field {first_name} was read from 'First Name'.",
    ]
    assert (shown["rows"], shown["row_errors"], shown["error"]) == (3, 1, None)
    (error,) = shown["errors"]
    assert (error["line"], error["id"], error["code"]) == (3, "p2", "missing_value")
    assert "{first_name}" in error["message"]
    assert [(one["line"], one["id"], one["text"]) for one in shown["examples"]] == [
        (2, "p1", "Hallo Ada, bis 3.4.2026. Danke."), (5, "p3", "Hallo Abe, bis 5.4.2026. Danke."),
    ]  # fmt: skip
    assert shown["examples"][0]["spoken"].startswith("Hallo Ada, bis dritten April")


def test_the_estimate_grows_with_the_rows_and_shares_sentences(http):
    small, large = preview(http)["estimate"], preview(http, rows=200_001)["estimate"]
    assert (small["rows"], large["rows"]) == (2, 200_000)
    assert large["characters"] == small["characters"] * 100_000
    assert 0 < large["price_per_file"] < small["price_per_file"]
    assert large["price"] > small["price"]
    assert large["seconds"] > small["seconds"] > 0
    assert preview(http, rows=200_001, retention="keep")["estimate"]["price"] > large["price"]


@pytest.mark.parametrize(
    ("fields", "code", "columns"),
    [
        ({"sample": "given,day\nAda,x\n"}, "missing_column", 2),
        ({"sample": "\n"}, "manifest_empty", 0),
        ({"tolerated_failure_percent": 10}, "too_many_failures", 4),
        ({"sample": "[\n{}]"}, "invalid_manifest", 0),
    ],
)
def test_what_would_fail_the_batch_is_an_error_of_the_preview(http, fields, code, columns):
    shown = preview(http, **fields)
    assert shown["error"]["code"] == code
    assert len(shown["columns"]) == columns


def test_the_last_row_of_a_beginning_is_not_looked_at(http):
    assert preview(http, sample="first_name,day\nAda,heute\nAbe,", is_beginning=True)["row_errors"] == 0
    assert preview(http, sample="first_name,day\nAda,heute\nAbe,")["row_errors"] == 1


def test_bytes_in_any_encoding(http):
    data = b64encode("first_name;day\nZoë;heute\n".encode("cp1252")).decode()
    shown = preview(http, sample=None, sample_base64=data)
    assert (shown["encoding"], shown["examples"][0]["text"]) == ("Windows-1252", "Hallo Zoë, bis heute. Danke.")


def test_a_workbook(http):
    data = workbook({"Kunden": cells([["Liste"], ["Vorname", "Day"], ["Ada", "heute"]]), "Alt": cells([["x"]])})
    shown = preview(http, template="Hallo {vorname}, bis {day}.", sample=None, sample_base64=b64encode(data).decode())
    assert (shown["format"], shown["separator"], shown["rows"], shown["error"]) == ("xlsx", None, 1, None)
    assert "'Kunden'" in shown["remarks"][0]
    assert [(one["line"], one["text"]) for one in shown["examples"]] == [(3, "Hallo Ada, bis heute.")]


def test_items_are_previewed_as_a_batch_takes_them(http):
    shown = preview(http, sample=None, items=[{"First Name": "Ada", "day": "heute"}], name="Reminders")
    assert (shown["format"], shown["examples"][0]["text"]) == ("jsonl", "Hallo Ada, bis heute. Danke.")


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"sample": None}, "sample"),
        ({"items": [{"day": "x"}]}, "sample"),
        ({"sample": None, "sample_base64": "%"}, "sample_base64"),
        ({"template": "{"}, "template"),
        ({"voice": MARKER}, "voice"),
        ({"rows": 0}, "rows"),
        ({"manifest": "s3://lists/x"}, None),
    ],
)
def test_a_wrong_request_is_refused(http, fields, param):
    answer = http("POST", PATH, {"template": TEMPLATE, "sample": LIST} | fields)
    assert (answer.status, answer.json["error"]["param"]) == (400, param)
    assert MARKER not in answer.body


def test_many_rows_are_counted_and_only_the_first_errors_listed(http):
    shown = preview(http, sample="first_name,day\n" + "Ada,heute\n" * 1_500 + "Ada,\n" * 1_500)
    assert (shown["rows"], shown["row_errors"], len(shown["errors"])) == (3_000, 1_500, 1_000)


def test_it_is_free_and_logs_no_text(http, capsys):
    before = http("GET", "/v1/usage").json["today"]["characters"]
    preview(http, sample=f"first_name,day\n{MARKER},heute\n")
    assert http("GET", "/v1/usage").json["today"]["characters"] == before
    out = capsys.readouterr().out
    assert MARKER not in out
    assert [line["rows"] for line in logged(out) if line.get("message") == "previewed"] == [1]


def test_it_needs_the_scope_of_batches(http):
    speech_only = ANYBODY.context() | {"scopes": "speech"}
    body = {"template": TEMPLATE, "sample": LIST}
    assert http("POST", PATH, body, context=speech_only).refusal == (403, "scope_missing")


HOSTILE = [
    case
    for case in read_lines(HERE / "manifests" / "cases.jsonl")
    if len(build(case["manifest"])) <= 900_000 and case["name"] != "an unknown speaker"  # of a voice that is not here
]


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case["name"])
def test_hostile_manifests_are_previewed_as_they_are_planned(http, case):
    manifest = build(case["manifest"])
    data = manifest.encode("utf-8", "surrogatepass") if isinstance(manifest, str) else manifest
    shown = preview(
        http,
        template=case.get("template", "Hello {name}."),
        manifest_format=case.get("format", "csv"),
        tolerated_failure_percent=100,
        sample=None,
        sample_base64=b64encode(data).decode(),
    )
    assert (shown["error"] and shown["error"]["code"]) == case.get("refused")
    if "errors" in case:
        assert sorted([one["line"], one["code"]] for one in shown["errors"]) == case["errors"]
    if shown["error"] is None:
        assert [[one["line"], one["id"]] for one in shown["examples"]] == case["rows"][:5]
        assert shown["rows"] - shown["row_errors"] == len(case["rows"])
    for one in [shown["error"], *shown["errors"][:100]]:
        assert MARKER not in (one or {"message": ""})["message"].lower()
