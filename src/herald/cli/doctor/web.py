"""HTTP calls of the checks: one attempt each, with the time of the first byte."""

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
    """What a server answered, and how long that took."""

    method: str
    url: str
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    """With names in lower case."""
    first_byte: float = 0.0
    """Seconds from the request to the first byte of the body."""
    seconds: float = 0.0

    def json(self) -> Any:  # noqa: ANN401  any JSON
        """Return the body, read as JSON; Unavailable where it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Unavailable(f"{self.url} answered with what is not JSON.") from None

    @property
    def told(self) -> str:
        """The status, with the error's code and message where there is one."""
        try:
            error = json.loads(self.body)["error"]
            return f"{self.status} {error['code']}: {error['message']}"
        except (ValueError, LookupError, TypeError):
            return str(self.status)


class UrllibWeb:
    """Calls over HTTP with the standard library."""

    def call(self, method: str, url: str, *, key: str = "", body: Any = None) -> Answer:  # noqa: ANN401  any JSON
        """Return the answer to a request, whatever its status. Unavailable where there is none."""
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
            raise Unavailable(f"{url.partition('?')[0]} does not answer: {reason_of(error)}.") from None
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
        """Upload a file with a form. Unavailable where that fails."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "manifest.csv"
            file.write_bytes(content)
            upload(file, url, fields, lambda _: None)


def _answered(request: Request) -> Any:  # noqa: ANN401  an answer, or an error that is one
    try:
        return open_url(request)
    except HTTPError as error:
        return error
