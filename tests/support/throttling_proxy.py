"""A proxy to the emulator that throttles or delays some calls, and loses some responses."""

import http.client
import json
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from urllib.parse import urlsplit

SERVICES = {
    # prefix of X-Amz-Target: the service, and its error for throttling
    "DynamoDB_20120810": ("DynamoDB", "ProvisionedThroughputExceededException"),
    "AmazonSQS": ("SQS", "ThrottlingException"),
    "AWSEvents": ("EventBridge", "ThrottlingException"),
}
S3 = ("S3", "SlowDown")
SLOW_DOWN = b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
SLOW_SECONDS = 2
HOP = {"connection", "transfer-encoding", "content-length", "server", "date"}


class Throttle(ThreadingHTTPServer):
    """A local proxy that disturbs a share of all calls, and counts calls by service and result."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, aws, share, slow=0.0, lost=0.0):
        self.aws, self.share, self.slow, self.lost = urlsplit(aws).netloc, share, slow, lost
        self.calls = Counter()
        self.disturbed = Counter()
        self._random, self._lock = Random(1), threading.Lock()  # noqa: S311
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def fate(self, service):
        """Decide the fate of a call: refused, slow, lost (executed, without a response) or passed."""
        with self._lock:
            drawn = self._random.random()
            self.calls[service, drawn >= self.share] += 1
            for fate, share in (("refused", self.share), ("slow", self.slow), ("lost", self.lost)):
                if drawn < share:
                    self.disturbed[fate] += 1
                    return fate
                drawn -= share
            return "passed"

    def calm(self):
        """Pass all calls from now on."""
        self.share = self.slow = self.lost = 0.0


class Handler(BaseHTTPRequestHandler):
    """Any method, any path."""

    protocol_version = "HTTP/1.1"
    server: Throttle

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        service, code = SERVICES.get(self.headers.get("X-Amz-Target", "").partition(".")[0], S3)
        fate = self.server.fate(service)
        if fate == "slow":
            time.sleep(SLOW_SECONDS)
        if fate != "refused":
            self.forward(body, answered=fate != "lost")
        elif service == "S3":
            self.send(503, {"Content-Type": "application/xml"}, SLOW_DOWN)
        else:
            error = {"__type": code, "message": "Rate exceeded"}
            self.send(400, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(error).encode())

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = answer  # noqa: N815

    def forward(self, body, *, answered):
        with closing(http.client.HTTPConnection(self.server.aws, timeout=60)) as connection:
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            content = answer.read()
        headers = {name: value for name, value in answer.getheaders() if name.lower() not in HOP}
        length = answer.getheader("Content-Length") if self.command == "HEAD" else None
        if answered:
            self.send(answer.status, headers, content, length)
        else:
            self.close_connection = True

    def send(self, status, headers, body, length=None):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", length or str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def throttled(aws, share, **faults):
    """Yield a proxy that disturbs the given shares of calls to an address."""
    with Throttle(aws, share, **faults) as proxy:
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()
