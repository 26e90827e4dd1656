"""The HTTP server for Kubernetes' probes: /healthz and /readyz."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

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


@contextmanager
def serving_probes(checks: dict[str, Check], *, host: str, port: int) -> Iterator[int]:
    """Respond with 200 or 503 to GET requests of checks, in a thread; yield the port. A port in use is an error."""

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

    server = ThreadingHTTPServer((host, port), Handler)
    Thread(target=server.serve_forever, name="probes", daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
