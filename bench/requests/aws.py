"""Stand-in for DynamoDB, S3, SQS and EventBridge with a fixed response time, in a separate process on loopback.

It stores rows, has no objects in S3, and accepts every message and event. Responses have the format of the real
services; condition expressions are ignored.
"""

import asyncio
import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

type Row = dict[str, Any]

_SET = re.compile(r"(#\w+) = (:\w+)")
_REMOVE = re.compile(r"REMOVE (#\w+(?:, #\w+)*)")
_END = b"\r\n\r\n"


class Tables:
    """The rows of all tables, by their id."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}

    def put(self, asked: Row) -> Row:
        """PutItem."""
        self._rows[json.dumps(asked["Item"].get("id"))] = asked["Item"]
        return {}

    def get(self, asked: Row) -> Row:
        """GetItem."""
        row = self._rows.get(json.dumps(asked["Key"].get("id")))
        return {"Item": row} if row else {}

    def update(self, asked: Row) -> Row:
        """UpdateItem: plain assignments and removals only."""
        names = asked.get("ExpressionAttributeNames", {})
        values = asked.get("ExpressionAttributeValues", {})
        row = self._rows.setdefault(json.dumps(asked["Key"].get("id")), dict(asked["Key"]))
        row |= {names[name]: values[value] for name, value in _SET.findall(asked["UpdateExpression"])}
        for removed in _REMOVE.findall(asked["UpdateExpression"]):
            for name in removed.split(", "):
                row.pop(names[name], None)
        return {"Attributes": row}


class Services:
    """The operations, by the X-Amz-Target header, which S3 lacks."""

    def __init__(self) -> None:
        tables = Tables()
        self._operations: dict[str, Callable[[Row], Row]] = {
            "DynamoDB_20120810.PutItem": tables.put,
            "DynamoDB_20120810.GetItem": tables.get,
            "DynamoDB_20120810.UpdateItem": tables.update,
            "AmazonSQS.SendMessage": lambda _: {"MessageId": "0"},
            "AWSEvents.PutEvents": lambda asked: {"FailedEntryCount": 0, "Entries": asked["Entries"]},
        }

    def answer(self, target: str, body: bytes) -> bytes:
        """Return an HTTP response."""
        if not target:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        if target not in self._operations:
            content, status = json.dumps({"__type": f"Unknown#{target}"}).encode(), b"400 Bad Request"
        else:
            content, status = json.dumps(self._operations[target](json.loads(body))).encode(), b"200 OK"
        length = b"Content-Length: %d\r\n\r\n" % len(content)
        return b"HTTP/1.1 " + status + b"\r\nContent-Type: application/x-amz-json-1.0\r\n" + length + content


class Connection(asyncio.Protocol):
    """A persistent connection without pipelining."""

    def __init__(self, services: Services, seconds: float) -> None:
        self._services = services
        self._seconds = seconds
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport."""
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        """Respond once a request is complete."""
        self._buffer += data
        head, found, rest = self._buffer.partition(_END)
        headers = dict(line.lower().split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:])
        length = int(headers.get("content-length", "0"))
        if not found or len(rest) < length:
            return
        self._buffer = b""
        targets = re.findall(rb"(?im)^x-amz-target: (\S+)", head)
        answer = self._services.answer(targets[0].decode() if targets else "", rest[:length])
        asyncio.get_running_loop().call_later(self._seconds, self._transport.write, answer)


def serve(listener: socket.socket, seconds: float) -> None:
    """Serve a listening socket, responding after `seconds`, until the process is terminated."""

    async def forever() -> None:
        services, loop = Services(), asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(services, seconds), sock=listener)
        await server.serve_forever()

    asyncio.run(forever())


@contextmanager
def stand_in(seconds: float) -> Iterator[str]:
    """Yield the address of a stand-in that responds after `seconds`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = get_context("spawn").Process(target=serve, args=(listener, seconds), daemon=True)
        process.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield address
    finally:
        process.terminate()
        process.join()


def at(address: str) -> dict[str, str]:
    """Return environment variables that direct AWS clients to `address`."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
