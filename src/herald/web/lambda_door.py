"""Transport of the functions behind the HTTP API: events of API Gateway in payload format 2.0."""

from abc import abstractmethod
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from herald.auth.authenticator import refusal
from herald.auth.caller import Caller
from herald.runtime.container import Dependencies
from herald.runtime.function import Event, Function, seconds_left
from herald.runtime.settings import Settings
from herald.web.application import Application
from herald.web.dialect import Dialect, Endpoint
from herald.web.exchange import Exchange, Request

_MARGIN = 3.0
"""Seconds reserved for the response after synthesis and encoding."""


class LambdaExchange(Exchange):
    """A request of API Gateway, handled by a function. Its log keys and trace are those of the invocation."""

    def __init__(self, event: Event, context: Any, function: Function[Event]) -> None:  # noqa: ANN401  the runtime's own
        of_request = event["requestContext"]
        stage, path = of_request.get("stage", "$default"), event["rawPath"]
        request = Request(
            id=of_request["requestId"],
            method=of_request["http"]["method"],
            path=path if stage == "$default" else path.removeprefix(f"/{stage}"),
            query=event.get("rawQueryString") or "",
            parameters=event.get("queryStringParameters") or {},
            headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
        )
        super().__init__(request, logger=function.logger, meter=function.meter, cold=function.cold)
        body = event.get("body") or ""
        self.body = b64decode(body) if event.get("isBase64Encoded") else body.encode("utf-8", "surrogatepass")
        self._authorized: Mapping[str, Any] = (of_request.get("authorizer") or {}).get("lambda") or {}
        self._function = function
        self._left = seconds_left(context)
        self.add_log_keys(request_id=request.id)

    def authenticate(self) -> Caller:
        """Return the caller in the authorizer's context, never one in the request itself."""
        if not self._authorized.get("tenant"):
            raise refusal(self._authorized.get("refused") or "missing_key")
        return Caller.of_context(self._authorized)

    def time_left(self) -> float:
        """Return the seconds until the response must be ready."""
        return self._left() - _MARGIN

    def add_log_keys(self, **keys: str) -> None:
        """Add keys to the log lines of the invocation."""
        self._logger.append_keys(**keys)

    def annotate(self, **values: str) -> None:
        """Add annotations to the trace of the invocation."""
        self._function.annotate(**values)


class HttpFunction(Function[Event]):
    """A Lambda function behind the HTTP API."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.parts = Dependencies(settings, interactive=True, unreadable=self.row_unreadable, watch=self.job_ended)
        self.application = Application(
            self.endpoints(), quotas=self.parts.quotas, cors_origins=settings.cors_origins, dialects=self.dialects()
        )

    @abstractmethod
    def endpoints(self) -> Mapping[str, Endpoint]:
        """Return the endpoints by their routes."""

    @abstractmethod
    def dialects(self) -> Sequence[Dialect]:
        """Return the APIs of other vendors, with the endpoints that this function serves."""

    def _resolve(self, event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
        exchange = LambdaExchange(event, context, self)
        reply = self.application.handle(exchange)
        exchange.end(reply.status)
        content = reply.content
        return {
            "statusCode": int(reply.status),
            "headers": reply.headers,
            "body": b64encode(content).decode() if isinstance(content, bytes) else content,
            "isBase64Encoded": isinstance(content, bytes),
        }
