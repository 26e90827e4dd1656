"""What every request gets, whatever becomes of it: an id, an answer in one shape, a line in the log, metrics."""

from http import HTTPStatus
from time import perf_counter
from typing import Any
from uuid import uuid4

from aws_lambda_powertools import Logger
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from herald.errors import HeraldError, UnknownPath, WrongMethod
from herald.handlers.cors import cors_headers, is_preflight, preflight_headers
from herald.handlers.faults import frames_of
from herald.handlers.http import EVERYWHERE, error_body, hints_of, status_of, unforeseen
from herald.handlers.limits import check_framing, check_request
from herald.handlers.measures import COLD_START, answered
from herald.handlers.meter import Meter
from herald.handlers.routes import OTHER
from herald.handlers.settings import Settings
from herald.handlers.speech_stream.callers import request_id_of

ROUTES = {"/v1/audio/speech": ("POST",), "/health": ("GET",)}
"""Every path, with the methods that it knows."""
AFTER_RESTORE = "/after-restore"
"""Where the adapter says that this was restored from a snapshot; it lets nobody else ask there."""
_UNMEASURED = frozenset({"/health", AFTER_RESTORE})
"""What the adapter itself asks for."""
_MOST_DIGITS = 7
"""Of a length in bytes: Lambda itself takes no request over 6 MB."""
_LONGEST = 290.0
"""Seconds for an answer. The function's Timeout in template.yaml is 300."""
_CALLER = 3
"""Frames up to the one that a line of the log tells of."""


class Exchange:
    """One request, and what is told of it. `meter` is its own, as many requests may be answered at once."""

    def __init__(self, scope: Scope, logger: Logger, *, cold: bool) -> None:
        self.began = perf_counter()
        self.headers = Headers(scope=scope)
        self.request_id = request_id_of(self.headers) or uuid4().hex
        self.meter = Meter()
        self.cold = cold
        """Whether it is the first in this process."""
        self.status = 0
        self.heard = False
        """Whether all of its body was read."""
        self.well = True
        """Whether nothing of it went wrong by our fault."""
        self.path, self.method = scope["path"], scope["method"]
        self.query = scope["query_string"].decode("latin-1")
        self._logger = logger

    @property
    def methods(self) -> tuple[str, ...]:
        """Those that its path knows."""
        return ROUTES.get(self.path, ())

    @property
    def measured(self) -> bool:
        """Whether a caller asks."""
        return self.path not in _UNMEASURED

    @property
    def goes_on(self) -> bool:
        """Whether its caller may go on sending for long, and is not heard."""
        length = self.headers.get("content-length", "0")
        endless = "transfer-encoding" in self.headers or len(length) > _MOST_DIGITS
        return endless and not self.heard

    @property
    def milliseconds(self) -> float:
        """How long it has taken so far."""
        return (perf_counter() - self.began) * 1000

    def time_left(self) -> float:
        """Return the seconds until the answer is broken off, before Lambda would end the function."""
        return _LONGEST - self.milliseconds / 1000

    def log(self, message: str, *, grave: bool = False, **values: Any) -> None:  # noqa: ANN401  whatever a log can hold
        """Write a line of its own into the log."""
        write = self._logger.error if grave else self._logger.info
        write(message, stacklevel=_CALLER, request_id=self.request_id, **values)

    def failed(self, error: Exception) -> HeraldError:
        """Log why it failed, and give what its caller may know of that."""
        if not isinstance(error, HeraldError):
            self.log("failed", grave=True, error_type=type(error).__name__, frames=frames_of(error))
            error = unforeseen()
        grave = status_of(error).is_server_error
        self.well = self.well and not grave
        self.log("refused", grave=grave, code=error.code, param=error.param)
        return error

    def end(self) -> None:
        """Log and measure it as a whole."""
        route = f"{self.method} {self.path}" if self.method in self.methods else None
        if self.measured:
            answered(self.meter, route or OTHER, self.milliseconds, well=self.well)
            self.meter.add(COLD_START, int(self.cold))
            self.meter.flush()
        self.log("answered", route=route or "$default", status=self.status, milliseconds=round(self.milliseconds, 1))


class Exchanges:
    """Middleware: whatever `app` raises before its answer begins is answered, and all of it is told."""

    def __init__(self, app: ASGIApp, *, settings: Settings, logger: Logger) -> None:
        self._app = app
        self._origins = settings.cors_origins
        self._logger = logger
        self._cold = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = Exchange(scope, self._logger, cold=self._cold)
        self._cold = self._cold and not exchange.measured
        scope["state"] = {"exchange": exchange}

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                self._complete(MutableHeaders(scope=message), exchange)
            await send(message)

        try:
            await self._answer(exchange, scope, receive, tell)
        finally:
            exchange.end()

    async def _answer(self, exchange: Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            check_request(exchange.path, exchange.query, exchange.headers)
            check_framing(exchange.headers)
            app = self._preflight(exchange) or self._app
            await app(scope, receive, send)
        except ClientDisconnect:
            exchange.log("left")
        except Exception as error:  # noqa: BLE001  one request's fault must not become the server's
            refusal = exchange.failed(error)
            if not exchange.status:
                await refused(refusal, exchange)(scope, receive, send)

    def _preflight(self, exchange: Exchange) -> Response | None:
        if not (self._origins and exchange.methods and is_preflight(exchange.method, exchange.headers)):
            return None
        allowed = preflight_headers(self._origins, exchange.headers, exchange.methods)
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=allowed)

    def _complete(self, headers: MutableHeaders, exchange: Exchange) -> None:
        shared = cors_headers(self._origins, exchange.headers) | {"X-Request-Id": exchange.request_id}
        for name, value in (EVERYWHERE | shared).items():
            headers[name] = value


def nowhere(exchange: Exchange) -> HeraldError:
    """What is wrong with a path, or with its method."""
    if exchange.methods:
        return WrongMethod(f"That path answers {' and '.join(exchange.methods)}.")
    return UnknownPath(f"Nothing is here. There are: {', '.join(ROUTES)}.")


def refused(error: HeraldError, exchange: Exchange) -> Response:
    """The answer to a request that is not done. The server hangs up on who would go on sending it."""
    headers = hints_of(error, exchange.methods) | ({"Connection": "close"} if exchange.goes_on else {})
    return JSONResponse(error_body(error), status_code=status_of(error), headers=headers)
