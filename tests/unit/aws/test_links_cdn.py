"""CloudFront links: signature, expiry, and key rotation at run time."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from herald.aws.links import CdnLinks, content_disposition
from herald.errors import BrokenInstallation, Unavailable
from tests.support.cloudfront_model import new_pair, status

SECRET, DOMAIN, KEY = "herald/link-keys", "d111.cloudfront.net", "audio/acme/0123.mp3"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOW = int(NOON.timestamp())
IDS = {"A": "K2AAAAAAAAAAAA", "B": "K2BBBBBBBBBBBB"}


@pytest.fixture(scope="module")
def pairs():
    return {"A": new_pair(), "B": new_pair(), "foreign": new_pair()}


@pytest.fixture
def group(pairs):
    """The trusted key group."""
    return {IDS[slot]: pairs[slot][1] for slot in "AB"}


@pytest.fixture
def deployment(aws, pairs):
    """A deployment with two keys, of which A signs; `set_keys` changes the secret, `time` is its clock."""
    return FakeDeployment(aws, pairs)


class FakeDeployment:
    def __init__(self, aws, pairs):
        self.aws, self.time = aws, NOON
        self.pems = {slot: pair[0] for slot, pair in pairs.items()}
        aws.secrets.create_secret(Name=SECRET, SecretString="{}")
        self.set_keys(signs="A", A=self.pems["A"], B=self.pems["B"])
        self.links = self.links_with(IDS)

    def links_with(self, ids):
        return CdnLinks(self.aws, domain=DOMAIN, secret=SECRET, keys=ids, clock=lambda: self.time)

    def set_keys(self, **secret):
        self.set_secret(json.dumps(secret))

    def set_secret(self, text):
        self.aws.secrets.put_secret_value(SecretId=SECRET, SecretString=text)

    def link(self, key=KEY, *, name="José's file.mp3", seconds=900):
        return self.links.link(key, file_name=name, seconds=seconds)


def test_a_link_works_until_it_expires(deployment, group):
    link = deployment.link()
    assert [status(link, group, at=NOW + seconds) for seconds in (0, 899, 900, 86_400)] == [200, 200, 403, 403]
    assert urlsplit(link)[:3] == ("https", DOMAIN, f"/{KEY}")
    query = parse_qs(urlsplit(link).query)
    assert query["Expires"] == [str(NOW + 900)]
    assert query["response-content-disposition"] == [content_disposition("José's file.mp3", "inline")]


def test_links_contain_no_characters_that_browsers_escape(deployment):
    assert not set("'\"*() <>") & set(deployment.link())


ALTERED = {
    "another tenant's path": lambda link: link.replace("/acme/", "/other/"),
    "another file": lambda link: link.replace("0123.mp3", "4567.mp3"),
    "another name": lambda link: link.replace("Jose", "Jane"),
    "a later end": lambda link: link.replace(f"Expires={NOW + 900}", f"Expires={NOW + 9_000}"),
    "one more parameter": lambda link: f"{link}&versionId=1",
    "another host": lambda link: link.replace("d111", "d222"),
    "no signature": lambda link: link.partition("&Signature")[0],
    "another key's id": lambda link: link.replace(IDS["A"], IDS["B"]),
}


@pytest.mark.parametrize("alter", ALTERED.values(), ids=ALTERED)
def test_an_altered_link_is_forbidden(deployment, group, alter):
    link = deployment.link()
    assert alter(link) != link
    assert status(alter(link), group, at=NOW) == 403


def test_a_link_signed_by_a_foreign_key_is_forbidden(deployment, group):
    deployment.set_keys(signs="A", A=deployment.pems["foreign"])
    assert status(deployment.link(), group, at=NOW) == 403


def test_keys_rotate_without_a_deployment(deployment, group):
    first = deployment.link()
    deployment.set_keys(signs="B", A=deployment.pems["A"], B=deployment.pems["B"])
    deployment.time += timedelta(minutes=4)
    assert IDS["A"] in deployment.link()
    deployment.time += timedelta(minutes=1)
    second = deployment.link()
    assert IDS["B"] in second
    # While the group contains both keys, links signed by either work.
    assert [status(link, group, at=NOW + 301) for link in (first, second)] == [200, 200]
    without = {name: key for name, key in group.items() if name != IDS["A"]}
    assert [status(link, without, at=NOW + 301) for link in (first, second)] == [403, 200]


def test_the_secret_is_cached_for_five_minutes(deployment, record):
    calls = record(deployment.aws.secrets, "GetSecretValue")
    for _ in range(3):
        deployment.link()
    assert len(calls) == 1
    deployment.time += timedelta(minutes=5)
    deployment.link()
    assert len(calls) == 2


def test_the_previous_key_signs_while_the_secret_is_unavailable(deployment, group, fail):
    deployment.link()
    fail(deployment.aws.secrets, "GetSecretValue", "InternalServiceError", 500)
    deployment.time += timedelta(minutes=6)
    assert status(deployment.link(), group, at=NOW + 360) == 200


def test_links_are_unavailable_before_the_first_key(deployment, fail):
    fail(deployment.aws.secrets, "GetSecretValue", "InternalServiceError", 500)
    with pytest.raises(Unavailable, match="Secrets Manager"):
        deployment.link()


MALFORMED = {
    "nothing": "",
    "no JSON": "-----BEGIN",
    "no choice": '{"A": "x"}',
    "no such slot": '{"signs": "C"}',
    "no key": '{"signs": "A"}',
    "no PEM": '{"signs": "A", "A": "Rumpelstilzchen"}',
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_secret_is_reported_without_its_content(deployment, text):
    deployment.aws.secrets.put_secret_value(SecretId=SECRET, SecretString=text or " ")
    with pytest.raises(BrokenInstallation, match=r"docs/storage.md") as caught:
        deployment.link()
    assert "Rumpelstilzchen" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_key_unknown_to_cloudfront_does_not_sign(deployment):
    deployment.links = deployment.links_with({"A": "", "B": IDS["B"]})
    with pytest.raises(BrokenInstallation, match="the deployment has no public key"):
        deployment.link()


def test_a_missing_secret_is_a_broken_installation(deployment):
    deployment.links = CdnLinks(deployment.aws, domain=DOMAIN, secret="other", keys=IDS, clock=lambda: NOON)  # noqa: S106  a name
    with pytest.raises(BrokenInstallation, match="ResourceNotFoundException"):
        deployment.link()
