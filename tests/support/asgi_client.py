"""An in-process ASGI client of the streaming app."""

import asyncio
import json
from dataclasses import dataclass, field
from functools import cached_property

from tests.support.http_events import JSON, as_json

PATH = "/v1/audio/speech"


@dataclass
class Answer:
    """A response: status, headers with lower-case names, the parts of the body, and whether the body is complete."""

    status: int = 0
    headers: dict = field(default_factory=dict)
    parts: list = field(default_factory=list)
    whole: bool = False

    @property
    def body(self):
        return b"".join(self.parts)

    @property
    def error(self):
        error = json.loads(self.body)["error"]
        assert sorted(error) == ["code", "message", "param", "type"]
        return error

    @property
    def refusal(self):
        return self.status, self.error["code"]

    @property
    def events(self):
        """The decoded server-sent events."""
        assert self.body.endswith(b"\n\n")
        lines = self.body.decode().removesuffix("\n\n").split("\n\n")
        assert all(line.startswith("data: ") for line in lines)
        return [json.loads(line.removeprefix("data: ")) for line in lines]


class Client:
    """A client that sends requests, also concurrently, and can disconnect early."""

    def __init__(self, make_app, headers):
        self._make_app = make_app
        self.headers = headers

    @cached_property
    def app(self):
        """The app, created within the test: a logger keeps its first stream, and pytest has another one in fixtures."""
        return self._make_app()

    def speak(self, text="Guten Tag.", **fields):
        return self.ask("POST", PATH, as_json({"input": text} | fields))

    def ask(self, method, path, *body, headers=None, leave_after=None):
        """Send a request with a body in pieces; disconnect after `leave_after` parts of the response."""
        return asyncio.run(self.asked(method, path, *body, headers=headers, leave_after=leave_after))

    async def asked(self, method, path, *body, headers=None, leave_after=None):
        answer, gone = Answer(), asyncio.Event()
        pieces = list(body or [b""])

        async def receive():
            if pieces:
                return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
                return
            if part := message.get("body", b""):
                answer.parts.append(part)
            answer.whole = not message.get("more_body", False)
            if answer.whole or len(answer.parts) == leave_after:
                gone.set()

        await self.app(self.scope(method, path, headers), receive, send)
        return answer

    def scope(self, method, path, headers):
        sent = self.headers | (JSON if method == "POST" else {}) | (headers or {})
        path, _, query = path.partition("?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in _pairs(sent)],
        }


def _pairs(headers):
    """Yield headers one by one; a list of values is sent as repeated headers."""
    for name, values in headers.items():
        for value in values if isinstance(values, list) else [values]:
            yield name, value
