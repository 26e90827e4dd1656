"""API Gateway and its functions in this process, over HTTP, for clients of other vendors and for browsers."""

from base64 import b64decode
from http.server import BaseHTTPRequestHandler
from threading import Lock

from herald.functions import api, authorizer, speech
from herald.web.routes import find_path, is_public
from tests.support.http_events import event_of
from tests.support.loopback import serve
from tests.unit.functions.conftest import Context

SPEECH = {("POST", "/v1/audio/speech"), ("POST", "/v1/speech")}
"""The routes of the speech function."""
MORE_FOR_A_KEY = "/v1/audio/voices"
"""A public path that has an authorizer in the template."""


def gateway():
    """Start it; return its address and a function that ends it."""
    alone = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name: ",".join(self.headers.get_all(name)) for name in self.headers}
            with alone:  # an instance of a function handles one request at a time
                made = respond(self.command, self.path, headers, body)
            if isinstance(made, int):
                return self.reply(made, {}, b'{"message":"Refused by API Gateway"}')
            content = b64decode(made["body"]) if made["isBase64Encoded"] else made["body"].encode()
            return self.reply(made["statusCode"], made["headers"], content)

        def reply(self, status, headers, content):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815  names of http.server

        def log_message(self, *_):
            pass

    return serve(Handler)


def respond(method, path, headers, body):
    """Return a function's response, or the status with which API Gateway refuses the request."""
    route = path.partition("?")[0]
    context = {}
    if not is_public(method, find_path(route)[0]) or route == MORE_FOR_A_KEY:
        decision = authorizer.handler({"version": "2.0", "type": "REQUEST", "headers": headers}, Context())
        if not decision["isAuthorized"]:
            return 403
        context = decision["context"]
    event = event_of(method, path, headers, body, context)
    speaks = (method, event["rawPath"]) in SPEECH or event["rawPath"].startswith("/v1/text-to-speech/")
    return (speech if speaks else api).handler(event, Context())
