"""The paths: to speak, and to tell whether this is well."""

import random
from collections.abc import Callable
from http import HTTPStatus
from typing import NoReturn

from anyio import CapacityLimiter, to_thread
from aws_lambda_powertools import Logger
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from herald import __version__
from herald.errors import BodyTooLarge, UnreadableRow
from herald.handlers.http import check_scope
from herald.handlers.measures import FIRST_AUDIO, UNREADABLE_ROWS
from herald.handlers.meter import Meter
from herald.handlers.parts import Parts
from herald.handlers.realtime import Answer, Realtime
from herald.handlers.settings import Settings
from herald.handlers.speech_stream.callers import Callers
from herald.handlers.speech_stream.exchange import AFTER_RESTORE, Exchange, Exchanges, nowhere
from herald.handlers.speech_stream.speaking import Pricing, Speaking
from herald.jobs.body import check_headers, max_body_bytes
from herald.jobs.caller import Caller
from herald.jobs.door import RememberingDoor
from herald.jobs.quotas import Charge
from herald.jobs.request import SpeechRequest

_AT_ONCE = 8
"""Pieces that are made at the same time: Lambda sends one request at a time, a server without it many."""


class SpeechStream:
    """The web server's application."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._parts = Parts(settings, somebody_waits=True, unreadable=self._row_unreadable)
        self._realtime = Realtime(self._parts)
        self._working = CapacityLimiter(_AT_ONCE)
        self.logger = Logger()
        self.app = Starlette(
            routes=[
                Route("/v1/audio/speech", self._speech, methods=["POST"]),
                Route("/health", self._health, methods=["GET"]),
                Route(AFTER_RESTORE, _restored, methods=["POST"]),
            ],
            middleware=[Middleware(Exchanges, settings=settings, logger=self.logger)],
            exception_handlers={404: _nowhere, 405: _nowhere},
        )
        self.app.router.redirect_slashes = False

    def warm(self) -> None:
        """Load the default voice and all code, and make the clients of AWS: nobody waits for it then."""
        self._realtime.warm()
        door = RememberingDoor(self._parts.door, seconds=self._settings.key_cache_seconds)
        settings = self._settings
        self._callers = Callers(door, signed=settings.stream_auth == "AWS_IAM", limits=settings.keyless_limits)
        self._parts.quotas  # noqa: B018  made when first asked for

    async def _health(self, _: Request) -> Response:
        default = self._settings.default_voice
        return JSONResponse({"status": "ok", "version": __version__, "default_voice": default})

    async def _speech(self, request: Request) -> Response:
        exchange: Exchange = request.state.exchange
        caller = await self._work(self._admit, exchange)
        check_headers(request.headers)
        body = await self._body(request)
        exchange.heard = True
        asked, answer, charge = await self._work(self._begin, caller, body, exchange)
        exchange.meter.add(FIRST_AUDIO, exchange.milliseconds)
        speaking = Speaking(answer, asked, exchange, self._working, pricing=self._price(exchange), charge=charge)
        speaking.headers.update(self._realtime.headers(asked, answer.made))
        return speaking

    async def _work[**Given, Result](
        self, work: Callable[Given, Result], *given: Given.args, **_: Given.kwargs
    ) -> Result:
        """Do in a thread what waits for others, or for the processor."""
        return await to_thread.run_sync(work, *given, limiter=self._working)

    def _price(self, exchange: Exchange) -> Pricing:
        """The price of the answer, once its bytes are known."""
        restored = exchange.cold and self._settings.from_snapshot
        prices = self._parts.prices
        return lambda size: prices.realtime(exchange.milliseconds / 1000, size, streamed=True, restored=restored)

    def _admit(self, exchange: Exchange) -> Caller:
        caller = self._callers.admit(exchange.headers)
        check_scope(caller, exchange.path)
        self._parts.quotas.request(caller)
        return caller

    async def _body(self, request: Request) -> bytes:
        most = max_body_bytes(self._settings.max_job_characters)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise BodyTooLarge(f"The body is over {most} bytes. Send the text in parts.")
        return bytes(body)

    def _row_unreadable(self, error: UnreadableRow) -> None:
        """Log and count a stored row that cannot be read."""
        self.logger.error("unreadable row", row=error.row, row_id=error.row_id, why=error.reason)
        meter = Meter()
        meter.add(UNREADABLE_ROWS, 1, row=error.row)
        meter.flush()

    def _begin(self, caller: Caller, body: bytes, exchange: Exchange) -> tuple[SpeechRequest, Answer, Charge]:
        request = self._realtime.read(body, exchange.headers)
        self._realtime.check(request)
        with self._realtime.reserving(caller, request) as charge:
            return request, self._realtime.stream(request), charge


def _nowhere(request: Request, _: Exception) -> NoReturn:
    raise nowhere(request.state.exchange)


def _restored(_: Request) -> Response:
    """All environments that are restored from a snapshot would go on with the same random state."""
    random.seed()
    return Response(status_code=HTTPStatus.NO_CONTENT)
