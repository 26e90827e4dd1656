"""The HTTP interface of a SageMaker container: GET /ping and POST /invocations."""

import asyncio
import threading
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from time import monotonic, perf_counter

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gpu.dialogue import Dialogues
from gpu.disclosing import Disclosure
from gpu.log import log
from gpu.model_cache import TimeLeft
from herald.errors import BodyTooLarge, HeraldError, InvalidInput, InvalidRequest, OutOfTime, Overloaded
from herald.jobs.gpu_script import MEDIA_TYPE, GpuRequest, GpuResponse, parse_gpu_request

_SECONDS_TO_RECEIVE = 60.0
"""Time limit for receiving a request."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of requests: bytes of the body, concurrent and queued requests, and seconds per request."""

    body: int = 1 << 20
    at_once: int = 2
    waiting: int = 64
    seconds: float = 3_500.0


class Server:
    """The web application. Synthesis runs in threads, so that /ping always responds."""

    def __init__(self, dialogues: Dialogues, *, disclosure: Disclosure, provider: str, limits: Limits) -> None:
        self._dialogues = dialogues
        self._disclosure = disclosure
        self._provider = provider
        self._limits = limits
        self._speaking = CapacityLimiter(limits.at_once)
        self._accepted = 0
        """Requests that are queued or in progress."""
        self.app = Starlette(
            routes=[
                Route("/ping", self._ping),
                Route("/invocations", self._invocations, methods=["POST"]),
            ]
        )

    async def _ping(self, _: Request) -> Response:
        loaded, speaking = self._dialogues.loaded, self._speaking.borrowed_tokens
        return JSONResponse({"status": "ok", "provider": self._provider, "models": loaded, "speaking": speaking})

    async def _invocations(self, request: Request) -> Response:
        started, job = perf_counter(), None
        try:
            gpu_request = parse_gpu_request(await self._body(request))
            job = gpu_request.job
            response = await self._speak(gpu_request, request)
        except ClientDisconnect:
            log("left", job)
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except Exception as error:  # noqa: BLE001  an error of a request must not stop the server
            return _error_response(error, job)
        log("spoken", job, seconds=response.seconds, took=round(perf_counter() - started, 3), engine=response.engine)
        return Response(response.pack(), media_type=MEDIA_TYPE)

    async def _body(self, request: Request) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(_SECONDS_TO_RECEIVE):
                async for piece in request.stream():
                    body += piece
                    if len(body) > self._limits.body:
                        raise BodyTooLarge(
                            f"The body exceeds {self._limits.body} bytes. Split the text into several requests."
                        )
        except TimeoutError:
            raise InvalidRequest("The request did not arrive in time. Send it again.", code="request_timeout") from None
        return bytes(body)

    async def _speak(self, gpu_request: GpuRequest, request: Request) -> GpuResponse:
        # Not counted by the limiter: simultaneous requests reach it only after all of them have passed this check.
        if self._accepted >= self._limits.at_once + self._limits.waiting:
            raise Overloaded("Too many requests are queued. Try again later.")
        self._accepted += 1
        deadline = monotonic() + self._limits.seconds
        try:
            async with _abandoned(request) as abandoned:
                speak = partial(
                    self._speak_and_sign,
                    gpu_request,
                    time_left=lambda: 0.0 if abandoned.is_set() else deadline - monotonic(),
                )
                try:
                    return await to_thread.run_sync(speak, limiter=self._speaking, abandon_on_cancel=True)
                except OutOfTime:
                    if abandoned.is_set():
                        raise ClientDisconnect from None
                    raise
        finally:
            self._accepted -= 1

    def _speak_and_sign(self, request: GpuRequest, *, time_left: TimeLeft) -> GpuResponse:
        return self._disclosure.sign(request, self._dialogues.speak(request, time_left=time_left))


@asynccontextmanager
async def _abandoned(request: Request) -> AsyncIterator[threading.Event]:
    """Yield an event that is set when the response is no longer needed: on disconnect or shutdown."""
    abandoned = threading.Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            continue
        abandoned.set()

    watching = asyncio.create_task(watch())
    try:
        yield abandoned
    finally:
        abandoned.set()
        watching.cancel()


def _error_response(error: Exception, job: str | None) -> Response:
    """Return an error response in OpenAI's format.

    Unexpected errors are logged with their location, but without the message, which may contain a customer's text.
    """
    status, code = HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error"
    message, param = "Internal error. See the log.", None
    if isinstance(error, HeraldError):
        code, message, param = error.code, error.message, error.param
    if isinstance(error, InvalidInput):
        status = HTTPStatus.BAD_REQUEST
    elif isinstance(error, Overloaded):
        status = HTTPStatus.SERVICE_UNAVAILABLE
    frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    where = {} if isinstance(error, HeraldError) else {"error": type(error).__name__, "where": frames}
    log("refused", job, status=int(status), code=code, **where)
    error_type = "server_error" if status.is_server_error else "invalid_request_error"
    return JSONResponse({"error": {"message": message, "type": error_type, "param": param, "code": code}}, status)
