"""Base of the functions behind the HTTP API: authorization, error responses, request ids, logs, metrics and traces."""

from base64 import b64decode
from collections.abc import Collection
from http import HTTPStatus
from time import perf_counter
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import ApiGatewayResolver, ResponseBuilder
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from herald.auth.authenticator import refusal
from herald.auth.caller import Caller, Scope
from herald.auth.quotas import Quotas
from herald.errors import (
    AudioGone,
    Conflict,
    Forbidden,
    HeadersTooLarge,
    HeraldError,
    InvalidInput,
    MethodNotAllowed,
    Overloaded,
    RequestTimeout,
    TooLarge,
    TooMany,
    Unauthorized,
    Unavailable,
    UnknownBatch,
    UnknownJob,
    UnknownPath,
    UnreadableRow,
    UnsupportedMediaType,
    UriTooLong,
)
from herald.runtime.faults import frames_of
from herald.runtime.function import Event, Function
from herald.runtime.measures import COLD_START, answered
from herald.web.cors import cors_headers, is_preflight, preflight_headers
from herald.web.request_limits import check_request
from herald.web.routes import OTHER, PUBLIC, ROUTE_KEYS, ROUTES, methods_of

_SCOPES = {"/v1/audio/": Scope.SPEECH, "/v1/jobs": Scope.JOBS, "/v1/batches": Scope.BATCHES}
"""Scope that a key needs, by path prefix. Other paths accept any valid key."""
_TRY_AGAIN_SECONDS = "5"

_STATUS: dict[type[HeraldError], HTTPStatus] = {
    Unauthorized: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    UnknownPath: HTTPStatus.NOT_FOUND,
    UnknownJob: HTTPStatus.NOT_FOUND,
    UnknownBatch: HTTPStatus.NOT_FOUND,
    AudioGone: HTTPStatus.GONE,
    Conflict: HTTPStatus.CONFLICT,
    UnreadableRow: HTTPStatus.CONFLICT,
    MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    RequestTimeout: HTTPStatus.REQUEST_TIMEOUT,
    UriTooLong: HTTPStatus.REQUEST_URI_TOO_LONG,
    HeadersTooLarge: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    InvalidInput: HTTPStatus.BAD_REQUEST,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    HeraldError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
EVERYWHERE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def status_of(error: HeraldError) -> HTTPStatus:
    """Return the HTTP status of an error: that of the nearest base class listed in `_STATUS`."""
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def caller_of(event: APIGatewayProxyEventV2) -> Caller:
    """Return the authenticated caller, taken from the authorizer's context and never from the request itself.

    Raises Unauthorized if the context names no tenant, Forbidden if the key lacks the scope of the path.
    """
    authorizer = event.raw_event["requestContext"].get("authorizer") or {}
    context = authorizer.get("lambda") or {}
    if not context.get("tenant"):
        raise refusal(context.get("refused") or "missing_key")
    caller = Caller.of_context(context)
    check_scope(caller, event.path)
    return caller


def check_scope(caller: Caller, path: str) -> None:
    """Raise Forbidden if the caller's key lacks the scope of a path."""
    scope = next((scope for start, scope in _SCOPES.items() if path.startswith(start)), None)
    if scope is not None:
        caller.require(scope)


def admitted(event: APIGatewayProxyEventV2, quotas: Quotas) -> Caller:
    """Return the caller as `caller_of` does, and count the request against its rate limit.

    Raises TooMany if the caller has used up its requests for the current second.
    """
    caller = caller_of(event)
    quotas.request(caller)
    return caller


def headers_of(event: APIGatewayProxyEventV2) -> dict[str, str]:
    """Return the request's headers with lower-case names."""
    return {name.lower(): value for name, value in event.headers.items()}


def body_of(event: APIGatewayProxyEventV2) -> bytes:
    """Return the raw bytes of the request body."""
    body = event.body or ""
    return b64decode(body) if event.is_base64_encoded else body.encode("utf-8", "surrogatepass")


def error_body(error: HeraldError) -> dict[str, Any]:
    """Return an error as the JSON object that OpenAI's API uses: `{"error": {message, type, param, code}}`."""
    kind = "server_error" if status_of(error).is_server_error else "invalid_request_error"
    return {"error": {"message": error.message, "type": kind, "param": error.param, "code": error.code}}


def hints_of(error: HeraldError, methods: Collection[str]) -> dict[str, str]:
    """Return the response headers that help a client to recover; `methods` are those that the path supports."""
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, Unauthorized):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, Unavailable | Overloaded):
        return {"Retry-After": _TRY_AGAIN_SECONDS}
    return {"Allow": ", ".join(methods)} if isinstance(error, MethodNotAllowed) else {}


def unforeseen() -> HeraldError:
    """Return the error that callers receive for an unexpected exception. It reveals nothing of the cause."""
    return HeraldError(
        "Internal error. Try again; if it persists, report the X-Request-Id to the operator.", code="internal_error"
    )


class HttpFunction(Function[Event]):
    """A Lambda function behind the HTTP API.

    Subclasses add their routes to `app`. `cors_origins` are the origins whose pages may call the API from a browser.
    """

    def __init__(self, quotas: Quotas, cors_origins: Collection[str] = ()) -> None:
        super().__init__()
        self.app = APIGatewayHttpResolver()
        self.app.use(middlewares=[self._admit])
        self._quotas = quotas
        self._cors_origins = cors_origins
        self.app.exception_handler(HeraldError)(self._refuse)
        self.app.exception_handler(Exception)(self._fail)
        self.app.not_found(self._not_found)

    def _resolve(self, event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
        self._began = perf_counter()
        request_id = event["requestContext"]["requestId"]
        self.logger.append_keys(request_id=request_id)
        request = APIGatewayProxyEventV2(event)
        early = self._early(request)
        if early:
            builder: ResponseBuilder[APIGatewayProxyEventV2] = ResponseBuilder(early)
            response = builder.build(request)
        else:
            response = self.app.resolve(event, context)
        shared = cors_headers(self._cors_origins, headers_of(request)) | {"X-Request-Id": request_id}
        response["headers"] = EVERYWHERE | response["headers"] | shared
        self._record(event["routeKey"], response["statusCode"])
        return response

    @property
    def seconds(self) -> float:
        """Seconds since the current request arrived."""
        return perf_counter() - self._began

    def _record(self, route: str, status: int) -> None:
        milliseconds = self.seconds * 1000
        answered(self.meter, milliseconds, well=not HTTPStatus(status).is_server_error)
        self.meter.add(COLD_START, int(self.cold))
        self.annotate(route=route if route in ROUTE_KEYS else OTHER)
        self.logger.info("answered", route=route, status=status, milliseconds=round(milliseconds, 1))

    def _early(self, event: APIGatewayProxyEventV2) -> Response[Any] | None:
        """Return the response to a request that needs no route (over a limit, or a CORS preflight), or None."""
        headers = headers_of(event)
        try:
            check_request(event.path, event.raw_query_string or "", headers)
        except HeraldError as error:
            return self._refuse(error)
        methods = methods_of(event.path)
        if not (self._cors_origins and methods and is_preflight(event.http_method, headers)):
            return None
        allowed = preflight_headers(self._cors_origins, headers, methods)
        return Response(status_code=HTTPStatus.NO_CONTENT, body="", headers=allowed)

    @property
    def caller(self) -> Caller:
        """The caller of the current request. Not set on public paths."""
        caller: Caller = self.app.context["caller"]
        return caller

    def about(self, **ids: str) -> None:
        """Add the ids of the request's job or batch to its log lines and its trace."""
        self.logger.append_keys(**ids)
        self.annotate(**ids)

    def _admit(self, app: ApiGatewayResolver, route: NextMiddleware) -> Response[Any]:
        """Authorize the request before its route runs and before its body is parsed."""
        event = self.app.current_event
        if event.path not in PUBLIC:
            caller = admitted(event, self._quotas)
            self.logger.append_keys(tenant=caller.tenant)
            app.append_context(caller=caller)  # type: ignore[no-untyped-call]
        return route(app)

    def _refuse(self, error: HeraldError) -> Response[Any]:
        status = status_of(error)
        log = self.logger.error if status.is_server_error else self.logger.info
        log("refused", code=error.code, param=error.param)
        hints = hints_of(error, methods_of(self.app.current_event.path) if isinstance(error, MethodNotAllowed) else ())
        return Response(status_code=status, content_type="application/json", body=error_body(error), headers=hints)

    def _fail(self, error: Exception) -> Response[Any]:
        self.logger.error("failed", error_type=type(error).__name__, frames=frames_of(error))
        return self._refuse(unforeseen())

    def _not_found(self, _: NotFoundError) -> Response[Any]:
        event = self.app.current_event
        methods = methods_of(event.path)
        if event.http_method in methods:
            # Powertools matches no route if an id contains a quote, a line break or another character that it excludes.
            kind, name = (UnknownBatch, "batch") if event.path.startswith("/v1/batches") else (UnknownJob, "job")
            return self._refuse(kind(f"There is no {name} with that id."))
        if methods:
            return self._refuse(MethodNotAllowed(f"Method not allowed. This path supports {' and '.join(methods)}."))
        return self._refuse(UnknownPath(f"Not found. Available paths: {', '.join(ROUTES)}."))
