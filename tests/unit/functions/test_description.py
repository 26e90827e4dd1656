"""GET /openapi.json and GET /docs: public and cacheable."""

import gzip
import json
import re
from base64 import b64decode

import pytest

from herald import __version__
from herald.web import description_routes

PATHS = {"/openapi.json": "application/json", "/docs": "text/html; charset=utf-8"}


@pytest.mark.parametrize("path", PATHS)
def test_no_key_is_required(http, path):
    answer = http("GET", path, context={})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == PATHS[path]
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_document_is_compact_json(http):
    body = http("GET", "/openapi.json").body
    document = json.loads(body)
    assert (document["openapi"], document["info"]["version"]) == ("3.1.0", __version__)
    assert body == json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def test_page_loads_its_script_and_the_description_only(http, viewer):
    answer = http("GET", "/docs")
    assert answer.body.startswith("<!DOCTYPE html>\n<html lang=")
    assert re.findall(r'(?:src|href)="([^"]*)"', answer.body) == ["docs?scalar", "docs?start"]
    started = http("GET", "/docs?start")
    assert started.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert '"url": "openapi.json"' in started.body
    assert "://" not in started.body
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; ")
    assert "http" not in policy
    assert "unsafe" not in policy.replace("style-src 'unsafe-inline'", "")


@pytest.fixture
def viewer(monkeypatch, tmp_path):
    """Add a viewer, as scripts/build does."""
    file = tmp_path / "scalar.js.gz"
    cached = (description_routes.viewer, description_routes.viewer_digest, description_routes.page)
    monkeypatch.setattr(description_routes, "_VIEWER", file)
    for one in cached:
        one.cache_clear()
    yield file
    for one in cached:
        one.cache_clear()


def test_viewer_is_a_packed_script_with_an_etag(http, viewer):
    viewer.write_bytes(gzip.compress(b"Scalar.start()"))
    answer = http("GET", "/docs?scalar", context={})
    assert (answer.status, gzip.decompress(b64decode(answer.body))) == (200, b"Scalar.start()")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    again = http("GET", "/docs?scalar", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304
    assert "Content-Encoding" not in again.headers


def test_viewer_with_its_digest_is_cached_for_good(http, viewer):
    viewer.write_bytes(gzip.compress(b"Scalar.start()"))
    (source,) = re.findall(r'src="(docs[?]scalar[.][0-9a-f]{16})"', http("GET", "/docs").body)
    assert http("GET", f"/{source}").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert http("GET", f"/{source}0").headers["Cache-Control"] == "public, max-age=300"


def test_viewer_that_was_not_built_is_a_404(http, viewer):
    assert http("GET", "/docs?scalar").refusal == (404, "not_found")


@pytest.mark.parametrize("query", ["", "scalar2", "scalar=1", "a=b"])
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
