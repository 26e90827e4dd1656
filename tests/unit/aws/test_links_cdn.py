"""CloudFront's links: opened by the public key in their time, by nothing else; another key takes over at run time."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from herald.aws.links import disposition
from herald.aws.links_cdn import CdnLinks
from herald.errors import BrokenInstallation, Unavailable
from tests.unit.aws.cdn import new_pair, status

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
def house(aws, pairs):
    """A deployment with two keys, of which A signs; `hold` changes the secret, `time` is what its clock says."""
    return House(aws, pairs)


class House:
    def __init__(self, aws, pairs):
        self.aws, self.time = aws, NOON
        self.pems = {slot: pair[0] for slot, pair in pairs.items()}
        aws.secrets.create_secret(Name=SECRET, SecretString="{}")
        self.hold(signs="A", A=self.pems["A"], B=self.pems["B"])
        self.links = self.made(IDS)

    def made(self, ids):
        return CdnLinks(self.aws, domain=DOMAIN, secret=SECRET, keys=ids, clock=lambda: self.time)

    def hold(self, **secret):
        self.put(json.dumps(secret))

    def put(self, text):
        self.aws.secrets.put_secret_value(SecretId=SECRET, SecretString=text)

    def link(self, key=KEY, *, name="José's file.mp3", seconds=900):
        return self.links.link(key, file_name=name, seconds=seconds)


def test_a_link_works_in_its_time_and_not_after_it(house, group):
    link = house.link()
    assert [status(link, group, at=NOW + seconds) for seconds in (0, 899, 900, 86_400)] == [200, 200, 403, 403]
    assert urlsplit(link)[:3] == ("https", DOMAIN, f"/{KEY}")
    query = parse_qs(urlsplit(link).query)
    assert query["Expires"] == [str(NOW + 900)]
    assert query["response-content-disposition"] == [disposition("José's file.mp3", "inline")]


def test_no_sign_is_left_that_a_browser_escapes_by_itself(house):
    assert not set("'\"*() <>") & set(house.link())


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
def test_an_altered_link_opens_nothing(house, group, alter):
    link = house.link()
    assert alter(link) != link
    assert status(alter(link), group, at=NOW) == 403


def test_a_foreign_key_opens_nothing(house, group):
    house.hold(signs="A", A=house.pems["foreign"])
    assert status(house.link(), group, at=NOW) == 403


def test_the_other_key_takes_over_without_a_deployment(house, group):
    first = house.link()
    house.hold(signs="B", A=house.pems["A"], B=house.pems["B"])
    house.time += timedelta(minutes=4)
    assert IDS["A"] in house.link()
    house.time += timedelta(minutes=1)
    second = house.link()
    assert IDS["B"] in second
    # As long as the group has both, so do all links that are on their way.
    assert [status(link, group, at=NOW + 301) for link in (first, second)] == [200, 200]
    without = {name: key for name, key in group.items() if name != IDS["A"]}
    assert [status(link, without, at=NOW + 301) for link in (first, second)] == [403, 200]


def test_the_secret_is_read_once_in_five_minutes(house, record):
    asked = record(house.aws.secrets, "GetSecretValue")
    for _ in range(3):
        house.link()
    assert len(asked) == 1
    house.time += timedelta(minutes=5)
    house.link()
    assert len(asked) == 2


def test_while_the_secret_cannot_be_read_the_last_key_signs(house, group, fail):
    house.link()
    fail(house.aws.secrets, "GetSecretValue", "InternalServiceError", 500)
    house.time += timedelta(minutes=6)
    assert status(house.link(), group, at=NOW + 360) == 200


def test_without_any_key_there_are_no_links_now(house, fail):
    fail(house.aws.secrets, "GetSecretValue", "InternalServiceError", 500)
    with pytest.raises(Unavailable, match="Secrets Manager"):
        house.link()


WRONG = {
    "nothing": "",
    "no JSON": "-----BEGIN",
    "no choice": '{"A": "x"}',
    "no such slot": '{"signs": "C"}',
    "no key": '{"signs": "A"}',
    "no PEM": '{"signs": "A", "A": "Rumpelstilzchen"}',
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_a_wrong_secret_is_told_to_the_operator_and_not_repeated(house, text):
    house.aws.secrets.put_secret_value(SecretId=SECRET, SecretString=text or " ")
    with pytest.raises(BrokenInstallation, match=r"docs/storage.md") as caught:
        house.link()
    assert "Rumpelstilzchen" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_key_that_cloudfront_does_not_know_signs_nothing(house):
    house.links = house.made({"A": "", "B": IDS["B"]})
    with pytest.raises(BrokenInstallation, match="the deployment has no public key"):
        house.link()


def test_a_missing_secret_is_a_broken_installation(house):
    house.links = CdnLinks(house.aws, domain=DOMAIN, secret="other", keys=IDS, clock=lambda: NOON)  # noqa: S106  its name
    with pytest.raises(BrokenInstallation, match="ResourceNotFoundException"):
        house.link()
