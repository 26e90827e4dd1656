"""An answer that is sent while it is spoken."""

from collections.abc import Callable
from decimal import Decimal
from http import HTTPStatus
from time import perf_counter

from anyio import CancelScope, CapacityLimiter, create_task_group, to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from herald.handlers import realtime, sse
from herald.handlers.http import error_body
from herald.handlers.realtime import Answer
from herald.handlers.speech_stream.exchange import Exchange
from herald.jobs.quotas import Charge
from herald.jobs.request import SpeechRequest

type Pricing = Callable[[int], Decimal]
"""What an answer costs that ends now, by its bytes, in US dollars."""


class Speaking(Response):
    """Speaks in threads, as many as `working` lets work, one piece after the other. Who leaves ends the work."""

    def __init__(  # noqa: PLR0913  each a thing of its own
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
        del self.headers["content-length"]  # nobody knows it yet
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
        """Is called once the answer is over, however it ended."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  Starlette's signature
        """Send it."""
        try:
            async with create_task_group() as tasks:
                tasks.start_soon(_leave, receive, tasks.cancel_scope)
                await self._send(send)
                tasks.cancel_scope.cancel()
        finally:
            try:
                with CancelScope(shield=True):
                    await to_thread.run_sync(self._close)
                self._tell()
            finally:
                self.ended()

    def _close(self) -> None:
        """End the work, and keep its charge now that no first sound waits for that."""
        self._answer.body.close()
        self._charge.keep()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            while part := await to_thread.run_sync(self._next, limiter=self._working):
                await send({"type": "http.response.body", "body": part, "more_body": True})
        except Exception as error:  # noqa: BLE001  all of it was refused that could be foreseen
            await self._break_off(error, send)
            return
        self._ending = "whole"
        await send({"type": "http.response.body"})

    def _next(self) -> bytes:
        """The next part; none at the end."""
        began = perf_counter()
        part = next(self._answer.body, b"")
        self._seconds += perf_counter() - began
        self._bytes += len(part)
        return part

    async def _break_off(self, error: Exception, send: Send) -> None:
        """Say that the rest does not come: in an event; else by an end that is none, upon which the server hangs up."""
        self._ending = "broken"
        refusal = self._exchange.failed(error)
        if self._request.stream_format == "sse":
            await send({"type": "http.response.body", "body": sse.error_event(error_body(refusal))})

    def _tell(self) -> None:
        made, request = self._answer.made, self._request
        realtime.count(self._exchange.meter, request, made, self._seconds, self._pricing(self._bytes))
        self._exchange.log("spoken", ending=self._ending, **realtime.told(request, made, self._seconds))


async def _leave(receive: Receive, scope: CancelScope) -> None:
    """Wait until nobody listens any more, then end what is done for it."""
    while (await receive())["type"] != "http.disconnect":
        continue
    scope.cancel()
