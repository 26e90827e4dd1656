"""GET /openapi.json and GET /docs: public, built once and cacheable."""

import json

import pytest

from herald import __version__

PATHS = {"/openapi.json": "application/json", "/docs": "text/html; charset=utf-8"}


@pytest.mark.parametrize("path", PATHS)
def test_no_key_is_required(http, path):
    answer = http("GET", path, told={})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == PATHS[path]
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_document_is_compact_json(http):
    body = http("GET", "/openapi.json").body
    document = json.loads(body)
    assert (document["openapi"], document["info"]["version"]) == ("3.1.0", __version__)
    assert body == json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def test_page_may_load_no_resources(http):
    answer = http("GET", "/docs")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert answer.body.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("header", ["{}", "W/{}", '"other", {}', "*"])
def test_matching_etag_is_a_304(http, path, header):
    first = http("GET", path)
    tag = first.headers["ETag"]
    assert http("GET", path).headers["ETag"] == tag
    again = http("GET", path, headers={"If-None-Match": header.format(tag)})
    assert (again.status, again.body, again.headers["ETag"]) == (304, "", tag)
    assert http("GET", path, headers={"If-None-Match": '"other"'}).status == 200


@pytest.mark.parametrize("path", PATHS)
def test_it_is_built_once(http, path, monkeypatch):
    http("GET", path)
    monkeypatch.setattr("herald.web.openapi.served.json", None)
    monkeypatch.setattr("herald.web.openapi.served.page", None)
    assert http("GET", path).status == 200
