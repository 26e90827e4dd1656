"""Lexicons in requests for speech, readings, jobs and batches: a change is heard at once, and by its tenant only."""

import json

import pytest

from herald.functions import api, worker
from tests.support.http_events import ANYBODY, event_of
from tests.unit.functions.conftest import Context

SPEECH, READING, JOBS = "/v1/audio/speech", "/v1/audio/reading", "/v1/jobs"
TEXT = "Guten Tag, nginx."


@pytest.fixture
def put(cloud):
    """Store a lexicon of one word."""

    def put(said, *, name="brands", tenant="default", default="false", word="nginx"):
        body = json.dumps({"entries": [{"word": word, "alias": said}]}).encode()
        context = ANYBODY.context() | {"tenant": tenant}
        path = f"/v1/lexicons/{name}?default={default}"
        answer = api.handler(event_of("PUT", path, {"Content-Type": "application/json"}, body, context), Context())
        assert answer["statusCode"] in {200, 201}

    return put


def key_of(job):
    return job["audio_url"].partition("?")[0] if job["audio_url"] else None


def test_emoji_are_named_on_request(put, http, counters):
    fields = {"input": "Danke 🎉", "response_format": "pcm"}
    silent = http("POST", SPEECH, fields)
    named = http("POST", SPEECH, fields | {"lexicons": ["herald:emoji"]})
    assert float(named.headers["X-Herald-Audio-Seconds"]) > float(silent.headers["X-Herald-Audio-Seconds"]) + 0.3
    reading = http("POST", READING, {"input": "🎉", "lexicons": ["herald:emoji"]}).json
    assert [token["words"] for sentence in reading["sentences"] for token in sentence["tokens"]] == ["konfettibombe"]
    put("engine x")
    both = http("POST", READING, {"input": "nginx 🎉", "lexicons": ["brands", "herald:emoji"]}).json
    words = [token["words"] for sentence in both["sentences"] for token in sentence["tokens"]]
    assert words == ["engine x", "konfettibombe"]


@pytest.mark.parametrize("text", ["🎉", "# 🎉", "<speak>🎉</speak>"])
def test_emoji_alone_are_spoken_on_request(http, text):
    chosen = {"input": text, "lexicons": ["herald:emoji"]}
    audio = http("POST", SPEECH, chosen | {"response_format": "pcm"})
    assert (audio.status, float(audio.headers["X-Herald-Audio-Seconds"]) > 0.5) == (200, True)
    assert http("POST", JOBS, chosen).status == 202
    for path in (SPEECH, READING, JOBS):
        assert http("POST", path, {"input": text}).refusal == (400, "nothing_to_speak")


def test_a_sign_alone_is_spoken_if_a_lexicon_of_the_tenant_has_it(put, http):
    put("Herz", word="❤")
    assert http("POST", READING, {"input": "❤", "lexicons": ["brands"]}).json["spoken"] == "Herz"
    assert http("POST", SPEECH, {"input": "❤", "lexicons": ["brands"]}).status == 200
    answer = http("POST", SPEECH, {"input": "🎉", "lexicons": ["brands"]})
    assert answer.refusal == (400, "nothing_to_speak"), "the lexicon has no word for it"


@pytest.mark.parametrize("template", ["{name}", "🎉", "🎉 {name}"])
def test_rows_of_emoji_alone_are_spoken_on_request(http, template):
    fields = {"template": template, "items": [{"name": "🎂"}], "lexicons": ["herald:emoji"]}
    shown = http("POST", "/v1/batches/preview", fields).json
    assert (shown["rows"], shown["row_errors"]) == (1, 0)
    assert shown["examples"][0]["spoken"]


def test_a_change_is_heard_in_the_next_request(put, http):
    fields = {"input": TEXT, "response_format": "pcm", "lexicons": ["brands"]}
    without = http("POST", SPEECH, fields | {"lexicons": []}).body
    put("Engelchen")
    first = http("POST", SPEECH, fields).body
    put("ein sehr langer Name")
    second = http("POST", SPEECH, fields).body
    assert len({without, first, second}) == 3
    same = http("POST", SPEECH, {"input": "Guten Tag, ein sehr langer Name.", "response_format": "pcm"}).body
    assert second == same


def test_a_test_word_is_shown_by_a_reading(put, http):
    put("Engelchen")
    assert http("POST", READING, {"input": TEXT, "lexicons": ["brands"]}).json["spoken"] == "Guten Tag, Engelchen."
    assert "Engelchen" not in http("POST", READING, {"input": TEXT}).json["spoken"]


@pytest.mark.parametrize("path", [SPEECH, READING, JOBS])
def test_an_unknown_name_is_refused_with_its_position(put, http, path):
    put("Engelchen")
    answer = http("POST", path, {"input": TEXT, "lexicons": ["brands", "other"]})
    assert (answer.refusal, answer.error["param"]) == ((400, "unknown_lexicon"), "lexicons.1")


@pytest.mark.parametrize("path", [SPEECH, READING, JOBS])
@pytest.mark.parametrize("names", [["a"] * 6, ["a b"], "brands", [1], [None]], ids=["six", "no", "str", "int", "null"])
def test_other_values_are_refused(http, path, names):
    answer = http("POST", path, {"input": TEXT, "lexicons": names})
    assert answer.refusal == (400, "invalid_request")
    assert answer.error["param"].startswith("lexicons")


def test_defaults_apply_to_requests_without_the_field_and_only_to_their_tenant(put, http):
    put("Engelchen", default="true")
    assert http("POST", READING, {"input": TEXT}).json["spoken"] == "Guten Tag, Engelchen."
    assert http("POST", READING, {"input": TEXT, "lexicons": None}).json["spoken"] == "Guten Tag, Engelchen."
    assert "Engelchen" not in http("POST", READING, {"input": TEXT, "lexicons": []}).json["spoken"]
    assert "Engelchen" not in http("POST", READING, {"input": TEXT}, tenant="other").json["spoken"]
    answer = http("POST", READING, {"input": TEXT, "lexicons": ["brands"]}, tenant="other")
    assert answer.refusal == (400, "unknown_lexicon")


def test_a_change_changes_the_key_of_the_file(put, http, cloud):
    """A job keeps the version with which it was accepted; the next one has another file."""
    fields = {"input": TEXT, "lexicons": ["brands"]}
    put("Engelchen")
    first = http("POST", JOBS, fields).json
    put("Teufelchen")
    second = http("POST", JOBS, fields).json
    bodies = [json.dumps(message) for message in cloud.messages("vip")]
    assert len(bodies) == 2
    worker.handler(cloud.deliver("vip", *bodies), Context())
    jobs = [http("GET", f"{JOBS}/{one['id']}").json for one in (first, second)]
    assert [job["state"] for job in jobs] == ["done", "done"]
    assert key_of(jobs[0]) != key_of(jobs[1])
    put("Engelchen")
    again = http("POST", JOBS, fields).json
    assert (again["state"], key_of(again)) == ("done", key_of(jobs[0])), "the same content has the same file"
    without = http("POST", JOBS, {"input": TEXT}).json
    assert without["state"] == "queued"


def test_a_lexicon_of_another_language_does_not_change_the_file(put, http, cloud):
    body = json.dumps({"language": "en", "entries": [{"word": "nginx", "alias": "engine x"}]}).encode()
    path = "/v1/lexicons/brands?default=true"
    api.handler(event_of("PUT", path, {"Content-Type": "application/json"}, body, ANYBODY.context()), Context())
    http("POST", JOBS, {"input": TEXT})
    http("POST", JOBS, {"input": TEXT, "lexicons": []})
    keys = {row["audio_key"]["S"] for row in cloud.rows()}
    assert len(keys) == 1


def test_letters_of_another_script_are_readable_with_an_alias(put, http):
    put("Li Ming", word="李明")
    fields = {"input": "Guten Tag, 李明.", "response_format": "pcm"}
    assert http("POST", SPEECH, fields).refusal == (400, "unreadable_text")
    assert http("POST", SPEECH, fields | {"lexicons": ["brands"]}).status == 200


def test_a_text_may_not_become_much_longer(put, http):
    put("sehr " * 40, word="a")
    for path in (SPEECH, READING, JOBS):
        answer = http("POST", path, {"input": "a " * 140, "lexicons": ["brands"]})
        assert answer.refusal == (413, "text_too_long")


def test_a_preview_of_a_batch_uses_them(put, http):
    put("Engelchen")
    fields = {"template": "Hallo {name}.", "items": [{"name": "nginx"}], "lexicons": ["brands"]}
    assert http("POST", "/v1/batches/preview", fields).json["examples"][0]["spoken"] == "Hallo Engelchen."
    assert http("POST", "/v1/batches/preview", fields | {"lexicons": ["x"]}).refusal == (400, "unknown_lexicon")
