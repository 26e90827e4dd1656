"""A request and its reply, independent of how they are transported."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from pydantic import BaseModel

from herald.auth.caller import Caller
from herald.errors import HeraldError
from herald.jobs.body import validated
from herald.runtime.metrics import COLD_START, Meter, record_request
from herald.web.http_rules import etag_matches, etag_of
from herald.web.routes import OTHER, UNMATCHED

if TYPE_CHECKING:
    from herald.runtime.container import Dependencies

_CALLER = 3
"""Stack level of the code that called `Exchange.log`, for the location in the log line."""
# Only the client itself may cache the response, and it must revalidate it on each use.
_REVALIDATED = {"Cache-Control": "private, no-cache"}


@dataclass(frozen=True, kw_only=True)
class Request:
    """The head of a request."""

    id: str
    method: str
    path: str
    query: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The decoded query."""
    headers: Mapping[str, str]
    """With names in lower case."""

    @property
    def routed_method(self) -> str:
        """The method whose route replies: HEAD is GET without the body."""
        return "GET" if self.method == "HEAD" else self.method


@dataclass(kw_only=True)
class Stream:
    """A body that is produced while it is sent."""

    parts: Generator[bytes]
    failed: Callable[[HeraldError], bytes]
    """Returns the final part of a body that failed after it began; b"" if its format has no errors."""
    ended: Callable[[str, float, int], None]
    """Called once at the end with its kind, the seconds of production, and the bytes sent. It may block."""


@dataclass(kw_only=True)
class Reply:
    """A response. A mapping is sent as JSON."""

    body: Mapping[str, Any] | str | bytes | Stream = ""
    status: int = HTTPStatus.OK
    media_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> str | bytes:
        """The body of a reply that is complete."""
        if isinstance(self.body, Stream):
            raise TypeError("The body is a stream.")
        return self.body if isinstance(self.body, str | bytes) else json.dumps(self.body, separators=(",", ":"))


class Exchange(ABC):
    """One request on its way to its reply, with its caller, log context and metrics."""

    caller: Caller
    """Not set on public paths."""
    most_bytes = float("inf")
    """The largest body of a response that the transport can send."""

    def __init__(self, request: Request, *, logger: Logger, meter: Meter, cold: bool) -> None:
        self.request = request
        self.body = b""
        self.meter = meter
        self.cold = cold
        """Whether this is the first request of the process."""
        self.route = UNMATCHED
        self.id = ""
        """The id in the path."""
        self.failed = False
        """Whether the service, not the client, caused an error."""
        self._logger = logger
        self._log_keys: dict[str, Any] = {}
        self._began = perf_counter()

    @property
    def seconds(self) -> float:
        """Seconds since the request arrived."""
        return perf_counter() - self._began

    @abstractmethod
    def authenticate(self) -> Caller:
        """Return the caller. Raises Unauthorized if it is not authenticated."""

    @abstractmethod
    def time_left(self) -> float:
        """Return the seconds until the response is cut off."""

    def log(self, message: str, *, error: bool = False, **values: Any) -> None:  # noqa: ANN401  whatever a log can hold
        """Write a log line with the request's id and its other keys."""
        write = self._logger.error if error else self._logger.info
        write(message, stacklevel=_CALLER, **self._log_keys, **values)

    def about(self, **ids: str) -> None:
        """Add the ids of the request's job or batch to its log lines and its trace."""
        self.add_log_keys(**ids)
        self.annotate(**ids)

    def add_log_keys(self, **keys: str) -> None:
        """Add keys to the request's later log lines."""
        self._log_keys |= keys

    @abstractmethod
    def annotate(self, **values: str) -> None:
        """Add searchable annotations to the request's trace, if it has one."""

    def end(self, status: int, *, measured: bool = True) -> None:
        """Log and measure the request with its final status."""
        milliseconds = self.seconds * 1000
        if measured:
            record_request(self.meter, milliseconds, succeeded=not self.failed)
            self.meter.add(COLD_START, int(self.cold))
            self.annotate(route=OTHER if self.route == UNMATCHED else self.route)
        self.log("answered", route=self.route, status=status, milliseconds=round(milliseconds, 1))

    def query[Model: BaseModel](self, model: type[Model]) -> Model:
        """Return the parameters of the query. Raise InvalidRequest for the first that is invalid."""
        return validated(model, dict(self.request.parameters), whole="The query")

    def conditional(self, body: Mapping[str, Any], parts: "Dependencies") -> Reply:
        """Return `body` with its ETag, or 304 if the client already has it."""
        tag = etag_of(body, now=parts.clock(), link_seconds=parts.settings.link_seconds)
        headers = {"ETag": tag} | _REVALIDATED
        if etag_matches(self.request.headers.get("if-none-match", ""), tag):
            return Reply(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Reply(body=body, headers=headers)
