"""webhook_url: which URLs are accepted, and which addresses are public."""

import json
from pathlib import Path

import pytest

from herald.errors import InvalidRequest, InvalidSettings
from herald.jobs.webhook_address import WebhookHosts, is_public

BAD = [
    json.loads(line) for line in (Path(__file__).parents[2] / "hostile" / "webhook_urls.jsonl").read_text().splitlines()
]
HOSTS = WebhookHosts.parse("hooks.example.com, *.example.org")


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["name"])
@pytest.mark.parametrize("loopback", [False, True])
def test_a_bad_url_is_refused_without_being_repeated(case, loopback):
    hosts = WebhookHosts(names=HOSTS.names, loopback=loopback)
    with pytest.raises(InvalidRequest) as refused:
        hosts.check(case["url"])
    assert (refused.value.param, refused.value.code) == ("webhook_url", case["code"])
    assert not case["url"].strip("/:") or case["url"] not in refused.value.message


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com",
        "https://hooks.example.com/herald?source=a&b=%20",
        "HTTPS://Hooks.Example.COM:443/",
        "https://hooks.example.com:1024/",
        "https://hooks.example.com:8443/",
        "https://a.example.org/",
        "https://b.a.example.org/",
    ],
)
def test_a_url_of_an_allowed_host_is_accepted(url):
    HOSTS.check(url)
    WebhookHosts.parse("*").check(url)


def test_a_long_url_is_refused():
    HOSTS.check("https://hooks.example.com/" + "a" * 2_022)
    with pytest.raises(InvalidRequest, match="at most 2048 characters"):
        HOSTS.check("https://hooks.example.com/" + "a" * 2_023)


def test_without_hosts_every_url_is_refused():
    with pytest.raises(InvalidRequest, match="WebhookHosts") as refused:
        WebhookHosts.parse("").check("https://hooks.example.com/")
    assert refused.value.code == "webhook_host_not_allowed"


def test_only_the_local_stack_allows_http_and_only_to_this_machine():
    local = WebhookHosts.parse("hooks.example.com", loopback=True)
    local.check("http://127.0.0.1:8080/herald")
    local.check("http://localhost:8080/herald")
    for url in ("http://hooks.example.com/", "http://127.0.0.2/", "http://169.254.169.254/", "http://[::1]/"):
        with pytest.raises(InvalidRequest):
            local.check(url)
    with pytest.raises(InvalidRequest):
        HOSTS.check("http://127.0.0.1:8080/herald")


@pytest.mark.parametrize(
    "text", ["https://example.com", "example", "*.*.example.com", "ex*mple.com", "127.0.0.1", "*."]
)
def test_a_malformed_allow_list_is_refused(text):
    with pytest.raises(InvalidSettings, match="host name"):
        WebhookHosts.parse(text)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
        "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.216.34", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0",
        "fec0::1", "ff02::1", "", "not an address", "127.1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111"])
def test_a_public_address(address):
    assert is_public(address)
