"""The deployment under test, its HTTP calls, and the findings of earlier checks for later ones."""

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import httpx

from herald.auth.api_keys import Key, KeyRing, PlaintextKey
from herald.aws.stacks import Inspection, StackState
from herald.cli.api_client import client, upload
from herald.cli.deployment import Deployment
from herald.errors import Unavailable
from herald.http_client import reason_of

_PAUSE = 1.0


class CheckFailed(Exception):
    """Raised by a check that found a fault."""

    def __init__(self, detail: str, advice: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.advice = advice


class CheckSkipped(Exception):
    """Raised by a check that does not apply; the message is the reason."""


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
    def summary(self) -> str:
        """The status, followed by the code and message of an error response."""
        try:
            error = json.loads(self.body)["error"]
            return f"{self.status} {error['code']}: {error['message']}"
        except (ValueError, LookupError, TypeError):
            return str(self.status)


class HttpWeb:
    """HTTP calls without retries, with the time to the first byte."""

    def call(self, method: str, url: str, *, key: str = "", body: Any = None) -> Answer:  # noqa: ANN401  any JSON
        """Return the response to a request, whatever its status; raise Unavailable if there is no response."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        started, content, first_byte = perf_counter(), b"", 0.0
        try:
            with client().stream(method, url, headers=headers, json=body, follow_redirects=method == "GET") as response:
                for piece in response.iter_bytes():
                    first_byte = first_byte or perf_counter() - started
                    content += piece
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise Unavailable(f"{url.partition('?')[0]} does not respond: {reason_of(error)}.") from None
        return Answer(
            method=method,
            url=url,
            status=response.status_code,
            body=content,
            headers=dict(response.headers),
            first_byte=first_byte,
            seconds=perf_counter() - started,
        )

    def upload(self, content: bytes, url: str, fields: dict[str, str]) -> None:
        """Upload a file with a form; raise Unavailable on failure."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "manifest.csv"
            file.write_bytes(content)
            upload(file, url, fields, lambda _: None)


@dataclass(kw_only=True)
class Subject:
    """The deployment under test and the findings so far."""

    deployment: Deployment
    inspection: Inspection
    web: HttpWeb
    keys: Callable[[], KeyRing]
    seconds: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    region: str = ""
    stack: StackState | None = None
    key: tuple[Key, PlaintextKey] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._deadline = self.clock() + self.seconds

    @property
    def is_local(self) -> bool:
        """Whether it is a local stack of `make run`, without an AWS account."""
        return bool(self.deployment.record)

    def time_left(self) -> float:
        """Return the seconds left for the remaining checks."""
        return self._deadline - self.clock()

    def parameter(self, name: str, default: str = "") -> str:
        """Return the value of a parameter of the stack."""
        return self.stack.parameters.get(name, default) if self.stack else default

    @property
    def api_url(self) -> str:
        """The address of the HTTP API."""
        return self._url("api_url", "ApiUrl")

    @property
    def stream_url(self) -> str:
        """The address of the streaming function; empty if it is not deployed."""
        return self._url("stream_url", "StreamUrl")

    @property
    def has_gpu(self) -> bool:
        """Whether the GPU endpoint is deployed."""
        return bool(self.parameter("GpuImage"))

    @property
    def has_cluster(self) -> bool:
        """Whether workers in a cluster process standard jobs and batches."""
        return self.parameter("WorkerPlatform", "lambda") != "lambda"

    def _url(self, recorded: str, output: str) -> str:
        known: str = self.deployment.record.get(recorded) or (self.stack.outputs.get(output, "") if self.stack else "")
        return known.rstrip("/")

    def ask(self, method: str, path: str, body: Any = None, *, url: str = "", key: bool = True) -> Answer:  # noqa: ANN401
        """Call the API with the temporary key, unless `key` is False."""
        shown = str(self.key[1]) if self.key and key else ""
        return self.web.call(method, f"{url or self.api_url}{path}", key=shown, body=body)

    def fetch(self, url: str) -> Answer:
        """Get a link, without a key."""
        return self.web.call("GET", url)

    def ended(self, path: str, *, within: float, advice: str) -> dict[str, Any]:
        """Poll a job or batch until it has ended and return it; raise CheckFailed after `within` seconds."""
        started = self.clock()
        limit = min(within, self.time_left())
        while True:
            shown: dict[str, Any] = expect(self.ask("GET", path), 200, advice).json()
            if shown["state"] in {"done", "failed", "cancelled"}:
                return shown
            if self.clock() - started > limit:
                raise CheckFailed(f"it is still {shown['state']} after {limit:.0f} s", advice)
            self.sleep(_PAUSE)


def expect(answer: Answer, status: int, advice: str) -> Answer:
    """Return `answer`; raise CheckFailed unless it has the expected status."""
    if answer.status != status:
        raise CheckFailed(f"{answer.method} {urlsplit(answer.url).path} returned {answer.summary}", advice)
    return answer
