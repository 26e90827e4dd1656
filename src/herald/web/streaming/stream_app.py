"""The streaming application: speech and health."""

import random
from asyncio import get_running_loop
from collections.abc import Callable
from http import HTTPStatus
from time import monotonic
from typing import NoReturn

from anyio import CapacityLimiter, to_thread
from aws_lambda_powertools import Logger
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from herald import __version__
from herald.auth.authenticator import CachingAuthenticator
from herald.auth.caller import Caller
from herald.auth.quotas import Charge
from herald.errors import BodyTooLarge, Overloaded, UnreadableRow
from herald.jobs.body import check_headers, max_body_bytes
from herald.jobs.job_request import SpeechRequest
from herald.runtime.container import Dependencies
from herald.runtime.measures import FIRST_AUDIO, UNREADABLE_ROWS
from herald.runtime.meter import Meter
from herald.runtime.settings import Settings
from herald.web.http import check_scope
from herald.web.realtime import Answer, Realtime
from herald.web.streaming.exchange import AFTER_RESTORE, Exchange, Exchanges, nowhere
from herald.web.streaming.memory_trim import release_memory
from herald.web.streaming.stream_callers import Callers
from herald.web.streaming.stream_speaking import Pricing, StreamSpeaking

_AT_ONCE = 8
"""Pieces synthesized concurrently. Lambda sends one request at a time; outside Lambda there may be many."""
_BEGUN_AT_ONCE = 4
"""First pieces synthesized concurrently, in a pool of their own so that they do not queue behind later pieces."""
_ADMITTED_AT_ONCE = 16
"""Callers authenticated concurrently; this is bound by calls to AWS, not by CPU."""
_MOST_STREAMS = 64
"""Maximum concurrent streams, waiting ones included; a stream whose client does not read holds about 400 kB."""

_TRIM_EVERY = 10.0
"""Minimum seconds between two releases of memory, each of which takes some milliseconds."""


class SpeechStream:
    """The ASGI application and its dependencies."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._parts = Dependencies(settings, interactive=True, unreadable=self._row_unreadable)
        self._realtime = Realtime(self._parts)
        self._working = CapacityLimiter(_AT_ONCE)
        self._beginning = CapacityLimiter(_BEGUN_AT_ONCE)
        self._admitting = CapacityLimiter(_ADMITTED_AT_ONCE)
        self._streams = 0
        self._trimmed = 0.0
        self.logger = Logger()
        self.app = Starlette(
            routes=[
                Route("/v1/audio/speech", self._bounded, methods=["POST"]),
                Route("/health", self._health, methods=["GET"]),
                Route(AFTER_RESTORE, _restored, methods=["POST"]),
            ],
            middleware=[Middleware(Exchanges, settings=settings, logger=self.logger)],
            exception_handlers={404: _not_found, 405: _not_found},
        )
        self.app.router.redirect_slashes = False

    def warm(self) -> None:
        """Load the default voice and all code, and create the AWS clients, so that no request pays for it."""
        self._realtime.warm()
        door = CachingAuthenticator(self._parts.door, seconds=self._settings.key_cache_seconds)
        settings = self._settings
        self._callers = Callers(door, signed=settings.stream_auth == "AWS_IAM", limits=settings.keyless_limits)
        self._parts.quotas  # noqa: B018  created on first access

    async def _health(self, _: Request) -> Response:
        default = self._settings.default_voice
        return JSONResponse({"status": "ok", "version": __version__, "default_voice": default})

    async def _bounded(self, request: Request) -> Response:
        if self._streams >= _MOST_STREAMS:
            raise Overloaded(f"The limit of {_MOST_STREAMS} concurrent streams is reached. Try again.")
        self._streams += 1
        try:
            speaking = await self._speech(request)
        except BaseException:
            self._ended()
            raise
        speaking.ended = self._ended
        return speaking

    def _ended(self) -> None:
        """Decrement the number of streams; after the last one, return memory to the system."""
        self._streams -= 1
        if self._streams == 0 and monotonic() - self._trimmed > _TRIM_EVERY:
            self._trimmed = monotonic()
            get_running_loop().run_in_executor(None, release_memory)

    async def _speech(self, request: Request) -> StreamSpeaking:
        exchange: Exchange = request.state.exchange
        caller = await self._work(self._admitting, self._admit, exchange)
        check_headers(request.headers)
        body = await self._body(request)
        exchange.heard = True
        speech, answer, charge = await self._work(self._beginning, self._begin, caller, body, exchange)
        exchange.meter.add(FIRST_AUDIO, exchange.milliseconds)
        speaking = StreamSpeaking(answer, speech, exchange, self._working, pricing=self._price(exchange), charge=charge)
        speaking.headers.update(self._realtime.headers(speech, answer.made))
        return speaking

    async def _work[**Given, Result](
        self, limiter: CapacityLimiter, work: Callable[Given, Result], *given: Given.args, **_: Given.kwargs
    ) -> Result:
        """Run blocking work in a thread."""
        return await to_thread.run_sync(work, *given, limiter=limiter)

    def _price(self, exchange: Exchange) -> Pricing:
        """Return a function that computes the price of the response from its size in bytes."""
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
                raise BodyTooLarge(f"The body exceeds {most} bytes. Send the text in parts.")
        return bytes(body)

    def _row_unreadable(self, error: UnreadableRow) -> None:
        """Log and count a stored row that cannot be read."""
        self.logger.error("unreadable row", row=error.row, row_id=error.row_id, why=error.reason)
        meter = Meter()
        meter.add(UNREADABLE_ROWS, 1)
        meter.flush()

    def _begin(self, caller: Caller, body: bytes, exchange: Exchange) -> tuple[SpeechRequest, Answer, Charge]:
        request = self._realtime.read(body, exchange.headers)
        self._realtime.check(request)
        with self._realtime.reserving(caller, request) as charge:
            return request, self._realtime.stream(request, time_left=exchange.time_left), charge


def _not_found(request: Request, _: Exception) -> NoReturn:
    raise nowhere(request.state.exchange)


def _restored(_: Request) -> Response:
    """Reseed: all environments restored from one snapshot share its random state."""
    random.seed()
    return Response(status_code=HTTPStatus.NO_CONTENT)
