"""A client of Herald's HTTP API, and of the links that it gives. Standard library alone."""

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
from herald.cli.refusals import AWAY, refusal_of
from herald.errors import HeraldError, InvalidRequest, Unavailable

BATCHES = "/v1/batches"
ATTEMPTS = 5
_TIMEOUT = 30.0
"""Seconds that a server may stay silent."""
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
"""Seconds between attempts: doubled each time, unless the server says how long."""
_OBJECTS = frozenset({"batch", "list"})
"""What Herald's answers are, as they say."""
_LONGEST_ANSWER = 16 << 20
_PIECE = 1 << 16

type Json = dict[str, Any]


class Api:
    """The batches of a Herald at an address."""

    def __init__(self, base: str, key: str | None = None) -> None:
        """Take the address, as the stack's output ApiUrl has it, and the key to show there."""
        self.base = checked(base, "address")
        self._key = key
        self._reached = False

    def get(self, path: str, **query: str | int | None) -> Json:
        """Ask for something; `query` without what is None."""
        asked = urlencode({name: value for name, value in query.items() if value is not None})
        return self._call("GET", f"{path}?{asked}" if asked else path)

    def post(self, path: str, body: Json | None = None, *, key: str | None = None) -> Json:
        """Ask for something to be done; `key` makes a repeated request the same one."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._call("POST", path, body, headers | ({"Content-Type": "application/json"} if body else {}))

    def delete(self, path: str) -> Json:
        """Ask for something to be ended."""
        return self._call("DELETE", path)

    def pages(self, path: str, **query: str | int | None) -> Iterator[list[Json]]:
        """The pages of a list, each asked for when it is wanted."""
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
        answer = again(lambda: self._read(request), self._explained)
        if not (isinstance(answer, dict) and answer.get("object") in _OBJECTS):
            raise self._not_herald("with what is no batch and no list")
        return answer

    def _read(self, request: Request) -> object:
        with open_url(request) as answer:
            self._reached = True
            try:
                return json.loads(answer.read(_LONGEST_ANSWER))
            except ValueError:
                raise self._not_herald("with what is no JSON") from None

    def _explained(self, error: Exception) -> tuple[HeraldError, bool]:
        if isinstance(error, HTTPError):
            self._reached = True
            refused = refusal_of(error, self.base) or self._strange(error)
            # What a day's quota refuses is refused until tomorrow.
            return refused, error.code in AWAY and refused.code != "quota_exceeded"
        message = f"{self.base} does not answer: {reason_of(error)}. Is it the address of a Herald, the output ApiUrl?"
        # Who never answered is not away for a moment, but elsewhere.
        return Unavailable(message), self._reached

    def _strange(self, error: HTTPError) -> HeraldError:
        if error.code in AWAY:
            return Unavailable(f"{self.base} answered {error.code} {error.reason}, {ATTEMPTS} times. Try again later.")
        return self._not_herald(f"{error.code} {error.reason}")

    def _not_herald(self, answered: str) -> HeraldError:
        message = f"{self.base} answered {answered}, not as Herald does. Give the stack's output ApiUrl as the address."
        return InvalidRequest(message, code="not_herald")


def upload(file: Path, url: str, fields: dict[str, str], report: Callable[[int], None]) -> None:
    """Post a file with a form's fields, as a stream; `report` is told the bytes sent. Start again after a cut."""
    boundary = secrets.token_hex(16)
    head, tail = _form(fields, boundary)
    size = len(head) + file.stat().st_size + len(tail)
    headers = {"Content-Length": str(size), "Content-Type": f"multipart/form-data; boundary={boundary}"}
    link = checked(url, "link for the upload")

    def send() -> None:
        with file.open("rb") as opened:
            body = _Body(head, _Reported(opened, report), tail)
            open_url(Request(link, body, headers, method="POST")).close()  # noqa: S310  checked

    again(send, lambda error: _cut(error, f"{file.name} could not be uploaded"))


def _form(fields: dict[str, str], boundary: str) -> tuple[bytes, bytes]:
    """Return what stands before and after the file in multipart/form-data (RFC 7578); S3 reads nothing after it."""
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="'
    before = "".join(f'{part}{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    opening = f'{before}{part}file"; filename="manifest"\r\nContent-Type: application/octet-stream\r\n\r\n'
    return opening.encode(), f"\r\n--{boundary}--\r\n".encode()


def fetch(url: str, path: Path) -> None:
    """Fetch a link as a file, which is there only once it is whole."""
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
        again(receive, lambda error: _cut(error, f"{path.name} could not be fetched"))
    finally:
        part.unlink(missing_ok=True)


def again[T](act: Callable[[], T], explained: Callable[[Exception], tuple[HeraldError, bool]]) -> T:
    """What `act` gives, tried up to ATTEMPTS times; `explained` turns a fault into an error, and whether to go on."""
    for attempt in range(ATTEMPTS):
        try:
            return act()
        except (OSError, HTTPException) as error:
            refusal, may_help = explained(error)
            if not may_help or attempt == ATTEMPTS - 1:
                raise refusal from None
            sleep(_wait(error, attempt))
    raise AssertionError("the last attempt ends the loop")


def batch_path(batch_id: str, *below: str) -> str:
    """The path of a batch, or of what is below it, whatever somebody has typed as its id."""
    return "/".join([BATCHES, quote(batch_id, safe=""), *below])


def checked(url: str, what: str) -> str:
    """An address of http or https, without a slash at its end; InvalidRequest for another."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise InvalidRequest(f"'{url}' is no {what}: it begins with https:// or http://.", code="no_address")
    return quote(url.rstrip("/"), safe="/:?#[]@!$&'()*+,;=%-._~")


class _Reported:
    """A file that tells how much of it was read."""

    def __init__(self, opened: IO[bytes], report: Callable[[int], None]) -> None:
        self._opened = opened
        self._report = report

    def read(self) -> bytes:
        piece = self._opened.read(_PIECE)
        self._report(self._opened.tell())
        return piece


class _Body:
    """A form with a file in it, read as one stream."""

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
    """Follows those of what is only read, but not out of https. urllib makes a GET of a POST: that would not do."""

    def redirect_request(  # noqa: PLR0913, PLR0917  the shape that urllib calls
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if req.get_method() != "GET" or (req.type == "https" and not newurl.startswith("https:")):
            return None
        followed = super().redirect_request(req, fp, code, msg, headers, newurl)
        key = req.unredirected_hdrs.get("Authorization")
        if followed and key and (followed.type, followed.host) == (req.type, req.host):  # nobody else gets the key
            followed.add_unredirected_header("Authorization", key)
        return followed


@cache
def _opener() -> OpenerDirector:
    """Made once: it reads the certificates of all authorities, which takes 20 ms."""
    opener = build_opener(_Redirects)
    opener.addheaders = [("User-Agent", f"herald/{__version__}")]
    return opener


def open_url(request: Request) -> HTTPResponse:
    """Send a request once; an HTTPError is raised for statuses from 400 on."""
    answer: HTTPResponse = _opener().open(request, timeout=_TIMEOUT)
    return answer


def _cut(error: Exception, what: str) -> tuple[HeraldError, bool]:
    if isinstance(error, HTTPError):
        error.close()
        why = f"the server answered {error.code} {error.reason}. Its link may have expired"
        return Unavailable(f"{what}: {why}; run the command again."), error.code in AWAY
    if isinstance(error, OSError) and error.filename:  # of this machine, not of the network
        return HeraldError(f"{error.filename}: {error.strerror}"), False
    return Unavailable(f"{what}: {reason_of(error)}. Run the command again."), True


def _wait(error: Exception, attempt: int) -> float:
    told = error.headers.get("Retry-After", "") if isinstance(error, HTTPError) else ""
    seconds = float(told) if told.isdecimal() else _FIRST_WAIT * 2**attempt * random.uniform(0.5, 1)  # noqa: S311  no secret
    return min(seconds, _LONGEST_WAIT)


def reason_of(error: BaseException) -> str:
    """Return what went wrong with a connection, in words."""
    if isinstance(error, URLError):
        return error.reason if isinstance(error.reason, str) else reason_of(error.reason)
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
