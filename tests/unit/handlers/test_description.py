"""GET /openapi.json and GET /docs: for everybody, made once, and asked for again only when they changed."""

import json

import pytest

from herald import __version__

PATHS = {"/openapi.json": "application/json", "/docs": "text/html; charset=utf-8"}


@pytest.mark.parametrize("path", PATHS)
def test_nobody_needs_a_key(http, path):
    answer = http("GET", path, told={})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == PATHS[path]
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_document_is_json_in_few_bytes(http):
    body = http("GET", "/openapi.json").body
    document = json.loads(body)
    assert (document["openapi"], document["info"]["version"]) == ("3.1.0", __version__)
    assert body == json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def test_the_page_may_load_nothing(http):
    answer = http("GET", "/docs")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert answer.body.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("told", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_it_gets_it_not_again(http, path, told):
    first = http("GET", path)
    tag = first.headers["ETag"]
    assert http("GET", path).headers["ETag"] == tag
    again = http("GET", path, headers={"If-None-Match": told.format(tag)})
    assert (again.status, again.body, again.headers["ETag"]) == (304, "", tag)
    assert http("GET", path, headers={"If-None-Match": '"other"'}).status == 200


@pytest.mark.parametrize("path", PATHS)
def test_it_is_made_once(http, path, monkeypatch):
    http("GET", path)
    monkeypatch.setattr("herald.handlers.openapi.served.json", None)
    monkeypatch.setattr("herald.handlers.openapi.served.page", None)
    assert http("GET", path).status == 200
