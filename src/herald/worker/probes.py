"""The HTTP server for Kubernetes' probes: /healthz and /readyz."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self

from herald.worker.consumer import CHUNK_SECONDS, Pulse
from herald.worker.shutdown import Shutdown

LONGEST_SILENCE = CHUNK_SECONDS + 120.0
"""Seconds without a beat after which the consumer is considered stuck: the longest work, and retried calls to AWS."""

type Check = Callable[[], bool]


def checks(pulse: Pulse, shutdown: Shutdown) -> dict[str, Check]:
    """Return the checks by path."""
    return {
        "/healthz": lambda: pulse.seconds() < LONGEST_SILENCE,
        "/readyz": lambda: pulse.receives() and not shutdown.requested(),
    }


class Probes(AbstractContextManager["Probes"]):
    """A server that responds with 200 or 503 to GET requests of checks, in a thread."""

    def __init__(self, checks: dict[str, Check], *, host: str, port: int) -> None:
        """Listen at once, so that a port in use is an error at the start."""

        class Handler(BaseHTTPRequestHandler):
            timeout = 5
            server_version = "herald"
            sys_version = ""

            def do_GET(self) -> None:
                check = checks.get(self.path)
                status, body = 404, b"not found\n"
                if check:
                    status, body = (200, b"ok\n") if check() else (503, b"not ok\n")
                self.send_response(status)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
                """Log nothing: probes arrive every few seconds."""

        self._server = ThreadingHTTPServer((host, port), Handler)
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, name="probes", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
