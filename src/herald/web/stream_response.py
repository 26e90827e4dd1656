"""The response of the streaming endpoint whose body is produced while it is sent."""

import ctypes
from asyncio import get_running_loop
from collections.abc import Callable
from time import monotonic, perf_counter

from anyio import CancelScope, CapacityLimiter, create_task_group, to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from herald.errors import HeraldError
from herald.web.exchange import Reply, Stream

_TRIM_EVERY = 10.0
"""Minimum seconds between two releases of memory, each of which takes some milliseconds."""


class StreamedResponse(Response):
    """Produces one part after the other in threads limited by `working`. A client disconnect ends it.

    `client_error` logs an error and returns the one that the client may see.
    """

    def __init__(
        self, reply: Reply, body: Stream, working: CapacityLimiter, client_error: Callable[[Exception], HeraldError]
    ) -> None:
        super().__init__(status_code=reply.status, headers=reply.headers)
        del self.headers["content-length"]  # not known yet
        self._stream = body
        self._working = working
        self._client_error = client_error
        self._finished = False
        self._seconds = 0.0
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  Starlette's signature
        """Send the response."""
        try:
            async with create_task_group() as tasks:
                tasks.start_soon(_watch_disconnect, receive, tasks.cancel_scope)
                await self._send(send)
                tasks.cancel_scope.cancel()
        finally:
            await self._finish("left")

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            while part := await to_thread.run_sync(self._next, limiter=self._working):
                await send({"type": "http.response.body", "body": part, "more_body": True})
        except Exception as error:  # noqa: BLE001  foreseeable errors were answered before the stream started
            # An error event, or an incomplete body, on which the server disconnects.
            last = self._stream.failed(self._client_error(error))
            await self._finish("broken")
            if last:
                await send({"type": "http.response.body", "body": last})
            return
        try:
            await self._finish("whole")
        finally:  # the client has all of the audio
            await send({"type": "http.response.body"})

    async def _finish(self, ending: str) -> None:
        """Close and charge the stream, once. Lambda may freeze the process as soon as the response has ended."""
        if not self._finished:
            self._finished = True
            with CancelScope(shield=True):
                await to_thread.run_sync(self._end, ending)

    def _next(self) -> bytes:
        """Return the next part of the body; b"" at its end."""
        began = perf_counter()
        part = next(self._stream.parts, b"")
        self._seconds += perf_counter() - began
        self._bytes += len(part)
        return part

    def _end(self, ending: str) -> None:
        self._stream.parts.close()
        self._stream.ended(ending, self._seconds, self._bytes)


async def _watch_disconnect(receive: Receive, scope: CancelScope) -> None:
    """Cancel the scope when the client disconnects."""
    while (await receive())["type"] != "http.disconnect":
        continue
    scope.cancel()


class OpenStreams:
    """Counts the streams in progress, and returns memory to the system after the last one.

    glibc keeps freed memory in one arena per thread until malloc_trim is called.
    """

    def __init__(self) -> None:
        self.count = 0
        self._trimmed = 0.0

    def __enter__(self) -> None:
        self.count += 1

    def __exit__(self, *_: object) -> None:
        self.count -= 1
        if self.count == 0 and monotonic() - self._trimmed > _TRIM_EVERY:
            self._trimmed = monotonic()
            get_running_loop().run_in_executor(None, release_memory)


def release_memory() -> None:
    """Return freed memory to the system with malloc_trim, if the C library has it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
