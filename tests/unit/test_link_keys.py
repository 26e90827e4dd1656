"""The keys that sign links, as an operator makes them, changes them, and deploys the public ones."""

import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace

import boto3
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from moto import mock_aws

from herald.aws.links import CdnLinks
from scripts import link_keys
from tests.support.cloudfront_model import status
from tests.template.template import PARAMETERS

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def secrets(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    with mock_aws():
        yield boto3.client("secretsmanager")


@pytest.fixture
def run(secrets, capsys):
    def run(*arguments):
        link_keys.main([*arguments, "--stack", "herald"])
        return capsys.readouterr().out.strip()

    return run


def held(secrets):
    return json.loads(secrets.get_secret_value(SecretId="herald/link-keys")["SecretString"])


def public(parameter):
    """The key that the template makes of its parameter."""
    lines = parameter.partition("=")[2].split(",")
    return load_pem_public_key(
        "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""]).encode()
    )


def link(secrets):
    """A link that a function makes which has just started."""
    keys = {"A": "KA", "B": "KB"}
    name = "herald/link-keys"
    links = CdnLinks(SimpleNamespace(secrets=secrets), domain="d", secret=name, keys=keys, clock=lambda: NOON)
    return links.link("audio/a/1.mp3", file_name="1.mp3", seconds=900)


def test_one_key_takes_over_from_another(secrets, run):
    group = {"KA": public(run("make", "A"))}
    assert status(link(secrets), group, at=NOON.timestamp()) == 200
    group["KB"] = public(run("make", "B"))
    assert "Key-Pair-Id=KA" in link(secrets)
    run("sign-with", "B")
    assert "Key-Pair-Id=KB" in link(secrets)
    assert status(link(secrets), group, at=NOON.timestamp()) == 200
    run("forget", "A")
    assert set(held(secrets)) == {"signs", "B"}


@pytest.mark.parametrize("slot", ["A", "B"])
def test_the_template_takes_what_is_printed(run, slot):
    name, _, value = run("make", slot).partition("=")
    assert name == f"LinkPublicKey{slot}"
    assert re.fullmatch(PARAMETERS[name]["AllowedPattern"], value)


def test_no_key_is_made_over_another(secrets, run):
    first = run("make", "A")
    before = held(secrets)
    assert run("make", "A") == first
    assert held(secrets) == before
    assert "PRIVATE" not in first


def test_a_key_that_signs_is_not_forgotten_and_one_that_is_not_there_signs_nothing(secrets, run):
    run("make", "A")
    for arguments in (("forget", "A"), ("sign-with", "B")):
        with pytest.raises(SystemExit, match=r"Links are signed with key A|has no key B"):
            run(*arguments)
    assert held(secrets)["signs"] == "A"
