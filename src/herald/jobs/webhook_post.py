"""One attempt to send a webhook: over TLS to a public address, without redirects, in bounded time.

The host is resolved once and the connection goes to the address that was checked, so that a name cannot resolve to
another address in between.
"""

import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from time import monotonic
from urllib.parse import SplitResult

from herald import __version__
from herald.errors import InvalidRequest
from herald.jobs.webhook_address import WebhookHosts, is_public, split_url
from herald.jobs.webhook_message import Failure, ReasonCode, failure_of

SECONDS = 10.0
"""The limit of an attempt: resolving the host, connecting, and receiving the response's status and headers."""
_CONNECT_SECONDS = 5.0
_MOST_ADDRESSES = 4
_HTTPS_PORT, _HTTP_PORT = 443, 80

type Resolve = Callable[[str, int], list[str]]
"""Returns the IP addresses of a host."""


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host; raise OSError if it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class WebhookPost:
    """Sends webhooks to allowed hosts."""

    def __init__(
        self,
        hosts: WebhookHosts,
        *,
        resolve: Resolve = resolve,
        seconds: float = SECONDS,
    ) -> None:
        self._hosts = hosts
        self._resolve = resolve
        self._context = ssl.create_default_context()
        self._seconds = seconds

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> int | Failure:
        """Send a webhook once. Return the receiver's status if it is 2xx, else why the attempt failed."""
        end = monotonic() + self._seconds
        try:
            self._hosts.check(url)
            status = self._status(split_url(url), body, headers, end)
            return failure_of(status) or status
        except InvalidRequest as error:
            code: ReasonCode = "webhook_host_not_allowed"
            if error.code == "invalid_webhook_url":
                code = "invalid_webhook_url"
            return Failure(code=code, message=error.message, final=True)
        except _NotPublicError:
            message = "The host resolves to an address that is not public."
            return Failure(code="webhook_address_not_public", message=message, final=True)
        except (OSError, HTTPException, ValueError) as error:
            if isinstance(error, TimeoutError) or monotonic() >= end:
                message = f"The receiver did not respond within {self._seconds:g} seconds."
                return Failure(code="webhook_timeout", message=message)
            return Failure(code="webhook_unreachable", message=f"The request failed: {_reason(error)}.")

    def _status(self, parts: SplitResult, body: bytes, headers: Mapping[str, str], end: float) -> int:
        """Return the status of the response. Its body is not read."""
        secure = parts.scheme == "https"
        host, port = parts.hostname or "", parts.port or (_HTTPS_PORT if secure else _HTTP_PORT)
        addresses = self._resolve(host, port)
        # One private address is enough to refuse: which one is used would otherwise depend on chance.
        if secure and not all(map(is_public, addresses)):
            raise _NotPublicError
        plain = _connected(addresses[:_MOST_ADDRESSES], port, end)
        connection = HTTPSConnection(host, port) if secure else HTTPConnection(host, port)
        try:
            with _Deadline(plain, end):
                connection.sock = self._context.wrap_socket(plain, server_hostname=host) if secure else plain
                target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                sent = {**headers, "User-Agent": f"herald/{__version__}", "Connection": "close"}
                connection.request("POST", target, body=body, headers=sent)
                status = connection.getresponse().status
            if monotonic() >= end:  # the response was cut off, and http.client reads its end as that of the headers
                raise TimeoutError
            return status
        finally:
            connection.close()
            plain.close()


class _NotPublicError(Exception):
    """The host resolves to an address that webhooks are not sent to."""


class _Deadline:
    """Shuts a socket down at a time: a socket's own timeout starts again with every byte of a slow response."""

    def __init__(self, plain: socket.socket, end: float) -> None:
        # TLS wraps the socket by detaching it, so the timer has a duplicate of its own.
        self._twin = plain.dup()
        self._timer = Timer(max(0.0, end - monotonic()), self._shut)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._twin.close()

    def _shut(self) -> None:
        with suppress(OSError):
            self._twin.shutdown(socket.SHUT_RDWR)


def _connected(addresses: list[str], port: int, end: float) -> socket.socket:
    """Return a connection to the first address that accepts one; raise OSError if none does."""
    failed: OSError = OSError("the host has no address")
    for address in addresses:
        left = end - monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            connected = socket.create_connection((address, port), timeout=min(left, _CONNECT_SECONDS))
            connected.settimeout(max(0.1, end - monotonic()))
        except OSError as error:
            failed = error
        else:
            return connected
    raise failed


def _reason(error: Exception) -> str:
    """Return the kind of an error. A certificate error says what is wrong; other messages may repeat the response."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not valid ({error.verify_message.split(',')[0].rstrip('.')})"
    if isinstance(error, socket.gaierror):
        return "the host name does not resolve"
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__
