"""HTTP calls of the checks, without retries, with the time to the first byte."""

import json
import tempfile
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

from herald.cli.http import open_url, reason_of, upload
from herald.errors import Unavailable

_LARGEST = 64 << 20


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A response and its timing."""

    method: str
    url: str
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    """Names are in lower case."""
    first_byte: float = 0.0
    """Seconds from the request to the first byte of the body."""
    seconds: float = 0.0

    def json(self) -> Any:  # noqa: ANN401  any JSON
        """Return the body parsed as JSON; raise Unavailable if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Unavailable(f"The response of {self.url} is not JSON.") from None

    @property
    def told(self) -> str:
        """The status, followed by the code and message of an error response."""
        try:
            error = json.loads(self.body)["error"]
            return f"{self.status} {error['code']}: {error['message']}"
        except (ValueError, LookupError, TypeError):
            return str(self.status)


class UrllibWeb:
    """HTTP calls with the standard library."""

    def call(self, method: str, url: str, *, key: str = "", body: Any = None) -> Answer:  # noqa: ANN401  any JSON
        """Return the response to a request, whatever its status; raise Unavailable if there is no response."""
        request = Request(url, None if body is None else json.dumps(body).encode(), method=method)  # noqa: S310  ours
        if body is not None:
            request.add_header("Content-Type", "application/json")
        if key:
            request.add_unredirected_header("Authorization", f"Bearer {key}")
        started = perf_counter()
        try:
            with _answered(request) as answer:
                first = answer.read(1)
                first_byte = perf_counter() - started
                content = first + answer.read(_LARGEST)
        except (OSError, HTTPException) as error:
            raise Unavailable(f"{url.partition('?')[0]} does not respond: {reason_of(error)}.") from None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(
            method=method,
            url=url,
            status=answer.status or 0,
            body=content,
            headers=headers,
            first_byte=first_byte,
            seconds=perf_counter() - started,
        )

    def upload(self, content: bytes, url: str, fields: dict[str, str]) -> None:
        """Upload a file with a form; raise Unavailable on failure."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "manifest.csv"
            file.write_bytes(content)
            upload(file, url, fields, lambda _: None)


def _answered(request: Request) -> Any:  # noqa: ANN401  a response, or an HTTPError, which is one
    try:
        return open_url(request)
    except HTTPError as error:
        return error
