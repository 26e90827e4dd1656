"""GET /studio and GET /: the page, its files and its policy."""

import gzip
import re
from base64 import b64decode
from hashlib import sha256
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config

from herald.runtime.settings import Settings
from herald.web import studio_routes
from tests.unit.functions.conftest import forget

VENDORED = {
    # preact 10.29.8 (dist/preact.min.umd.js, hooks/dist/hooks.umd.js) and htm 3.1.1 (dist/htm.umd.js), from npm
    "preact": "aa558e32247d4ccea18c5addbb0311bc1771bf39734185be01dc0c3c4cf3fd6d",
    "hooks": "5c29238e5dc99df306d7f7fff038591a397cfcfabb59f81fbdef43d670aa0566",
    "htm": "7a31776e04bd4afde0d4308177d26f377716fcf7e4bd70be590746d6aa594f08",
}
MOST_PACKED_BYTES = 60_000
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def links(page):
    return dict(re.findall(r'(?:href|src|content)="studio\?((\w+)\.[0-9a-f]{16})"', page.body))


def test_no_key_is_required(http):
    answer = http("GET", "/studio", context={})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "microphone=(self)" in answer.headers["Permissions-Policy"]
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_the_page_has_no_inline_script_or_style(http):
    page = http("GET", "/studio")
    assert not re.search(r"<style|style=|<script(?![^>]* src=)| on\w+=", page.body)
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["style-src"], policy["form-action"]) == ("'self'", "'self'", "'none'")
    assert "unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("script", "text/javascript"), ("recorder", "text/javascript"), ("style", "text/css"), ("icon", "image/svg")],
)
def test_files_are_cached_forever_by_their_digest(http, name, media_type):
    query = next(query for query, kind in links(http("GET", "/studio")).items() if kind == name)
    answer = http("GET", f"/studio?{query}", context={})
    assert answer.headers["Content-Type"].startswith(media_type)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert query == f"{name}.{sha256(answer.body.encode()).hexdigest()[:16]}"
    again = http("GET", f"/studio?{query}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status, again.body) == (304, "")
    assert http("GET", f"/studio?{name}.0000").headers["Cache-Control"] == "public, max-age=300"


def test_files_are_packed_for_clients_that_accept_it(http):
    plain = http("GET", "/studio?script")
    packed = http("GET", "/studio?script", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(b64decode(packed.body)).decode() == plain.body
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("query", ["", "unknown", "../page.html", "script/../x", "%00"])
def test_other_queries_return_the_page(http, query):
    assert http("GET", f"/studio?{query}").body == http("GET", "/studio").body


def test_the_page_and_its_files_are_small(http):
    packed = [len(studio_routes.asset(name).packed) for name in studio_routes.FILES]
    assert sum(packed) + len(studio_routes.page("", "").packed) < MOST_PACKED_BYTES


def test_every_script_is_part_of_the_page():
    assert {path.stem for path in studio_routes.FOLDER.glob("*.js")} == set(studio_routes.SCRIPTS)


def test_libraries_are_those_of_their_authors():
    files = {
        path.stem: sha256(path.read_bytes()).hexdigest() for path in (studio_routes.FOLDER / "vendor").glob("*.js")
    }
    assert files == VENDORED


@pytest.mark.parametrize("region", ["eu-central-1", "cn-north-1", "us-gov-west-1"])
def test_the_policy_allows_the_host_of_links(region, monkeypatch):
    """Of this partition: the page uploads lists and plays files there."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    client = boto3.client("s3", region, config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))
    link = client.generate_presigned_url("get_object", Params={"Bucket": "audio-bucket", "Key": "audio/a/1.mp3"})
    settings = Settings.read({"AWS_REGION": region, "HERALD_BUCKET": "audio-bucket"}, {"bucket"})
    policy = studio_routes.content_policy(settings)
    assert f" https://{urlsplit(link).netloc}" in policy.partition("connect-src")[2].partition(";")[0]


def test_the_streaming_address_is_in_the_page_and_its_policy(http, monkeypatch):
    assert 'name="herald-stream" content=""' in http("GET", "/studio").body
    monkeypatch.setenv("HERALD_STREAM_URL", "https://abc.lambda-url.eu-central-1.on.aws/")
    forget()
    page = http("GET", "/studio")
    assert 'content="https://abc.lambda-url.eu-central-1.on.aws"' in page.body
    assert " https://abc.lambda-url.eu-central-1.on.aws " in page.headers["Content-Security-Policy"]


def test_the_issuer_of_tokens_is_in_the_page_if_there_is_one(http, monkeypatch):
    assert 'name="herald-issuer" content=""' in http("GET", "/studio").body
    monkeypatch.setenv("HERALD_JWT_ISSUER", 'https://login.example.com/?a="b')
    forget()
    page = http("GET", "/studio")
    assert 'content="https://login.example.com/?a=&quot;b"' in page.body
    assert "login.example.com" not in page.headers["Content-Security-Policy"]


def test_with_a_client_id_the_page_may_reach_the_issuer_and_no_other_host(http, monkeypatch):
    before = http("GET", "/studio").headers["Content-Security-Policy"]
    monkeypatch.setenv("HERALD_JWT_ISSUER", "https://login.example.com/tenant")
    monkeypatch.setenv("HERALD_JWT_AUDIENCE", 'herald, stu"dio')
    forget()
    page = http("GET", "/studio")
    assert 'name="herald-client" content="stu&quot;dio"' in page.body
    assert 'name="herald-audience" content="herald"' in page.body
    policy = page.headers["Content-Security-Policy"]
    assert policy.replace(" https://login.example.com;", ";") == before


def test_the_root_leads_browsers_to_the_page(http):
    answer = http("GET", "/", headers=BROWSER, context={})
    assert (answer.status, answer.headers["Location"]) == (303, "studio")


@pytest.mark.parametrize("accept", [{}, {"Accept": "*/*"}, {"Accept": "application/json"}])
def test_the_root_is_unknown_to_others(http, accept):
    assert http("GET", "/", headers=accept, context={}).refusal == (404, "not_found")
    with_key = accept | {"Authorization": "Bearer hk_x"}
    assert http("GET", "/", headers=with_key, context={}).refusal == (404, "not_found")
