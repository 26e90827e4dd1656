"""HTTP/1.1 with limits against hostile and slow clients, for servers that run without the Lambda Web Adapter.

uvicorn's own protocol has no time limit on a request's head or body, none on a client that stops reading, and answers
a malformed head in plain text.
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
from herald.web.error_replies import EVERYWHERE, error_body, hints_of, status_of


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Limits on the seconds, bytes and connections that clients may use."""

    head_seconds: float = 10.0
    """From the start of the connection, or the first byte of a later request, to the end of the head."""
    body_seconds: float = 20.0
    """From the end of the head to the end of the body: 2 MB at 100 kB/s."""
    stalled_seconds: float = 60.0
    """How long a client may stop reading a response; an audio player that plays reads at least every 30 s."""
    connections: int = 256
    buffer_bytes: int = 65_536
    """Response bytes buffered here for a slow client; the kernel buffers about twice as much."""


BOUNDS = Bounds()
_LINGER_SECONDS = 2.0
"""How long to discard further data of a refused client: resetting the connection could lose the response."""


class BoundedProtocol(H11Protocol):
    """One connection."""

    bounds = BOUNDS
    _timer: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept a connection, or refuse it if there are too many."""
        transport.set_write_buffer_limits(high=self.bounds.buffer_bytes)
        if (raw := transport.get_extra_info("socket")) is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.bounds.buffer_bytes)
        super().connection_made(transport)
        if len(self.connections) > self.bounds.connections:
            self._refuse(Overloaded("There are too many connections. Try again."))
            return
        self._expect(self.bounds.head_seconds, "head")

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers."""
        self._expect(None)
        self._stop_stalled()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Process received data; discard that of a refused client."""
        if self._refused:
            return
        if self._timer is None and self.conn.their_state is h11.IDLE:  # a later request of the same connection
            self._expect(self.bounds.head_seconds, "head")
        super().data_received(data)

    def eof_received(self) -> None:
        """Close the connection if the client was refused."""
        if self._refused:
            self.transport.close()

    def handle_events(self) -> None:
        """Process the events and start the timer of the next part of the request."""
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
        """Whether a request has no complete response yet."""
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn's annotation omits None
        return cycle is not None and not cycle.response_complete

    def on_response_complete(self) -> None:
        """Stop the timer: idle connections have the limit of keep-alive."""
        self._expect(None)
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Pause for a slow client and start the timer that abandons it."""
        super().pause_writing()
        self._stop_stalled()
        self._stalled = self.loop.call_later(self.bounds.stalled_seconds, self._abandon)

    def resume_writing(self) -> None:
        """Resume: the client has read."""
        self._stop_stalled()
        super().resume_writing()

    def shutdown(self) -> None:
        """Shut down the connection; a refused one has been answered already."""
        if self._refused:
            self.transport.abort()
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's signature; its message is not used
        """Answer a request that is not valid HTTP. uvicorn calls this while it handles h11's exception."""
        error = sys.exception()
        hint = error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 0
        if hint == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            self._refuse(HeadersTooLarge("The head of the request exceeds 64 kB. Send fewer headers."))
        else:
            self._refuse(InvalidRequest("The request is not valid HTTP/1.1. Send a well-formed request."))

    def _expect(self, seconds: float | None, part: str = "") -> None:
        """Start the timer of the next part of the request; None stops it."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(seconds, self._too_slow, part)

    def _too_slow(self, part: str) -> None:
        self._timer = None
        if part == "head" and self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            self.transport.close()  # no request to answer yet
            return
        self._refuse(RequestTimeout(f"The {part} of the request did not arrive in time. Send it without pauses."))

    def _refuse(self, error: HeraldError) -> None:
        """Answer with an error and close the connection. A response that has started is cut off."""
        self._expect(None)
        self._refused = True
        self.connections.discard(self)  # a refused connection does not count against the limit
        self.logger.warning("Refused a connection: %s.", error.code)
        if self._is_open:
            started = self.cycle.response_started
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if started:
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
        """Close the connection of a client that does not read, and drop its buffered data."""
        self._stalled = None
        self.logger.warning("Abandoned a client that read nothing for %s seconds.", self.bounds.stalled_seconds)
        self.transport.abort()


def _answer(error: HeraldError) -> bytes:
    """Return a complete error response in Herald's format, for requests that do not reach the application."""
    status, body = status_of(error), json.dumps(error_body(error)).encode()
    headers: dict[str, Any] = (
        EVERYWHERE
        | hints_of(error)
        | {
            "Content-Type": "application/json",
            "Content-Length": len(body),
            "X-Request-Id": uuid4().hex,
            "Connection": "close",
        }
    )
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
