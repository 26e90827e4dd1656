"""Transport of the functions behind API Gateway (payload format 2.0) or an Application Load Balancer.

A load balancer authenticates no caller and sends up to 1 MB.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
"""

from abc import abstractmethod
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

from herald.auth.authenticator import CachingAuthenticator, credentials_in, refusal
from herald.auth.caller import Caller
from herald.errors import ResponseTooLarge
from herald.runtime.container import Dependencies
from herald.runtime.function import Event, Function, joined_headers, seconds_left
from herald.runtime.settings import Settings
from herald.web.application import Application
from herald.web.dialect import Dialect, Endpoint
from herald.web.exchange import Exchange, Reply, Request
from herald.web.http_rules import BALANCED_BYTES

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

        return LoadBalancerExchange(event, context, self)


class LoadBalancerExchange(LambdaExchange):
    """A request of a load balancer, whose target group sends the values of repeated headers as lists.

    Its headers, X-Forwarded-For included, are the client's, and nothing here trusts them. The id of the request is
    that of the invocation, since clients can choose X-Amzn-Trace-Id.
    """

    def __init__(self, event: Event, context: Any, function: HttpFunction) -> None:  # noqa: ANN401  the runtime's own
        query, parameters = _query_of(event.get("multiValueQueryStringParameters") or {})
        request = Request(
            id=context.aws_request_id,
            method=event["httpMethod"],
            path=unquote(event["path"]),
            query=query,
            parameters=parameters,
            headers=joined_headers(event.get("multiValueHeaders")),
        )
        super().__init__(request, event, context, function)
        self.most_bytes = min(self.most_bytes, BALANCED_BYTES)
        self._authenticator = function.authenticator

    def authenticate(self) -> Caller:
        """Return the caller of the key or token in the request, as the authorizer of the HTTP API does."""
        return self._authenticator.admit(credentials_in(self.request.headers))

    def encode(self, reply: Reply) -> Event:
        """Return a reply as a load balancer expects it, in base64 whatever it is, so that its size is known."""
        content = reply.content
        body = content if isinstance(content, bytes) else content.encode()
        if len(body) > BALANCED_BYTES:
            raise ResponseTooLarge(
                f"The response has {len(body):,} bytes; the load balancer sends at most {BALANCED_BYTES:,}. "
                "Request less, for example with limit, or send the request to the HTTP API (ApiUrl)."
            )
        status = HTTPStatus(reply.status)
        return {
            "statusCode": status.value,
            "statusDescription": f"{status.value} {status.phrase}",
            "multiValueHeaders": {name: [value] for name, value in reply.headers.items()},
            "body": b64encode(body).decode(),
            "isBase64Encoded": body != b"",
        }


def _query_of(values: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, str]]:
    """Return the query as sent, and its decoded parameters; those of one name are joined, as by API Gateway."""
    query = "&".join(f"{name}={value}" for name, several in values.items() for value in several)
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    return query, parameters
