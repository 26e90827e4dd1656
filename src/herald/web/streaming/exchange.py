"""Middleware that gives every request an id, error responses in one format, a log line and metrics."""

from http import HTTPStatus
from time import perf_counter
from typing import Any
from uuid import uuid4

from aws_lambda_powertools import Logger
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from herald.errors import HeraldError, MethodNotAllowed, UnknownPath
from herald.runtime.faults import frames_of
from herald.runtime.measures import COLD_START, answered
from herald.runtime.meter import Meter
from herald.runtime.settings import Settings
from herald.web.cors import cors_headers, is_preflight, preflight_headers
from herald.web.http import EVERYWHERE, error_body, hints_of, status_of, unforeseen
from herald.web.request_limits import check_framing, check_request
from herald.web.streaming.stream_callers import request_id_of

ROUTES = {"/v1/audio/speech": ("POST",), "/health": ("GET",)}
"""Every path, with its methods."""
AFTER_RESTORE = "/after-restore"
"""Path that the adapter calls after a restore from a snapshot. It does not forward client requests to it."""
_UNMEASURED = frozenset({"/health", AFTER_RESTORE})
"""Paths that the adapter itself calls."""
_MOST_DIGITS = 7
"""Content-Lengths with more digits count as endless: Lambda accepts no request over 6 MB."""
_LONGEST = 290.0
"""Maximum seconds for a response. The function's Timeout in template.yaml is 300."""
_CALLER = 3
"""Stack level of the code that called `Exchange.log`, for the location in the log line."""


class Exchange:
    """One request with its log context and its own meter, as several requests may be in progress at once."""

    def __init__(self, scope: Scope, logger: Logger, *, cold: bool) -> None:
        self.began = perf_counter()
        self.headers = Headers(scope=scope)
        self.request_id = request_id_of(self.headers) or uuid4().hex
        self.meter = Meter()
        self.cold = cold
        """Whether this is the first request of the process."""
        self.status = 0
        self.heard = False
        """Whether the whole body was read."""
        self.well = True
        """Whether no server error occurred."""
        self.path, self.method = scope["path"], scope["method"]
        self.query = scope["query_string"].decode("latin-1")
        self._logger = logger

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that the path supports."""
        return ROUTES.get(self.path, ())

    @property
    def measured(self) -> bool:
        """Whether the request came from a client rather than from the adapter."""
        return self.path not in _UNMEASURED

    @property
    def goes_on(self) -> bool:
        """Whether the client may still be sending a long body that is not read."""
        length = self.headers.get("content-length", "0")
        endless = "transfer-encoding" in self.headers or len(length) > _MOST_DIGITS
        return endless and not self.heard

    @property
    def milliseconds(self) -> float:
        """Milliseconds since the request arrived."""
        return (perf_counter() - self.began) * 1000

    def time_left(self) -> float:
        """Return the seconds until the response is cut off, before Lambda's own timeout."""
        return _LONGEST - self.milliseconds / 1000

    def log(self, message: str, *, grave: bool = False, **values: Any) -> None:  # noqa: ANN401  whatever a log can hold
        """Write a log line with the request id."""
        write = self._logger.error if grave else self._logger.info
        write(message, stacklevel=_CALLER, request_id=self.request_id, **values)

    def failed(self, error: Exception) -> HeraldError:
        """Log an error and return the one that the client may see."""
        if not isinstance(error, HeraldError):
            self.log("failed", grave=True, error_type=type(error).__name__, frames=frames_of(error))
            error = unforeseen()
        grave = status_of(error).is_server_error
        self.well = self.well and not grave
        self.log("refused", grave=grave, code=error.code, param=error.param)
        return error

    def end(self) -> None:
        """Log the finished request and record its metrics."""
        route = f"{self.method} {self.path}" if self.method in self.methods else None
        if self.measured:
            answered(self.meter, self.milliseconds, well=self.well)
            self.meter.add(COLD_START, int(self.cold))
            self.meter.flush()
        self.log("answered", route=route or "$default", status=self.status, milliseconds=round(self.milliseconds, 1))


class Exchanges:
    """Middleware that answers errors raised before the response starts, and logs and measures every request."""

    def __init__(self, app: ASGIApp, *, settings: Settings, logger: Logger) -> None:
        self._app = app
        self._origins = settings.cors_origins
        self._logger = logger
        self._cold = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        exchange = Exchange(scope, self._logger, cold=self._cold)
        self._cold = self._cold and not exchange.measured
        scope["state"] = {"exchange": exchange}

        async def send_complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                shared = cors_headers(self._origins, exchange.headers) | {"X-Request-Id": exchange.request_id}
                headers = MutableHeaders(scope=message)
                for name, value in (EVERYWHERE | shared).items():
                    headers[name] = value
            await send(message)

        try:
            await self._answer(exchange, scope, receive, send_complete)
        finally:
            exchange.end()

    async def _answer(self, exchange: Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            check_request(exchange.path, exchange.query, exchange.headers)
            check_framing(exchange.headers)
            app = self._preflight(exchange) or self._app
            await app(scope, receive, send)
        except ClientDisconnect:
            exchange.log("client disconnected")
        except Exception as error:  # noqa: BLE001  an error in one request must not affect the server
            refusal = exchange.failed(error)
            if not exchange.status:
                await refused(refusal, exchange)(scope, receive, send)

    def _preflight(self, exchange: Exchange) -> Response | None:
        if not (self._origins and exchange.methods and is_preflight(exchange.method, exchange.headers)):
            return None
        allowed = preflight_headers(self._origins, exchange.headers, exchange.methods)
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=allowed)


def nowhere(exchange: Exchange) -> HeraldError:
    """Return the error for an unknown path or an unsupported method."""
    if exchange.methods:
        return MethodNotAllowed(f"Method not allowed. This path supports {' and '.join(exchange.methods)}.")
    return UnknownPath(f"Not found. Available paths: {', '.join(ROUTES)}.")


def refused(error: HeraldError, exchange: Exchange) -> Response:
    """Return an error response. It closes the connection if the client would go on sending a long body."""
    headers = hints_of(error, exchange.methods) | ({"Connection": "close"} if exchange.goes_on else {})
    return JSONResponse(error_body(error), status_code=status_of(error), headers=headers)
