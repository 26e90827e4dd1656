"""Client for Herald's HTTP API and for its upload and download links."""

import io
import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from herald.cli.environment import local_stack
from herald.errors import HeraldError, InvalidRequest, Unauthorized, Unavailable
from herald.http_client import open_client, reason_of

BATCHES = "/v1/batches"
ATTEMPTS = 5
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
"""Seconds between attempts, doubled each time unless the response has Retry-After."""
_RETRYABLE = frozenset({429, 502, 503, 504})
_OBJECTS = frozenset({
    "audio.voice", "audio.voice.deleted", "audio.voice_consent", "audio.voice_consent.sentence", "batch",
    "batch_preview", "job", "lexicon", "list", "usage",
})  # fmt: skip
"""Values of `object` in the API's responses."""
_OF_THE_KEY = {
    "missing_key": "requires a key. Set HERALD_KEY; the operator creates keys with: herald keys create",
    "invalid_key": "rejected the key. Check that HERALD_KEY is complete and belongs to this deployment.",
}
"""Messages, with advice for the command line, instead of those of the API."""
_NO_BODY: dict[str, Any] = {}

type Json = dict[str, Any]

client = cache(open_client)
"""Return the shared client; creating one loads the CA certificates."""


class Api:
    """Client for a deployment's API."""

    def __init__(self, base: str, key: str | None = None) -> None:
        """`base` is the stack's output ApiUrl, with or without /v1; `key` is sent as the bearer token."""
        self.base = checked_url(base, "address").removesuffix("/v1")
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._reached = False

    def get(self, path: str, **query: str | int | None) -> Json:
        """Send a GET request; omit query parameters that are None."""
        return self._call("GET", path, params={name: value for name, value in query.items() if value is not None})

    def post(self, path: str, body: Json | None = None, *, key: str | None = None) -> Json:
        """Send a POST request; `key` is its idempotency key."""
        return self._call("POST", path, json=body, headers={"Idempotency-Key": key} if key else {})

    def post_form(self, path: str, texts: dict[str, str], *, field: str, file: Path) -> Json:
        """Send a POST request with a form: its texts, and a file in `field`."""
        return self._call("POST", path, data=texts, files={field: (file.name, file.read_bytes())})

    def put(self, path: str, body: bytes, media_type: str, **query: str | None) -> Json:
        """Send a PUT request; omit query parameters that are None."""
        params = {name: value for name, value in query.items() if value is not None}
        return self._call("PUT", path, content=body, headers={"Content-Type": media_type}, params=params)

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

    def send(self, method: str, path: str, *, headers: Json = _NO_BODY, **content: Any) -> httpx.Response:  # noqa: ANN401
        """Send a request, with retries, and return the successful response; raise HeraldError for any other."""
        request = {"headers": {"Accept": "application/json"} | self._headers | headers, **content}

        def attempt() -> httpx.Response:
            response = client().request(method, f"{self.base}{path}", follow_redirects=method == "GET", **request)
            self._reached = True
            return response.raise_for_status()

        return with_retries(attempt, self._classify)

    def _call(self, method: str, path: str, **content: Any) -> Json:  # noqa: ANN401
        response = self.send(method, path, **content)
        try:
            answer = response.json()
        except ValueError:
            raise self._not_herald("with a body that is not JSON") from None
        if not (isinstance(answer, dict) and answer.get("object") in _OBJECTS):
            raise self._not_herald("with JSON that Herald does not send")
        return answer

    def _classify(self, error: Exception) -> tuple[HeraldError, bool]:
        if isinstance(error, httpx.HTTPStatusError):
            refused = self._error_from(error.response)
            # A daily quota resets tomorrow; retrying now cannot help.
            return refused, error.response.status_code in _RETRYABLE and refused.code != "quota_exceeded"
        is_local = self.base == local_stack().get("api_url")
        advice = "Start it again: make run" if is_local else "Check that it is the stack's output ApiUrl."
        message = f"{self.base} does not respond: {reason_of(error).rstrip('.')}. {advice}"
        # Retry only a server that has responded before; otherwise the address is probably wrong.
        return Unavailable(message), self._reached

    def _error_from(self, response: httpx.Response) -> HeraldError:
        """Return an error response of Herald or of another server as an error with advice."""
        try:
            body = response.json()
        except ValueError:
            body = None
        body = body if isinstance(body, dict) else {}
        retryable = response.status_code in _RETRYABLE
        details = body.get("error")
        if isinstance(details, dict) and {"message", "code"} <= details.keys():
            if advice := _OF_THE_KEY.get(details["code"]):
                return Unauthorized(f"{self.base} {advice}", code=details["code"])
            kind = Unavailable if retryable else HeraldError
            return kind(f"{details['message']} ({details['code']})", param=details.get("param"), code=details["code"])
        status = f"{response.status_code} {response.reason_phrase}"
        if retryable:
            return Unavailable(f"{self.base} responded {status}, {ATTEMPTS} times. Try again later.")
        return self._not_herald(status)

    def _not_herald(self, response: str) -> HeraldError:
        message = (
            f"{self.base} responded {response}; it is not a Herald API. Use the stack's output ApiUrl as the address."
        )
        return InvalidRequest(message, code="not_herald")


class Reported(io.FileIO):
    """A file that reports how many bytes of it were read."""

    def __init__(self, path: Path, report: Callable[[int], None]) -> None:
        super().__init__(path)
        self._report = report

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes."""
        piece = super().read(size)
        self._report(self.tell())
        return piece or b""


def upload(file: Path, url: str, fields: dict[str, str], report: Callable[[int], None]) -> None:
    """Stream a file as a multipart form; call `report` with the bytes sent. Restart after an interruption."""
    link = checked_url(url, "link for the upload")

    def send() -> None:
        with Reported(file, report) as opened:
            content = {"file": ("manifest", opened, "application/octet-stream")}
            client().post(link, data=fields, files=content).raise_for_status()

    with_retries(send, lambda error: _classify_transfer(error, f"{file.name} could not be uploaded"))


def fetch(url: str, path: Path) -> None:
    """Download a link to `path`, which appears only when complete."""
    link = checked_url(url, "link")
    part = path.with_name(f"{path.name}.part")

    def receive() -> None:
        with client().stream("GET", link, follow_redirects=True) as response, part.open("wb") as opened:
            for piece in response.raise_for_status().iter_bytes():
                opened.write(piece)
        part.replace(path)

    try:
        with_retries(receive, lambda error: _classify_transfer(error, f"{path.name} could not be downloaded"))
    finally:
        part.unlink(missing_ok=True)


def with_retries[T](act: Callable[[], T], classify: Callable[[Exception], tuple[HeraldError, bool]]) -> T:
    """Call `act` up to ATTEMPTS times; `classify` returns the error to raise for an exception, and whether to retry."""
    attempt = 0
    while True:
        try:
            return act()
        except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
            refusal, retryable = classify(error)
            if not retryable or attempt == ATTEMPTS - 1:
                raise refusal from None
            sleep(_wait(error, attempt))
        attempt += 1


@contextmanager
def advised(advice: str, *, about: type[HeraldError] = HeraldError) -> Iterator[None]:
    """Print advice if the block is interrupted or raises an error of the type `about`."""
    try:
        yield
    except (about, KeyboardInterrupt):
        print(f"\n{advice}", file=sys.stderr)
        raise


def resource_path(collection: str, resource_id: str, *below: str) -> str:
    """Return the path of a batch or job, or of a resource below it; quote the id, which is user input.

    Raise InvalidRequest for an id that would name the collection, or a path above it.
    """
    if not resource_id.strip("."):
        raise InvalidRequest(f"'{resource_id}' is not an id or a name.")
    return "/".join([collection, quote(resource_id, safe=""), *below])


def checked_url(url: str, kind: str) -> str:
    """Return an http or https address without a trailing slash; raise InvalidRequest for any other."""
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise InvalidRequest(
            f"'{url}' is not a valid {kind}; it must begin with https:// or http://.", code="no_address"
        )
    return url.rstrip("/")


def _classify_transfer(error: Exception, failure: str) -> tuple[HeraldError, bool]:
    if isinstance(error, httpx.HTTPStatusError):
        status = error.response.status_code
        why = f"the server responded {status} {error.response.reason_phrase}. The link may have expired"
        return Unavailable(f"{failure}: {why}; run the command again."), status in _RETRYABLE
    if isinstance(error, OSError) and error.filename:  # a local file, not the network
        return HeraldError(f"{os.fspath(error.filename)}: {error.strerror}"), False
    return Unavailable(f"{failure}: {reason_of(error)}. Run the command again."), True


def _wait(error: Exception, attempt: int) -> float:
    retry_after = error.response.headers.get("Retry-After", "") if isinstance(error, httpx.HTTPStatusError) else ""
    if retry_after.isdecimal():
        return min(float(retry_after), _LONGEST_WAIT)
    backoff: float = _FIRST_WAIT * 2**attempt * random.uniform(0.5, 1)  # noqa: S311  not security-relevant
    return min(backoff, _LONGEST_WAIT)
