"""Client for Herald's HTTP API and for its upload and download links, with the standard library only."""

import json
import random
import secrets
from collections.abc import Callable, Iterator
from functools import cache
from http.client import HTTPException, HTTPMessage, HTTPResponse, IncompleteRead
from pathlib import Path
from time import sleep
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from herald import __version__
from herald.cli.refusals import AWAY, error_from
from herald.errors import HeraldError, InvalidRequest, Unavailable

BATCHES = "/v1/batches"
ATTEMPTS = 5
_TIMEOUT = 30.0
"""Seconds without data after which a request fails."""
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
"""Seconds between attempts, doubled each time unless the response has Retry-After."""
_OBJECTS = frozenset({"batch", "list"})
"""Values of `object` in the API's responses."""
_LONGEST_ANSWER = 16 << 20
_PIECE = 1 << 16

type Json = dict[str, Any]


class Api:
    """Client for the batches of a deployment."""

    def __init__(self, base: str, key: str | None = None) -> None:
        """`base` is the stack's output ApiUrl; `key` is sent as the bearer token."""
        self.base = checked(base, "address")
        self._key = key
        self._reached = False

    def get(self, path: str, **query: str | int | None) -> Json:
        """Send a GET request; omit query parameters that are None."""
        asked = urlencode({name: value for name, value in query.items() if value is not None})
        return self._call("GET", f"{path}?{asked}" if asked else path)

    def post(self, path: str, body: Json | None = None, *, key: str | None = None) -> Json:
        """Send a POST request; `key` is its idempotency key."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._call("POST", path, body, headers | ({"Content-Type": "application/json"} if body else {}))

    def delete(self, path: str) -> Json:
        """Send a DELETE request."""
        return self._call("DELETE", path)

    def pages(self, path: str, **query: str | int | None) -> Iterator[list[Json]]:
        """Yield the pages of a list, each requested on demand."""
        cursor = None
        while True:
            page = self.get(path, cursor=cursor, **query)
            yield page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def _call(self, method: str, path: str, body: Json | None = None, headers: Json | None = None) -> Json:
        data = json.dumps(body).encode() if body is not None else None
        request = Request(f"{self.base}{path}", data, {"Accept": "application/json"} | (headers or {}), method=method)  # noqa: S310  checked
        if self._key:
            request.add_unredirected_header("Authorization", f"Bearer {self._key}")
        answer = again(lambda: self._read(request), self._classify)
        if not (isinstance(answer, dict) and answer.get("object") in _OBJECTS):
            raise self._not_herald("with JSON that is not a batch or a list")
        return answer

    def _read(self, request: Request) -> object:
        with open_url(request) as answer:
            self._reached = True
            try:
                return json.loads(answer.read(_LONGEST_ANSWER))
            except ValueError:
                raise self._not_herald("with a body that is not JSON") from None

    def _classify(self, error: Exception) -> tuple[HeraldError, bool]:
        if isinstance(error, HTTPError):
            self._reached = True
            refused = error_from(error, self.base) or self._unexpected(error)
            # A daily quota resets tomorrow; retrying now cannot help.
            return refused, error.code in AWAY and refused.code != "quota_exceeded"
        message = f"{self.base} does not respond: {reason_of(error)}. Check that it is the stack's output ApiUrl."
        # Retry only a server that has responded before; otherwise the address is probably wrong.
        return Unavailable(message), self._reached

    def _unexpected(self, error: HTTPError) -> HeraldError:
        if error.code in AWAY:
            return Unavailable(f"{self.base} responded {error.code} {error.reason}, {ATTEMPTS} times. Try again later.")
        return self._not_herald(f"{error.code} {error.reason}")

    def _not_herald(self, response: str) -> HeraldError:
        message = (
            f"{self.base} responded {response}; it is not a Herald API. Use the stack's output ApiUrl as the address."
        )
        return InvalidRequest(message, code="not_herald")


def upload(file: Path, url: str, fields: dict[str, str], report: Callable[[int], None]) -> None:
    """Stream a file as a multipart form; call `report` with the bytes sent. Restart after an interruption."""
    boundary = secrets.token_hex(16)
    head, tail = _form(fields, boundary)
    size = len(head) + file.stat().st_size + len(tail)
    headers = {"Content-Length": str(size), "Content-Type": f"multipart/form-data; boundary={boundary}"}
    link = checked(url, "link for the upload")

    def send() -> None:
        with file.open("rb") as opened:
            body = _Body(head, _Reported(opened, report), tail)
            open_url(Request(link, body, headers, method="POST")).close()  # noqa: S310  checked

    again(send, lambda error: _classify_transfer(error, f"{file.name} could not be uploaded"))


def _form(fields: dict[str, str], boundary: str) -> tuple[bytes, bytes]:
    """Return the bytes before and after the file in multipart/form-data (RFC 7578); S3 ignores fields after it."""
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="'
    before = "".join(f'{part}{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    opening = f'{before}{part}file"; filename="manifest"\r\nContent-Type: application/octet-stream\r\n\r\n'
    return opening.encode(), f"\r\n--{boundary}--\r\n".encode()


def fetch(url: str, path: Path) -> None:
    """Download a link to `path`, which appears only when complete."""
    link = checked(url, "link")
    part = path.with_name(f"{path.name}.part")

    def receive() -> None:
        with open_url(Request(link)) as answer, part.open("wb") as opened:  # noqa: S310  checked
            while piece := answer.read(_PIECE):
                opened.write(piece)
            if answer.length:
                raise IncompleteRead(b"", answer.length)
        part.replace(path)

    try:
        again(receive, lambda error: _classify_transfer(error, f"{path.name} could not be downloaded"))
    finally:
        part.unlink(missing_ok=True)


def again[T](act: Callable[[], T], classify: Callable[[Exception], tuple[HeraldError, bool]]) -> T:
    """Call `act` up to ATTEMPTS times; `classify` returns the error to raise for an exception, and whether to retry."""
    for attempt in range(ATTEMPTS):
        try:
            return act()
        except (OSError, HTTPException) as error:
            refusal, retryable = classify(error)
            if not retryable or attempt == ATTEMPTS - 1:
                raise refusal from None
            sleep(_wait(error, attempt))
    raise AssertionError("the last attempt ends the loop")


def batch_path(batch_id: str, *below: str) -> str:
    """Return the path of a batch or of a resource below it; quote the id, which is user input."""
    return "/".join([BATCHES, quote(batch_id, safe=""), *below])


def checked(url: str, what: str) -> str:
    """Return an http or https address without a trailing slash; raise InvalidRequest for any other."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise InvalidRequest(
            f"'{url}' is not a valid {what}; it must begin with https:// or http://.", code="no_address"
        )
    return quote(url.rstrip("/"), safe="/:?#[]@!$&'()*+,;=%-._~")


class _Reported:
    """A file that reports how much of it was read."""

    def __init__(self, opened: IO[bytes], report: Callable[[int], None]) -> None:
        self._opened = opened
        self._report = report

    def read(self) -> bytes:
        piece = self._opened.read(_PIECE)
        self._report(self._opened.tell())
        return piece


class _Body:
    """A multipart form with a file, as one stream."""

    def __init__(self, head: bytes, file: _Reported, tail: bytes) -> None:
        self._pieces = self._read(head, file, tail)

    def read(self, _size: int = -1) -> bytes:
        """Return the next piece; b"" at the end."""
        return next(self._pieces, b"")

    @staticmethod
    def _read(head: bytes, file: _Reported, tail: bytes) -> Iterator[bytes]:
        yield head
        while piece := file.read():
            yield piece
        yield tail


class _Redirects(HTTPRedirectHandler):
    """Follow redirects of GET requests only, and never from https to http; urllib would turn a POST into a GET."""

    def redirect_request(  # noqa: PLR0913, PLR0917  urllib's signature
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if req.get_method() != "GET" or (req.type == "https" and not newurl.startswith("https:")):
            return None
        followed = super().redirect_request(req, fp, code, msg, headers, newurl)
        key = req.unredirected_hdrs.get("Authorization")
        if followed and key and (followed.type, followed.host) == (req.type, req.host):  # keep the key from other hosts
            followed.add_unredirected_header("Authorization", key)
        return followed


@cache
def _opener() -> OpenerDirector:
    """Return the shared opener; creating one loads the CA certificates, which takes 20 ms."""
    opener = build_opener(_Redirects)
    opener.addheaders = [("User-Agent", f"herald/{__version__}")]
    return opener


def open_url(request: Request) -> HTTPResponse:
    """Send a request once; raise HTTPError for statuses of 400 or more."""
    answer: HTTPResponse = _opener().open(request, timeout=_TIMEOUT)
    return answer


def _classify_transfer(error: Exception, what: str) -> tuple[HeraldError, bool]:
    if isinstance(error, HTTPError):
        error.close()
        why = f"the server responded {error.code} {error.reason}. The link may have expired"
        return Unavailable(f"{what}: {why}; run the command again."), error.code in AWAY
    if isinstance(error, OSError) and error.filename:  # a local file, not the network
        return HeraldError(f"{error.filename}: {error.strerror}"), False
    return Unavailable(f"{what}: {reason_of(error)}. Run the command again."), True


def _wait(error: Exception, attempt: int) -> float:
    retry_after = error.headers.get("Retry-After", "") if isinstance(error, HTTPError) else ""
    if retry_after.isdecimal():
        return min(float(retry_after), _LONGEST_WAIT)
    backoff: float = _FIRST_WAIT * 2**attempt * random.uniform(0.5, 1)  # noqa: S311  not security-relevant
    return min(backoff, _LONGEST_WAIT)


def reason_of(error: BaseException) -> str:
    """Return the reason of a connection error as text."""
    if isinstance(error, URLError):
        return error.reason if isinstance(error.reason, str) else reason_of(error.reason)
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
