"""GET /openapi.json and GET /docs: public and cacheable."""

import gzip
import json
import re
from base64 import b64encode
from hashlib import sha256

import pytest

from herald import __version__
from herald.web import service_routes

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


def test_page_loads_its_script_and_the_description_only(http):
    answer = http("GET", "/docs")
    assert answer.body.startswith("<!DOCTYPE html>\n<html lang=")
    assert re.findall(r'(?:src|href|spec-url)="([^"]*)"', answer.body) == ["openapi.json", "docs?redoc"]
    assert re.findall(r"<script[^>]*>", answer.body) == ['<script src="docs?redoc">']
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'sha256-")
    assert "unsafe" not in policy
    (style,) = re.findall(r"<style>(.*?)</style>", answer.body)
    assert b64encode(sha256(style.encode()).digest()).decode() in policy


@pytest.fixture
def viewer(monkeypatch, tmp_path):
    """Add a viewer, as scripts/build does."""
    file = tmp_path / "redoc.js.gz"
    monkeypatch.setattr(service_routes, "_VIEWER", file)
    service_routes.viewer.cache_clear()
    yield file
    service_routes.viewer.cache_clear()


def test_viewer_is_a_script_with_an_etag(http, viewer):
    viewer.write_bytes(gzip.compress(b"Redoc.init()"))
    answer = http("GET", "/docs?redoc", told={})
    assert (answer.status, answer.body) == (200, "Redoc.init()")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert http("GET", "/docs?redoc", headers={"If-None-Match": answer.headers["ETag"]}).status == 304


def test_viewer_that_was_not_built_is_a_404(http, viewer):
    assert http("GET", "/docs?redoc").refusal == (404, "not_found")


@pytest.mark.parametrize("query", ["", "redoc2", "redoc=1", "a=b"])
def test_other_queries_return_the_page(http, query):
    assert http("GET", f"/docs?{query}").body == http("GET", "/docs").body


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("header", ["{}", "W/{}", '"other", {}', "*"])
def test_matching_etag_is_a_304(http, path, header):
    first = http("GET", path)
    tag = first.headers["ETag"]
    assert http("GET", path).headers["ETag"] == tag
    again = http("GET", path, headers={"If-None-Match": header.format(tag)})
    assert (again.status, again.body, again.headers["ETag"]) == (304, "", tag)
    assert http("GET", path, headers={"If-None-Match": '"other"'}).status == 200
