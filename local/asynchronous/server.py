"""The stand-in's HTTP server: SageMaker's operation, and control endpoints for tests."""

import json
import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from local.asynchronous.behaviour import Behaviour
from local.asynchronous.endpoints import Endpoints, UnknownEndpoint, UnknownSetting
from local.asynchronous.instance import Instance
from local.asynchronous.invocation import PREFIX, ValidationError, read

type Json = dict[str, Any]

INVOKE = re.compile(r"/endpoints/([^/]+)/async-invocations")
NOTICE = re.compile(r"/_notices/([^/]+)")


class Server(ThreadingHTTPServer):
    """Listens on the loopback interface."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, endpoints: Endpoints, instance: Instance) -> None:
        self.endpoints, self.instance = endpoints, instance
        super().__init__(("127.0.0.1", port), Handler)


class Handler(BaseHTTPRequestHandler):
    """GET /_health; PUT and DELETE /_behaviour; GET and POST /_notices/ID; POST /endpoints/NAME/async-invocations."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """Return the health, or the notification of an ended invocation."""
        if self.path == "/_health":
            self._answer(HTTPStatus.OK, {})
        elif match := NOTICE.fullmatch(self.path):
            notice = self.server.instance.notice(unquote(match[1]))
            self._answer(HTTPStatus.OK if notice else HTTPStatus.NOT_FOUND, notice or {})
        else:
            self._answer(HTTPStatus.NOT_FOUND, {})

    def do_PUT(self) -> None:
        """Set the behaviour: the fields of Behaviour and, optionally, inference_id."""
        try:
            settings = json.loads(self._body())
            inference_id = settings.pop("inference_id", None)
            self.server.instance.behaviours.set(inference_id, Behaviour.read(settings))
        except (ValueError, TypeError) as error:
            self._answer(HTTPStatus.BAD_REQUEST, {"message": str(error)})
        else:
            self._answer(HTTPStatus.OK, {})

    def do_DELETE(self) -> None:
        """Restore normal behaviour."""
        self.server.instance.behaviours.clear()
        self._answer(HTTPStatus.OK, {})

    def do_POST(self) -> None:
        """Accept an invocation, or send a notification again."""
        body = self._body()
        if match := INVOKE.fullmatch(self.path):
            self._invoke(unquote(match[1]), body)
        elif (match := NOTICE.fullmatch(self.path)) and self.server.instance.notice(unquote(match[1])):
            self.server.instance.publish(unquote(match[1]))
            self._answer(HTTPStatus.OK, {})
        else:
            self._answer(HTTPStatus.NOT_FOUND, {})

    def _invoke(self, name: str, body: bytes) -> None:
        try:
            invocation = read(self.server.endpoints.find(name), dict(self.headers), body)
        except (ValidationError, UnknownEndpoint, UnknownSetting) as error:
            problem = {"Code": "ValidationError", "Message": str(error)}
            self._answer(HTTPStatus.BAD_REQUEST, problem, {"x-amzn-ErrorType": "ValidationError"})
            return
        self.server.instance.accept(invocation)
        headers = {PREFIX + "OutputLocation": invocation.output_location}
        if invocation.failure_location:
            headers[PREFIX + "FailureLocation"] = invocation.failure_location
        self._answer(HTTPStatus.ACCEPTED, {"InferenceId": invocation.inference_id}, headers)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def _answer(self, status: HTTPStatus, content: Json, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
