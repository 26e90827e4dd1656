"""Fetches over HTTP: in pieces, going on where an earlier call was cut, checked when whole."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage, HTTPResponse, IncompleteRead
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from herald.errors import VoiceNotFetched

_TIMEOUT = 30.0
"""Seconds that a server may stay silent."""
_PIECE = 1 << 16
"""Bytes held in memory at a time."""


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    """A file that a server has, and what is known of it beforehand."""

    url: str
    size: int
    """Bytes."""
    md5: str
    """The catalogue's own digest. It finds damage, not an attacker: against him there is only https."""


def fetch(file: RemoteFile, path: Path, report: Callable[[int], None]) -> None:
    """Fetch a file as `path`, which is there only once it is whole; `report` is told the bytes so far.

    What was fetched before a cut stays beside it for the next call. VoiceNotFetched says what went wrong.
    """
    if not (path.is_file() and _is_whole(file, path)):
        part = path.with_name(f"{file.md5}.part")
        with _explained(file.url, advice=" Run the command again: it goes on where it stopped."):
            _fetch_part(file, part, report)
            part.replace(path)
    report(file.size)


def read(url: str, *, limit: int) -> bytes:
    """Fetch a small text; VoiceNotFetched where that fails, or where it has more than `limit` bytes."""
    with _explained(url), _open(url) as answer:
        data = answer.read(limit + 1)
        if len(data) > limit:
            raise VoiceNotFetched(f"{url} is larger than the {limit} bytes that such a file may have.")
        if answer.length:
            raise IncompleteRead(data, answer.length)
    return data


def _is_whole(file: RemoteFile, path: Path) -> bool:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() == file.md5


def _fetch_part(file: RemoteFile, part: Path, report: Callable[[int], None]) -> None:
    done = part.stat().st_size if part.is_file() else 0
    if done < file.size:
        answer, start = _open_at(file.url, done)
        with answer, part.open("ab" if start else "wb") as opened:
            done = _copy(answer, opened, start, file.size, report)
    if done < file.size:
        raise URLError(f"the connection was cut after {done} of {file.size} bytes")
    if done > file.size or not _is_whole(file, part):
        part.unlink()
        raise VoiceNotFetched(
            f"{file.url} is not the file that the catalogue describes: its size or its checksum differs. "
            "Nothing of it was kept. Run the command again."
        )


def _copy(answer: HTTPResponse, opened: IO[bytes], done: int, size: int, report: Callable[[int], None]) -> int:
    """Append what the server sends; the bytes that the file then has, or would have had."""
    while done <= size and (piece := answer.read(_PIECE)):
        opened.write(piece)
        done += len(piece)
        report(min(done, size))
    return done


def _open_at(url: str, start: int) -> tuple[HTTPResponse, int]:
    """The answer of a server asked for a file from the byte `start`, and the byte at which it begins: maybe at 0."""
    if start == 0:
        return _open(url), 0
    try:
        answer = _open(url, {"Range": f"bytes={start}-"})
    except HTTPError as error:
        error.close()
        if error.code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        return _open(url), 0
    if answer.status != HTTPStatus.PARTIAL_CONTENT:
        return answer, 0
    if answer.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
        return answer, start
    answer.close()
    return _open(url), 0


class _Redirects(HTTPRedirectHandler):
    """Follows redirects, but not out of https."""

    def redirect_request(  # noqa: PLR0913, PLR0917  the shape that urllib calls
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if req.type == "https" and not newurl.startswith("https:"):
            raise URLError("it redirects to an address without https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _open(url: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    answer: HTTPResponse = _opener().open(Request(url, headers=headers or {}), timeout=_TIMEOUT)  # noqa: S310
    return answer


def _opener() -> OpenerDirector:
    """An opener for http and https alone: urllib's usual one also reads files of this machine."""
    opener = OpenerDirector()
    opener.addheaders = [("User-Agent", "herald")]
    for handler in (
        ProxyHandler,
        UnknownHandler,
        HTTPHandler,
        HTTPSHandler,
        HTTPDefaultErrorHandler,
        _Redirects,
        HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


@contextmanager
def _explained(url: str, *, advice: str = "") -> Iterator[None]:
    try:
        yield
    except HTTPError as error:
        error.close()
        raise VoiceNotFetched(f"{url} could not be fetched: the server answered {error.code} {error.reason}.") from None
    except (OSError, HTTPException, ValueError) as error:  # the network, the disk, HTTP, and addresses that are none
        raise VoiceNotFetched(f"{url} could not be fetched: {_reason(error)}.{advice}") from error


def _reason(error: BaseException) -> str:
    if isinstance(error, URLError):
        return error.reason if isinstance(error.reason, str) else _reason(error.reason)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
