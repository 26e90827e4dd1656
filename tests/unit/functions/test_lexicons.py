"""/v1/lexicons: files in three formats, limits, tenants, and conditional reads."""

import json

import pytest

from herald.functions import api
from herald.speech.lexicons.files import MOST_BYTES, parse_lexicon
from tests.hostile.cases import HERE, read_lines
from tests.support.http_events import ANYBODY, event_of
from tests.unit.functions.conftest import MARKER, Context

WORDS = {"language": "de", "entries": [{"word": MARKER, "alias": "Herr Stilz"}]}
FILES = {
    "application/json": json.dumps(WORDS).encode(),
    "text/csv": f"word,alias,language\n{MARKER},Herr Stilz,de\n".encode(),
    "application/pls+xml": (
        '<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" '
        f'xml:lang="de"><lexeme><grapheme>{MARKER}</grapheme><alias>Herr Stilz</alias></lexeme></lexicon>'
    ).encode(),
}
SHOWN = {"word": MARKER, "alias": "Herr Stilz", "ipa": None, "case": "exact"}


@pytest.fixture
def send(cloud):
    """Send a lexicon as a file."""

    def send(path, body, media_type="application/json", *, tenant="default", **headers):
        context = ANYBODY.context() | {"tenant": tenant}
        answer = api.handler(event_of("PUT", path, {"Content-Type": media_type} | headers, body, context), Context())
        return int(answer["statusCode"]), json.loads(answer["body"]), answer["headers"]

    return send


@pytest.mark.parametrize("media_type", FILES)
def test_a_file_of_each_format_is_stored_and_returned(send, http, media_type, capsys):
    status, card, headers = send("/v1/lexicons/brands", FILES[media_type], f"{media_type}; charset=utf-8")
    assert (status, headers["Location"]) == (201, "/v1/lexicons/brands")
    updated_at = card.pop("updated_at")
    assert card == {
        "name": "brands", "object": "lexicon", "version": 1, "language": "de", "default": False, "size": 1,
    }  # fmt: skip
    shown = http("GET", "/v1/lexicons/brands").json
    assert shown == card | {"updated_at": updated_at, "entries": [SHOWN]}
    assert http("GET", "/v1/lexicons").json == {"object": "list", "data": [card | {"updated_at": updated_at}]}
    assert MARKER not in capsys.readouterr().out


def test_it_is_returned_as_pls(send, http):
    send("/v1/lexicons/brands", FILES["application/json"])
    answer = http("GET", "/v1/lexicons/brands?format=pls")
    assert answer.headers["Content-Type"] == "application/pls+xml; charset=utf-8"
    assert [entry.word for entry in parse_lexicon(answer.body.encode(), "pls").entries] == [MARKER]


def test_a_replacement_is_the_next_version_and_may_apply_by_default(send, http):
    send("/v1/lexicons/brands", FILES["application/json"])
    status, card, headers = send("/v1/lexicons/brands?default=true&language=de-DE", b"word,alias\na,b", "text/csv")
    assert (status, card["version"], card["default"], card["language"]) == (200, 2, True, "de-DE")
    assert "Location" not in headers


def test_it_is_deleted_once(send, http):
    send("/v1/lexicons/brands", FILES["application/json"])
    assert http("DELETE", "/v1/lexicons/brands").json["name"] == "brands"
    assert http("DELETE", "/v1/lexicons/brands").refusal == (404, "not_found")
    assert http("GET", "/v1/lexicons/brands").refusal == (404, "not_found")
    assert http("GET", "/v1/lexicons").json["data"] == []


def test_other_tenants_do_not_see_it(send, http):
    send("/v1/lexicons/brands", FILES["application/json"])
    for method in ("GET", "DELETE"):
        assert http(method, "/v1/lexicons/brands", tenant="other").refusal == (404, "not_found")
    assert http("GET", "/v1/lexicons", tenant="other").json["data"] == []
    assert send("/v1/lexicons/brands", FILES["text/csv"], "text/csv", tenant="other")[1]["version"] == 1


def test_unchanged_lexicons_need_no_download(send, http):
    send("/v1/lexicons/brands", FILES["application/json"])
    tags = [http("GET", path).headers["ETag"] for path in ("/v1/lexicons", "/v1/lexicons/brands")]
    same = [
        http("GET", path, headers={"If-None-Match": tag}).status
        for path, tag in zip(("/v1/lexicons", "/v1/lexicons/brands"), tags, strict=True)
    ]
    assert same == [304, 304]


@pytest.mark.parametrize(
    "name", ["a.b", "-a", "a" * 65, "ä", "a b", "..", "%2e%2e", "a%2Fb"], ids=["dot", "dash", *"lusSeq"]
)
def test_a_name_that_is_no_name_is_refused(send, name):
    status, body, _ = send(f"/v1/lexicons/{name}", FILES["application/json"])
    assert (status, body["error"]["code"]) in {(400, "invalid_request"), (404, "not_found")}


@pytest.mark.parametrize(
    ("media_type", "headers", "code"),
    [
        ("", {}, "unsupported_media_type"),
        ("application/x-www-form-urlencoded", {}, "unsupported_media_type"),
        ("text/csv; charset=latin-1", {}, "unsupported_media_type"),
        ("text/csv", {"Content-Encoding": "gzip"}, "unsupported_media_type"),
    ],
)
def test_other_types_are_refused(send, media_type, headers, code):
    status, body, _ = send("/v1/lexicons/brands", FILES["text/csv"], media_type, **headers)
    assert (status, body["error"]["code"]) == (415, code)


def test_a_large_file_is_refused(send):
    status, body, _ = send("/v1/lexicons/brands", b"word,alias\n" + b"a" * MOST_BYTES, "text/csv")
    assert (status, body["error"]["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("query", ["default=1", "default=True", "language=" + "e" * 40, "colour=red"])
def test_other_queries_are_refused(send, query):
    status, body, _ = send(f"/v1/lexicons/brands?{query}", FILES["application/json"])
    assert (status, body["error"]["code"]) in {(400, "invalid_request"), (400, "unknown_field")}


@pytest.mark.parametrize("line", read_lines(HERE / "lexicons.jsonl")[::7], ids=lambda line: line["name"])
def test_a_hostile_file_is_refused_with_its_position(send, http, line, capsys):
    media_type = {"json": "application/json", "csv": "text/csv", "pls": "application/xml"}[line["format"]]
    status, body, _ = send("/v1/lexicons/brands", line["body"].encode(), media_type)
    assert (status, body["error"]["code"]) == (400, line["code"])
    assert "quetzal" not in capsys.readouterr().out
    assert http("GET", "/v1/lexicons").json["data"] == []


def test_a_key_needs_the_scope_of_speech(http):
    assert http("GET", "/v1/lexicons", scopes="jobs").refusal == (403, "scope_missing")
