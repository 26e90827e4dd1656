"""A proxy before the emulator that answers some calls as AWS answers one who asks too much."""

import http.client
import json
import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from urllib.parse import urlsplit

SERVICES = {
    # what X-Amz-Target begins with: the service, and how it calls a throttle
    "DynamoDB_20120810": ("DynamoDB", "ProvisionedThroughputExceededException"),
    "AmazonSQS": ("SQS", "ThrottlingException"),
    "AWSEvents": ("EventBridge", "ThrottlingException"),
}
S3 = ("S3", "SlowDown")
SLOW_DOWN = b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
HOP = {"connection", "transfer-encoding", "content-length", "server", "date"}


class Throttle(ThreadingHTTPServer):
    """Listens on this machine, refuses a share of all calls, and counts them by service and whether they passed."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, aws, share):
        self.aws, self.share = urlsplit(aws).netloc, share
        self.calls = Counter()
        self._random, self._lock = Random(1), threading.Lock()  # noqa: S311
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def passes(self, service):
        with self._lock:
            passes = self._random.random() >= self.share
            self.calls[service, passes] += 1
            return passes


class Handler(BaseHTTPRequestHandler):
    """Any method, any path."""

    protocol_version = "HTTP/1.1"
    server: Throttle

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        service, code = SERVICES.get(self.headers.get("X-Amz-Target", "").partition(".")[0], S3)
        if self.server.passes(service):
            self.forward(body)
        elif service == "S3":
            self.send(503, {"Content-Type": "application/xml"}, SLOW_DOWN)
        else:
            error = {"__type": code, "message": "Rate exceeded"}
            self.send(400, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(error).encode())

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = answer  # noqa: N815

    def forward(self, body):
        connection = http.client.HTTPConnection(self.server.aws, timeout=30)
        connection.request(self.command, self.path, body, dict(self.headers))
        answer = connection.getresponse()
        headers = {name: value for name, value in answer.getheaders() if name.lower() not in HOP}
        length = answer.getheader("Content-Length") if self.command == "HEAD" else None
        self.send(answer.status, headers, answer.read(), length)
        connection.close()

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
def throttled(aws, share):
    """A proxy that refuses a share of the calls to an address."""
    with Throttle(aws, share) as proxy:
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()
