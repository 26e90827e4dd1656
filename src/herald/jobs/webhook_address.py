"""Where webhooks may be sent: the rules for `webhook_url`, and for the addresses that its host resolves to."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, urlsplit

from herald.errors import InvalidRequest, InvalidSettings

LONGEST_URL = 2_048
_HTTPS_PORT = 443
_FIRST_USER_PORT = 1_024
"""Other ports below it belong to protocols that must not receive requests, such as SMTP."""
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LONGEST_HOST = 253
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_PARAM = "webhook_url"


@dataclass(frozen=True, kw_only=True)
class WebhookHosts:
    """The hosts that a deployment sends webhooks to; none by default."""

    names: frozenset[str] = frozenset()
    """Host names; `*.example.com` stands for every subdomain of example.com, `*` for every host."""
    loopback: bool = False
    """Whether http to this machine is also allowed. Only the local stack sets it."""

    @classmethod
    def parse(cls, text: str, *, loopback: bool = False) -> Self:
        """Return the hosts of a comma-separated list; raise InvalidSettings for a malformed name."""
        names = frozenset(name.strip().lower() for name in text.split(",") if name.strip())
        for name in names:
            if name != "*" and not _is_host(name.removeprefix("*.")):
                raise InvalidSettings(f"'{name}' is not a host name. Use example.com, *.example.com or *.")
        return cls(names=names, loopback=loopback)

    def check(self, url: str) -> None:
        """Raise InvalidRequest for a URL that no webhook is sent to. Its message does not repeat the URL."""
        if not self.names and not self.loopback:
            raise _refused(
                "This deployment sends no webhooks. The operator can allow hosts with the template parameter "
                "WebhookHosts.",
                code="webhook_host_not_allowed",
            )
        parts = split_url(url)
        host = parts.hostname or ""
        if self.loopback and parts.scheme == "http" and host in _LOOPBACK:
            return
        if parts.scheme != "https":
            raise _invalid("must begin with https://")
        if not _is_host(host):
            raise _invalid("must have a host name with a dot, such as hooks.example.com, not an IP address")
        if parts.port is not None and parts.port != _HTTPS_PORT and parts.port < _FIRST_USER_PORT:
            raise _invalid("must use port 443, or one from 1024 on")
        labels = host.split(".")
        parents = {"*." + ".".join(labels[at:]) for at in range(1, len(labels))}
        if not self.names & (parents | {"*", host}):
            raise _refused(
                "Webhooks to that host are not allowed. Ask the operator to add it to the template parameter "
                "WebhookHosts.",
                code="webhook_host_not_allowed",
            )


def split_url(url: str) -> SplitResult:
    """Return the parts of a URL; raise InvalidRequest if it is malformed, or has parts that no webhook needs."""
    if len(url) > LONGEST_URL:
        raise _invalid(f"must have at most {LONGEST_URL} characters")
    if not _VISIBLE.fullmatch(url) or "\\" in url:
        raise _invalid("must consist of visible ASCII characters without a backslash; escape others as %XX")
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError if it is not a number up to 65535
    except ValueError:
        raise _invalid("is malformed: its host or port cannot be read") from None
    if "@" in parts.netloc:
        raise _invalid("must not contain a user name or password: verify the signature instead")
    if "#" in url:
        raise _invalid("must not contain a fragment (#)")
    return parts


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the public internet.

    False for private, loopback, link-local (with the metadata service), shared, reserved and multicast addresses, and
    for IPv6 addresses that contain such an IPv4 address.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    is_site_local = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or is_site_local)


def _is_host(name: str) -> bool:
    """Return whether a name is a DNS name with a dot, and not an IPv4 address in any of its notations."""
    labels = name.split(".")
    if len(name) > _LONGEST_HOST or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):  # noqa: PLR2004
        return False
    # The URL standard reads a host that ends in a number as an IPv4 address: 127.1, 0x7f.1, 10.0.0.0x1.
    last = labels[-1]
    return not (last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last))


def _invalid(rule: str) -> InvalidRequest:
    return _refused(f"webhook_url {rule}.", code="invalid_webhook_url")


def _refused(message: str, *, code: str) -> InvalidRequest:
    return InvalidRequest(message, param=_PARAM, code=code)
