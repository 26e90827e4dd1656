"""Download files over HTTP, with resumption and verification."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import IO

import httpx

from herald.errors import VoiceNotFetched
from herald.http_client import open_client, reason_of


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file to download, with its expected size and digest."""

    url: str
    size: int
    """Bytes."""
    md5: str
    """Digest from the catalogue. It detects corruption, not tampering, which only https prevents."""


def fetch(file: Download, path: Path, report: Callable[[int], None]) -> None:
    """Download a file to `path`, which appears only when complete; call `report` with the bytes so far.

    After an interruption the partial file stays next to `path`, and the next call resumes it. Raise VoiceNotFetched on
    failure.
    """
    if not (path.is_file() and _is_whole(file, path)):
        part = path.with_name(f"{file.md5}.part")
        with _raising_not_fetched(file.url, advice=" Run the command again to resume."), open_client() as client:
            _fetch_part(client, file, part, report)
            part.replace(path)
    report(file.size)


def read(url: str, *, limit: int) -> bytes:
    """Download at most `limit` bytes; raise VoiceNotFetched on failure, or if the file is larger."""
    data = b""
    with _raising_not_fetched(url), open_client() as client, _open(client, url) as response:
        response.raise_for_status()
        for piece in response.iter_raw():
            data += piece
            if len(data) > limit:
                raise VoiceNotFetched(f"{url} exceeds the limit of {limit} bytes.")
    return data


def _is_whole(file: Download, path: Path) -> bool:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() == file.md5


def _fetch_part(client: httpx.Client, file: Download, part: Path, report: Callable[[int], None]) -> None:
    done = part.stat().st_size if part.is_file() else 0
    if done < file.size:
        with ExitStack() as stack:
            response, start = _open_at(client, file.url, done, stack)
            with part.open("ab" if start else "wb") as opened:
                done = _copy(response, opened, start, file.size, report)
    if done < file.size:
        raise VoiceNotFetched(
            f"{file.url} could not be downloaded: the connection was closed after {done} of {file.size} bytes. "
            "Run the command again to resume."
        )
    if done > file.size or not _is_whole(file, part):
        part.unlink()
        raise VoiceNotFetched(
            f"{file.url} does not match the catalogue: its size or checksum differs. The download was deleted. "
            "Run the command again."
        )


def _copy(response: httpx.Response, opened: IO[bytes], done: int, size: int, report: Callable[[int], None]) -> int:
    """Append the response to the file until it ends or exceeds `size`; return the bytes so far, including `done`."""
    with suppress(httpx.RemoteProtocolError):  # the server closed the connection early; the caller compares the size
        for piece in response.iter_raw():
            opened.write(piece)
            done += len(piece)
            report(min(done, size))
            if done > size:
                break
    return done


def _open_at(client: httpx.Client, url: str, start: int, stack: ExitStack) -> tuple[httpx.Response, int]:
    """Request a file from the byte `start`; return the response and its actual first byte, which may be 0."""
    if start:
        response = stack.enter_context(_open(client, url, {"Range": f"bytes={start}-"}))
        if response.status_code == HTTPStatus.PARTIAL_CONTENT:
            if response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
                return response, start
        elif response.status_code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return response.raise_for_status(), 0
        response.close()
    return stack.enter_context(_open(client, url)).raise_for_status(), 0


@contextmanager
def _open(client: httpx.Client, url: str, headers: dict[str, str] | None = None) -> Iterator[httpx.Response]:
    unencoded = {"Accept-Encoding": "identity"} | (headers or {})
    with client.stream("GET", url, headers=unencoded, follow_redirects=True) as response:
        yield response


@contextmanager
def _raising_not_fetched(url: str, *, advice: str = "") -> Iterator[None]:
    try:
        yield
    except httpx.HTTPStatusError as error:
        status = f"{error.response.status_code} {error.response.reason_phrase}"
        raise VoiceNotFetched(f"{url} could not be downloaded: the server responded {status}.") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:  # network, disk, HTTP, invalid URL
        raise VoiceNotFetched(f"{url} could not be downloaded: {reason_of(error)}.{advice}") from error
