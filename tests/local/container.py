"""A fake container server, controlled by the requests."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

AUDIO = b'{"version":1,"seconds":1.0}\nRIFF'


class Server(ThreadingHTTPServer):
    """Counts concurrent requests."""

    def __init__(self):
        self.lock, self.now, self.most = threading.Lock(), 0, 0
        super().__init__(("127.0.0.1", 0), Container)


class Container(BaseHTTPRequestHandler):
    """Responds as the field `wish` of the request specifies."""

    def do_GET(self):
        self.answer(200, b"{}", "application/json")

    def do_POST(self):
        wish = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.now += 1
            self.server.most = max(self.server.most, self.server.now)
        time.sleep(wish.get("seconds", 0))
        with self.server.lock:
            self.server.now -= 1
        if status := wish.get("status"):
            self.answer(status, b'{"error": {"code": "unknown_voice"}}', "application/json")
        else:
            self.answer(200, AUDIO, "application/vnd.herald.speech")

    def answer(self, status, body, content_type):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
