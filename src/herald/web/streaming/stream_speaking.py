"""A response that is sent while its audio is synthesized."""

from collections.abc import Callable
from decimal import Decimal
from http import HTTPStatus
from time import perf_counter

from anyio import CancelScope, CapacityLimiter, create_task_group, to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from herald.auth.quotas import Charge
from herald.jobs.job_request import SpeechRequest
from herald.web import realtime, sse
from herald.web.http import error_body
from herald.web.realtime import Answer
from herald.web.streaming.exchange import Exchange

type Pricing = Callable[[int], Decimal]
"""Returns the price in US dollars of a response that ends now, given its size in bytes."""


class StreamSpeaking(Response):
    """Synthesizes one piece after the other in threads limited by `working`. A client disconnect stops it."""

    def __init__(  # noqa: PLR0913  independent collaborators
        self,
        answer: Answer,
        request: SpeechRequest,
        exchange: Exchange,
        working: CapacityLimiter,
        *,
        pricing: Pricing,
        charge: Charge,
    ) -> None:
        super().__init__(status_code=HTTPStatus.OK)
        del self.headers["content-length"]  # not known yet
        self.headers["content-type"] = answer.media_type
        self._answer = answer
        self._request = request
        self._exchange = exchange
        self._working = working
        self._pricing = pricing
        self._charge = charge
        self._seconds = 0.0
        self._bytes = 0
        self._ending = "left"
        self.ended: Callable[[], object] = bool
        """Called once when the response is over, however it ended."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  Starlette's signature
        """Send the response."""
        try:
            async with create_task_group() as tasks:
                tasks.start_soon(_watch_disconnect, receive, tasks.cancel_scope)
                await self._send(send)
                tasks.cancel_scope.cancel()
        finally:
            try:
                with CancelScope(shield=True):
                    await to_thread.run_sync(self._close)
                self._record()
            finally:
                self.ended()

    def _close(self) -> None:
        """Stop the synthesis and keep the charge. This is done last because it would delay the first audio."""
        self._answer.body.close()
        self._charge.keep()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            while part := await to_thread.run_sync(self._next, limiter=self._working):
                await send({"type": "http.response.body", "body": part, "more_body": True})
        except Exception as error:  # noqa: BLE001  foreseeable errors were answered before the stream started
            await self._break_off(error, send)
            return
        self._ending = "whole"
        await send({"type": "http.response.body"})

    def _next(self) -> bytes:
        """Return the next part of the body; b"" at its end."""
        began = perf_counter()
        part = next(self._answer.body, b"")
        self._seconds += perf_counter() - began
        self._bytes += len(part)
        return part

    async def _break_off(self, error: Exception, send: Send) -> None:
        """Signal a failed stream by an error event, or by an incomplete body, on which the server disconnects."""
        self._ending = "broken"
        refusal = self._exchange.failed(error)
        if self._request.stream_format == "sse":
            await send({"type": "http.response.body", "body": sse.error_event(error_body(refusal))})

    def _record(self) -> None:
        made, request = self._answer.made, self._request
        realtime.count(self._exchange.meter, request, made, self._seconds, self._pricing(self._bytes))
        self._exchange.log("spoken", ending=self._ending, **realtime.told(request, made, self._seconds))


async def _watch_disconnect(receive: Receive, scope: CancelScope) -> None:
    """Cancel the scope when the client disconnects."""
    while (await receive())["type"] != "http.disconnect":
        continue
    scope.cancel()
