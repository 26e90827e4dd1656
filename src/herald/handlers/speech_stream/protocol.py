"""HTTP/1.1 with limits of its own: behind the Lambda Web Adapter nothing hostile arrives, elsewhere anything may.

uvicorn's protocol has no time limit on a request's head or body, none on a reader that does not read, and answers a
broken head in plain text.
"""

import asyncio
import json
import socket
import sys
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from herald.errors import HeadersTooLarge, HeraldError, InvalidRequest, Overloaded, RequestTimeout
from herald.handlers.http import EVERYWHERE, error_body, hints_of, status_of


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Seconds, bytes and connections that a client may take."""

    head_seconds: float = 10.0
    """From the connection, or the first byte of a later request, to the end of the head."""
    body_seconds: float = 20.0
    """From the end of the head to the end of the body: 2 MB at 100 kB/s."""
    stalled_seconds: float = 60.0
    """For which a reader may take nothing of an answer that waits for it; a player that plays takes some every 30 s."""
    connections: int = 256
    buffer_bytes: int = 65_536
    """Of an answer, kept here for a slow reader; the kernel keeps about twice as much."""


BOUNDS = Bounds()
_LINGER_SECONDS = 2.0
"""For which a refused client may go on sending, unheard: a connection reset would take the answer with it."""


class BoundedProtocol(H11Protocol):
    """One connection."""

    bounds = BOUNDS
    _timer: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin with a connection, or refuse it where there are too many."""
        transport.set_write_buffer_limits(high=self.bounds.buffer_bytes)
        if (raw := transport.get_extra_info("socket")) is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.bounds.buffer_bytes)
        super().connection_made(transport)
        if len(self.connections) > self.bounds.connections:
            self._refuse(Overloaded("There are too many connections at the moment. Try again."))
            return
        self._expect(self.bounds.head_seconds, "head")

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers."""
        self._expect(None)
        self._stop_stalled()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what was sent; of a refused client, nothing."""
        if self._refused:
            return
        if self._timer is None and self.conn.their_state is h11.IDLE:  # a later request of the same connection
            self._expect(self.bounds.head_seconds, "head")
        super().data_received(data)

    def eof_received(self) -> None:
        """Close a connection whose client has heard its refusal."""
        if self._refused:
            self.transport.close()

    def handle_events(self) -> None:
        """Handle what was received, and expect what comes next within its time."""
        before = self.conn.their_state
        super().handle_events()
        after = self.conn.their_state
        if self._refused or self.transport.is_closing():
            return
        if after is not before and after is h11.SEND_BODY and self._is_open:
            self._expect(self.bounds.body_seconds, "body")
        elif after not in {h11.IDLE, h11.SEND_BODY}:
            self._expect(None)

    @property
    def _is_open(self) -> bool:
        """Whether a request waits for its answer."""
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn's annotation leaves the None out
        return cycle is not None and not cycle.response_complete

    def on_response_complete(self) -> None:
        """Let the connection idle: keep-alive has its own limit."""
        self._expect(None)
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Wait for a slow reader, but not for ever."""
        super().pause_writing()
        self._stop_stalled()
        self._stalled = self.loop.call_later(self.bounds.stalled_seconds, self._abandon)

    def resume_writing(self) -> None:
        """Go on: the reader has taken some."""
        self._stop_stalled()
        super().resume_writing()

    def shutdown(self) -> None:
        """End the connection; a refused one has been answered already."""
        if self._refused:
            self.transport.abort()
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's signature and its words
        """Answer a head or body that is not HTTP; called where h11's error is handled."""
        error = sys.exception()
        hint = error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 0
        if hint == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            self._refuse(HeadersTooLarge("The head of the request is over the limit of 64 kB. Send fewer headers."))
        else:
            self._refuse(InvalidRequest("That is not a valid HTTP/1.1 request."))

    def _expect(self, seconds: float | None, part: str = "") -> None:
        """Give the next part of the request so much time; None: nothing is expected."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(seconds, self._too_slow, part)

    def _too_slow(self, part: str) -> None:
        self._timer = None
        if part == "head" and self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            self.transport.close()  # it asked for nothing yet
            return
        self._refuse(RequestTimeout(f"The {part} of the request did not arrive in time. Send it at once."))

    def _refuse(self, error: HeraldError) -> None:
        """Answer with an error and hang up. An answer that has begun is cut off."""
        self._expect(None)
        self._refused = True
        self.connections.discard(self)  # while it lingers, it takes no other's place
        self.logger.warning("Refused a connection: %s.", error.code)
        if self._is_open:
            begun = self.cycle.response_started
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if begun:
                self.transport.abort()
                return
        self.transport.write(_answer(error))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.abort)

    def _stop_stalled(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _abandon(self) -> None:
        """Drop a reader that takes nothing, with what is kept for it."""
        self._stalled = None
        self.logger.warning("Abandoned a reader that took nothing for %s seconds.", self.bounds.stalled_seconds)
        self.transport.abort()


def _answer(error: HeraldError) -> bytes:
    """Return a whole answer with an error, in Herald's shape: the application has not seen the request."""
    status, body = status_of(error), json.dumps(error_body(error)).encode()
    headers: dict[str, Any] = (
        EVERYWHERE
        | hints_of(error, ())
        | {
            "Content-Type": "application/json",
            "Content-Length": len(body),
            "X-Request-Id": uuid4().hex,
            "Connection": "close",
        }
    )
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
