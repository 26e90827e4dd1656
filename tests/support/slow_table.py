"""A local DynamoDB server (moto) that delays some responses."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from itertools import count
from threading import Event
from time import sleep
from types import SimpleNamespace

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import BotocoreStubber

from tests.support.loopback import serve

REAL = "https://dynamodb.us-east-1.amazonaws.com/"


class _Handler(BaseHTTPRequestHandler):
    """Responds as moto does; some responses are delayed by `late` seconds."""

    protocol_version = "HTTP/1.1"
    late: float
    every: int
    numbers: count
    healthy: Event

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = HTTPHeaders()
        for name, value in self.headers.items():
            headers[name] = value
        request = AWSPreparedRequest("POST", REAL, headers, body, stream_output=False)
        before, after = self._delays()
        sleep(before)
        status, answered, content = BotocoreStubber().process_request(request)
        sleep(after)
        self._send(status, answered, content if isinstance(content, bytes) else content.encode())

    def _delays(self):
        turn, phase = divmod(next(self.numbers), self.every)
        if phase or self.healthy.is_set():
            return 0, 0
        return (self.late, 0) if turn % 2 else (0, self.late)

    def _send(self, status, headers, body):
        try:
            self.send_response(status)
            for name in ("content-type", "x-amzn-errortype"):
                if name in headers:
                    self.send_header(name, headers[name])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the client has timed out and disconnected
            self.close_connection = True

    def log_message(self, *_):
        """Log nothing."""


@contextmanager
def slow_table(*, late, every):
    """Serve DynamoDB and delay one call in `every` by `late` seconds, alternately before and after it takes effect.

    Yields an object with the server's `url` and `well()`, which ends the delays.
    """
    healthy = Event()
    handler = type("Handler", (_Handler,), {"late": late, "every": every, "numbers": count(1), "healthy": healthy})
    url, end = serve(handler)
    try:
        yield SimpleNamespace(url=url, well=healthy.set)
    finally:
        end()
