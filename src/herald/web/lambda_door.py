"""Transport of the functions behind the HTTP API: events of API Gateway in payload format 2.0.

The same functions can be behind a load balancer: `herald.web.load_balancer`.
"""

from abc import abstractmethod
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from herald.auth.authenticator import CachingAuthenticator, refusal
from herald.auth.caller import Caller
from herald.errors import ResponseTooLarge
from herald.runtime.container import Dependencies
from herald.runtime.function import Event, Function, joined_headers, seconds_left
from herald.runtime.settings import Settings
from herald.web.application import Application
from herald.web.dialect import Dialect, Endpoint
from herald.web.exchange import Exchange, Reply, Request

_MARGIN = 3.0
"""Seconds reserved for the response after synthesis and encoding."""


class LambdaExchange(Exchange):
    """A request that is handled by an invocation of a function, with its log keys, its trace and its time."""

    def __init__(self, request: Request, event: Event, context: Any, function: "HttpFunction") -> None:  # noqa: ANN401  the runtime's own
        super().__init__(request, logger=function.logger, meter=function.meter, cold=function.cold)
        self.most_bytes = function.parts.settings.max_answer_bytes
        body = event.get("body") or ""
        self.body = b64decode(body) if event.get("isBase64Encoded") else body.encode("utf-8", "surrogatepass")
        self._function = function
        self._left = seconds_left(context)
        self.add_log_keys(request_id=request.id)

    @abstractmethod
    def encode(self, reply: Reply) -> Event:
        """Return a reply as the function's result. Raises ResponseTooLarge if it exceeds the limit of the transport."""

    def time_left(self) -> float:
        """Return the seconds until the response must be ready."""
        return self._left() - _MARGIN

    def add_log_keys(self, **keys: str) -> None:
        """Add keys to the log lines of the invocation."""
        self._logger.append_keys(**keys)

    def annotate(self, **values: str) -> None:
        """Add annotations to the trace of the invocation."""
        self._function.annotate(**values)


class HttpApiExchange(LambdaExchange):
    """A request of API Gateway, which has called the authorizer."""

    def __init__(self, event: Event, context: Any, function: "HttpFunction") -> None:  # noqa: ANN401  the runtime's own
        of_request = event["requestContext"]
        stage, path = of_request.get("stage", "$default"), event["rawPath"]
        request = Request(
            id=of_request["requestId"],
            method=of_request["http"]["method"],
            path=path if stage == "$default" else path.removeprefix(f"/{stage}"),
            query=event.get("rawQueryString") or "",
            parameters=event.get("queryStringParameters") or {},
            headers=joined_headers(event.get("headers")),
        )
        super().__init__(request, event, context, function)
        self._authorized: Mapping[str, Any] = (of_request.get("authorizer") or {}).get("lambda") or {}

    def authenticate(self) -> Caller:
        """Return the caller in the authorizer's context, never one in the request itself."""
        if not self._authorized.get("tenant"):
            raise refusal(self._authorized.get("refused") or "missing_key")
        return Caller.of_context(self._authorized)

    def encode(self, reply: Reply) -> Event:
        """Return a reply as an event of API Gateway: bytes in base64."""
        content = reply.content
        return {
            "statusCode": int(reply.status),
            "headers": reply.headers,
            "body": b64encode(content).decode() if isinstance(content, bytes) else content,
            "isBase64Encoded": isinstance(content, bytes),
        }


class HttpFunction(Function[Event]):
    """A Lambda function behind the HTTP API, a load balancer, or both."""

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

    @cached_property
    def authenticator(self) -> CachingAuthenticator:
        """Authenticates callers that no authorizer has authenticated."""
        return CachingAuthenticator(self.parts.authenticator, seconds=self.parts.settings.key_cache_seconds)

    def _resolve(self, event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
        exchange = self._exchange(event, context)
        reply = self.application.handle(exchange)
        try:
            answer = exchange.encode(reply)
        except ResponseTooLarge as error:
            reply = self.application.complete(exchange, self.application.refuse(exchange, error))
            answer = exchange.encode(reply)
        exchange.end(reply.status)
        return answer

    def _exchange(self, event: Event, context: Any) -> LambdaExchange:  # noqa: ANN401
        # AWS alone writes the request context, so no request through API Gateway can look like one of a load balancer,
        # nor the reverse. IAM decides who else can invoke the function.
        if "elb" not in event["requestContext"]:
            return HttpApiExchange(event, context, self)
        from herald.web.load_balancer import LoadBalancerExchange  # noqa: PLC0415  few deployments have one

        return LoadBalancerExchange(event, context, self)
