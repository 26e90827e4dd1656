"""Download files over HTTP, with resumption and verification."""

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
"""Seconds without data after which a download fails."""
_PIECE = 1 << 16
"""Bytes read at a time."""


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    """A file to download, with its expected size and digest."""

    url: str
    size: int
    """Bytes."""
    md5: str
    """Digest from the catalogue. It detects corruption, not tampering, which only https prevents."""


def fetch(file: RemoteFile, path: Path, report: Callable[[int], None]) -> None:
    """Download a file to `path`, which appears only when complete; call `report` with the bytes so far.

    After an interruption the partial file stays next to `path`, and the next call resumes it. Raise VoiceNotFetched on
    failure.
    """
    if not (path.is_file() and _is_whole(file, path)):
        part = path.with_name(f"{file.md5}.part")
        with _explained(file.url, advice=" Run the command again to resume."):
            _fetch_part(file, part, report)
            part.replace(path)
    report(file.size)


def read(url: str, *, limit: int) -> bytes:
    """Download at most `limit` bytes; raise VoiceNotFetched on failure, or if the file is larger."""
    with _explained(url), _open(url) as answer:
        data = answer.read(limit + 1)
        if len(data) > limit:
            raise VoiceNotFetched(f"{url} exceeds the limit of {limit} bytes.")
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
        raise URLError(f"the connection was closed after {done} of {file.size} bytes")
    if done > file.size or not _is_whole(file, part):
        part.unlink()
        raise VoiceNotFetched(
            f"{file.url} does not match the catalogue: its size or checksum differs. The download was deleted. "
            "Run the command again."
        )


def _copy(answer: HTTPResponse, opened: IO[bytes], done: int, size: int, report: Callable[[int], None]) -> int:
    """Append the response to the file until it exceeds `size`; return the bytes received, including `done`."""
    while done <= size and (piece := answer.read(_PIECE)):
        opened.write(piece)
        done += len(piece)
        report(min(done, size))
    return done


def _open_at(url: str, start: int) -> tuple[HTTPResponse, int]:
    """Request a file from the byte `start`; return the response and its actual first byte, which may be 0."""
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
    """Follow redirects, but not from https to http."""

    def redirect_request(  # noqa: PLR0913, PLR0917  urllib's signature
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if req.type == "https" and not newurl.startswith("https:"):
            raise URLError("it redirects from https to another scheme")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _open(url: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    answer: HTTPResponse = _opener().open(Request(url, headers=headers or {}), timeout=_TIMEOUT)  # noqa: S310
    return answer


def _opener() -> OpenerDirector:
    """Return an opener for http and https only; urllib's default opener also reads local files."""
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
        raise VoiceNotFetched(
            f"{url} could not be downloaded: the server responded {error.code} {error.reason}."
        ) from None
    except (OSError, HTTPException, ValueError) as error:  # network, disk, HTTP, invalid URL
        raise VoiceNotFetched(f"{url} could not be downloaded: {_reason(error)}.{advice}") from error


def _reason(error: BaseException) -> str:
    if isinstance(error, URLError):
        return error.reason if isinstance(error.reason, str) else _reason(error.reason)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
