"""POST /v1/audio/reading: how a text will be said, free of charge, and refused as speech would be."""

import pytest

from tests.support.http_events import ANYBODY
from tests.support.job_samples import NOON
from tests.unit.functions.conftest import MARKER, logged

PATH = "/v1/audio/reading"


def test_a_reading_tells_what_is_said(http):
    answer = http("POST", PATH, {"input": "🎉 Sie zahlen 5 € am 3.4.2026."})
    assert answer.status == 200
    assert answer.json["voice"] == "de_DE-tiny-low"
    assert answer.json["language"] == "de-DE"
    assert answer.json["spoken"].startswith("Sie zahlen fünf Euro am dritten April")
    (sentence,) = answer.json["sentences"]
    found = {token["kind"]: (token["text"], token["text_start"], token["words"]) for token in sentence["tokens"]}
    assert found["money"] == ("5 €", 13, "fünf Euro")


def test_spans_in_utf16_and_markup(http):
    fields = {"input": "🎉 <b>5 €</b>", "text_format": "html", "offsets": "utf16"}
    (sentence,) = http("POST", PATH, fields).json["sentences"]
    assert [(token["text"], token["text_start"], token["text_end"]) for token in sentence["tokens"]] == [("5 €", 6, 9)]


def test_it_is_free(http, cloud, capsys):
    before = http("GET", "/v1/usage").json["today"]["characters"]
    answer = http("POST", PATH, {"input": f"{MARKER} zahlt 5 €."})
    assert http("GET", "/v1/usage").json["today"]["characters"] == before
    assert not [name for name in answer.headers if "price" in name.lower()]
    assert (answer.json["seconds_expected"], answer.json["price_expected"] > 0) == (1.4, True)
    out = capsys.readouterr().out
    assert MARKER not in out
    assert not [line for line in logged(out) if "Cost" in line]


def test_it_needs_the_scope_of_speech(http):
    jobs_only = ANYBODY.context() | {"scopes": "jobs"}
    assert http("POST", PATH, {"input": "Hallo."}, context=jobs_only).refusal == (403, "scope_missing")
    assert http("POST", PATH, {"input": "Hallo."}, context={}).refusal == (401, "missing_key")


def test_it_is_limited_like_other_requests_but_not_by_characters(http, monkeypatch):
    monkeypatch.setattr("herald.runtime.container.Dependencies.clock", staticmethod(lambda: NOON))
    answers = [http("POST", PATH, {"input": "Hallo."}, requests_a_second="2") for _ in range(3)]
    assert [one.status for one in answers] == [200, 200, 429]
    assert http("POST", PATH, {"input": "Hallo."}, characters_a_day="1").status == 200


@pytest.mark.parametrize(
    ("fields", "refusal", "param"),
    [
        ({"input": "Hallo 李明"}, (400, "unreadable_text"), "input"),
        ({"input": "..."}, (400, "nothing_to_speak"), "input"),
        ({"input": "<i></i>"}, (400, "nothing_to_speak"), "input"),
        ({"input": "a\0"}, (400, "invalid_text"), "input"),
        ({"input": "<speak>a</speak>b"}, (400, "invalid_ssml"), "input"),
        ({"input": "a" * 301}, (413, "text_too_long"), "input"),
        ({"input": "a" * 9_000}, (413, "body_too_large"), None),
        ({"input": 5}, (400, "invalid_request"), "input"),
        ({}, (400, "missing_field"), "input"),
        ({"input": "a", "voice": "nobody"}, (400, "unknown_voice"), "voice"),
        ({"input": "a", "voice": "de_DE-tiny-low:nobody"}, (400, "unknown_speaker"), "voice"),
        ({"input": "a", "voice": "kokoro"}, (400, "invalid_request"), "voice"),
        ({"input": "a", "text_format": "rtf"}, (400, "invalid_request"), "text_format"),
        ({"input": "a", "offsets": "bytes"}, (400, "invalid_request"), "offsets"),
        ({"input": "a", "speed": 2}, (400, "unknown_field"), None),
    ],
)
def test_what_cannot_be_spoken_has_no_reading(http, fields, refusal, param):
    answer = http("POST", PATH, fields)
    assert answer.refusal == refusal
    assert answer.error["param"] == param


def test_the_path_takes_only_post(http):
    assert http("GET", PATH).refusal == (405, "method_not_allowed")
