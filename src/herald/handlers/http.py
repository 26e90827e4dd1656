"""What all functions behind the HTTP API share: one shape of errors, request ids, logs, metrics and traces."""

from base64 import b64decode
from collections.abc import Callable
from http import HTTPStatus
from time import perf_counter
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from herald.errors import (
    Conflict,
    HeraldError,
    InvalidInput,
    TooLarge,
    Unavailable,
    UnknownBatch,
    UnknownJob,
    UnknownPath,
    UnsupportedMediaType,
    WrongMethod,
)
from herald.handlers.faults import frames_of

ROUTES = {
    "/v1/audio/speech": ("POST",),
    "/v1/jobs": ("GET", "POST"),
    "/v1/jobs/{id}": ("GET", "DELETE"),
    "/v1/jobs/{id}/retry": ("POST",),
    "/v1/batches": ("GET", "POST"),
    "/v1/batches/{id}": ("GET", "DELETE"),
    "/v1/batches/{id}/items": ("GET",),
    "/v1/batches/{id}/redrive": ("POST",),
    "/v1/batches/{id}/start": ("POST",),
    "/v1/voices": ("GET",),
    "/health": ("GET",),
}
"""Every path of the API, with the methods that it knows."""
DEFAULT_TENANT = "default"
"""Who pays where nobody has to show a key."""
_TRY_AGAIN_SECONDS = "5"

_STATUS: dict[type[HeraldError], HTTPStatus] = {
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    UnknownPath: HTTPStatus.NOT_FOUND,
    UnknownJob: HTTPStatus.NOT_FOUND,
    UnknownBatch: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    WrongMethod: HTTPStatus.METHOD_NOT_ALLOWED,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    InvalidInput: HTTPStatus.BAD_REQUEST,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    HeraldError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
_EVERYWHERE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

type Event = dict[str, Any]


def status_of(error: HeraldError) -> HTTPStatus:
    """The HTTP status of an error: that of the nearest class above it which has one."""
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def methods_of(path: str) -> tuple[str, ...]:
    """The methods that a path knows; none for one that is nowhere."""
    return next((methods for route, methods in ROUTES.items() if _fits(path, route)), ())


def _fits(path: str, route: str) -> bool:
    parts, wanted = path.split("/"), route.split("/")
    return len(parts) == len(wanted) and all(
        part == want or (want == "{id}" and part) for part, want in zip(parts, wanted, strict=True)
    )


def tenant_of(event: APIGatewayProxyEventV2) -> str:
    """Who asks: as the authorizer says, never as the caller does."""
    authorizer = event.raw_event["requestContext"].get("authorizer") or {}
    tenant: str = (authorizer.get("lambda") or {}).get("tenant") or DEFAULT_TENANT
    return tenant


def headers_of(event: APIGatewayProxyEventV2) -> dict[str, str]:
    """The headers, their names in lower case."""
    return {name.lower(): value for name, value in event.headers.items()}


def body_of(event: APIGatewayProxyEventV2) -> bytes:
    """The body as it was sent."""
    body = event.body or ""
    return b64decode(body) if event.is_base64_encoded else body.encode("utf-8", "surrogatepass")


def error_body(error: HeraldError) -> dict[str, Any]:
    """An error in OpenAI's shape."""
    kind = "server_error" if status_of(error).is_server_error else "invalid_request_error"
    return {"error": {"message": error.message, "type": kind, "param": error.param, "code": error.code}}


class HttpFunction:
    """A Lambda function behind the HTTP API. Routes are added to `app`; `metrics` and `logger` are its own."""

    def __init__(self) -> None:
        self.app = APIGatewayHttpResolver()
        self.logger = Logger()
        self.metrics = Metrics()
        self._tracer = Tracer(auto_patch=False)
        self.app.exception_handler(HeraldError)(self._refuse)
        self.app.exception_handler(Exception)(self._fail)
        self.app.not_found(self._nowhere)
        # Tracer is the innermost: what it raises must still be answered, logged and measured.
        traced = self._tracer.capture_lambda_handler(self._resolve, capture_response=False, capture_error=False)
        measured = self.metrics.log_metrics(traced, capture_cold_start_metric=True)
        self._handle: Callable[[Event, Any], Event] = self.logger.inject_lambda_context(measured)

    def __call__(self, event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
        """Answer one event of the HTTP API."""
        return self._handle(event, context)

    def _resolve(self, event: Event, context: Any) -> Event:  # noqa: ANN401
        started = perf_counter()
        request_id = event["requestContext"]["requestId"]
        self.logger.append_keys(request_id=request_id)
        answer = self.app.resolve(event, context)
        answer["headers"] = _EVERYWHERE | answer["headers"] | {"X-Request-Id": request_id}
        milliseconds = (perf_counter() - started) * 1000
        self.metrics.add_metric("Latency", MetricUnit.Milliseconds, milliseconds)
        self.logger.info(
            "answered",
            route=event["routeKey"],
            status=answer["statusCode"],
            milliseconds=round(milliseconds, 1),
        )
        return answer

    def _refuse(self, error: HeraldError) -> Response[Any]:
        status = status_of(error)
        log = self.logger.error if status.is_server_error else self.logger.info
        log("refused", code=error.code, param=error.param)
        return Response(
            status_code=status, content_type="application/json", body=error_body(error), headers=self._hints(error)
        )

    def _hints(self, error: HeraldError) -> dict[str, str]:
        if isinstance(error, Unavailable):
            return {"Retry-After": _TRY_AGAIN_SECONDS}
        return {"Allow": ", ".join(methods_of(self.app.current_event.path))} if isinstance(error, WrongMethod) else {}

    def _fail(self, error: Exception) -> Response[Any]:
        self.logger.error("failed", error_type=type(error).__name__, frames=frames_of(error))
        return self._refuse(
            HeraldError("Something went wrong here. Try again; the log has the request id.", code="internal_error")
        )

    def _nowhere(self, _: NotFoundError) -> Response[Any]:
        event = self.app.current_event
        methods = methods_of(event.path)
        if event.http_method in methods:
            # Powertools finds no route for an id with a quote, a line break or another sign that it expects in none.
            what = UnknownBatch if event.path.startswith("/v1/batches") else UnknownJob
            return self._refuse(what(f"There is no {'batch' if what is UnknownBatch else 'job'} of that id."))
        if methods:
            return self._refuse(WrongMethod(f"That path answers {' and '.join(methods)}."))
        return self._refuse(UnknownPath(f"Nothing is here. There are: {', '.join(ROUTES)}."))
