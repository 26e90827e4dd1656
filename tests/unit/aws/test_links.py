"""Presigned links: safe, readable file names, and the host of the bucket's region."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herald.aws.clients import Clients, Endpoint
from herald.aws.links import S3Links, content_disposition
from herald.aws.object_store import S3Objects
from tests.unit.aws.conftest import ACCOUNT, BUCKET

KEY = "audio/acme/0123.mp3"

NAMES = {
    "plain": ("p00017.mp3", 'inline; filename="p00017.mp3"'),
    "spaces": ("Mrs (K.) Lee.mp3", 'inline; filename="Mrs (K.) Lee.mp3"'),
    "quotes": ('a"; evil="1.mp3', "inline; filename=\"a__ evil__1.mp3\"; filename*=UTF-8''a%22%3B%20evil%3D%221.mp3"),
    "line breaks": ("a\r\nX: 1.mp3", 'inline; filename="a__X_ 1.mp3"'),
    "folders": ("../../etc/passwd", 'inline; filename="_.._etc_passwd"'),
    "a drive": ("C:\\a.mp3", 'inline; filename="C__a.mp3"'),
    "accents": ("José.mp3", "inline; filename=\"Jose.mp3\"; filename*=UTF-8''Jos%C3%A9.mp3"),
    "another script": ("日本.mp3", "inline; filename=\"__.mp3\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.mp3"),
    "half a pair": ("\ud800.mp3", 'inline; filename="_.mp3"'),
    "turned round": ("a\u202e3pm.exe", 'inline; filename="a_3pm.exe"'),
    "percent signs": ("100%.mp3", "inline; filename=\"100_.mp3\"; filename*=UTF-8''100%25.mp3"),
    "apostrophes": ("O'Hara.mp3", "inline; filename=\"O_Hara.mp3\"; filename*=UTF-8''O%27Hara.mp3"),
}


@pytest.mark.parametrize(("name", "header"), NAMES.values(), ids=NAMES)
def test_a_name_becomes_a_header(name, header):
    assert content_disposition(name, "inline") == header


def test_a_long_name_keeps_its_extension():
    assert content_disposition("a" * 500 + ".mp3", "attachment") == f'attachment; filename="{"a" * 146}.mp3"'


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_any_name_gives_a_valid_header(name):
    header = content_disposition(name, "attachment")
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert "/" not in unquote(header.partition("; ")[2])
    assert len(header) < 2_200


@pytest.mark.parametrize("name", [name for name, _ in NAMES.values()])
def test_both_kinds_of_links_have_the_file_name(s3, name):
    audio = S3Links(s3, bucket=BUCKET).link(KEY, file_name=name, seconds=60)
    report = S3Objects(s3, bucket=BUCKET, account=ACCOUNT).link(KEY, file_name=name, seconds=60)
    for link, shown in ((audio, "inline"), (report, "attachment")):
        query = parse_qs(urlsplit(link).query)
        assert query["response-content-disposition"] == [content_disposition(name, shown)]


def test_s3_links_are_signed_with_an_expiry(s3):
    link = urlsplit(S3Links(s3, bucket=BUCKET).link(KEY, file_name="a.mp3", seconds=900))
    query = parse_qs(link.query)
    assert unquote(link.path).endswith(KEY)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["900"]


FORM = {"seconds": 900, "most_bytes": 1_000, "content_type": "text/csv"}
REGIONS = ["us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2", "ap-southeast-4"]
"""In all of them except the first, the legacy global endpoint redirects or responds with 400."""


def s3_in(region, monkeypatch, clients, **options):
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.setenv("AWS_REGION", region)
    return Clients(**options).s3


@pytest.mark.parametrize("region", REGIONS)
def test_signed_urls_use_the_buckets_region(region, clients, monkeypatch):
    s3 = s3_in(region, monkeypatch, clients)
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    urls = {
        "audio": S3Links(s3, bucket=BUCKET).link(KEY, file_name="a.mp3", seconds=900),
        "report": objects.link("batches/acme/b/report/results.csv", file_name="results.csv", seconds=900),
        "upload": objects.upload_form("uploads/acme/b/manifest", **FORM).url,
    }
    hosts = {name: urlsplit(url).hostname for name, url in urls.items()}
    assert hosts == dict.fromkeys(urls, f"{BUCKET}.s3.{region}.amazonaws.com")


def test_a_custom_endpoint_uses_path_style_urls(clients, monkeypatch):
    place = Endpoint(endpoint_url="http://aws.example:4566", session={"region_name": "eu-central-1"})
    by_place = s3_in("eu-central-1", monkeypatch, clients, endpoint=place)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://aws.example:4566")
    by_environment = s3_in("eu-central-1", monkeypatch, clients)
    for s3 in (by_place, by_environment):
        url = S3Links(s3, bucket=BUCKET).link(KEY, file_name="a.mp3", seconds=900)
        assert url.startswith(f"http://aws.example:4566/{BUCKET}/{KEY}?")
