"""A fake of Herald's batch API on this machine, without synthesis, with injectable faults."""

import csv
import io
import json
from base64 import b64decode
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler
from threading import Lock
from urllib.parse import parse_qs, urlsplit

from tests.support import loopback


def _name(part):
    return part["Content-Disposition"].params["name"]


ID = "batch_01a20320a2005c2f8e91d07a4b36aa10"
NOON = "2026-11-22T12:00:00.000Z"
AUDIO = b"as if it were mp3"


def error(code, message, status=400):
    """Return an error response of Herald."""
    details = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return status, {}, json.dumps({"error": details}).encode()


AWAY = (503, {"Retry-After": "0"}, error("unavailable", "DynamoDB did not answer.", 503)[2])


@dataclass
class Service:
    """A service with one batch, which advances with each request: planned, half done, done."""

    bad_lines: tuple[int, ...] = ()
    """Lines of the manifest that are row errors."""
    failed_lines: tuple[int, ...] = ()
    zipped: bool = False
    """Whether the files are in an archive."""
    ends: str = "done"
    page: int = 100
    instead: dict[str, deque] = field(default_factory=dict)
    """Responses to return first, by method and path, such as "GET /v1/batches/…"; "…" stands for the id."""
    bodies: list[bytes] = field(default_factory=list)
    """The bodies of the requests that got them."""
    queries: list[str] = field(default_factory=list)
    max_bytes: int = 10_000_000
    """Maximum size of a manifest."""
    form: list = field(default_factory=list)
    """Form fields received before the manifest."""
    cut_uploads: int = 0
    """Number of uploads whose connection is dropped."""

    preview: dict = field(default_factory=dict)
    """Fields of the preview that differ from that of a list without faults."""
    previewed: dict | None = None
    """The last request for a preview."""

    request: dict | None = None
    keys: list[str] = field(default_factory=list)
    shown: dict[str, set] = field(default_factory=dict)
    """Received values of the Authorization header, including None, by method and path."""
    manifest: bytes = b""
    asked: list[str] = field(default_factory=list)
    redrives: int = 0
    sla: dict = field(default_factory=lambda: {"verdict": "met", "reason": "Done 0:01:00 before the deadline."})
    report_after: int = 0
    """Requests for an ended batch before its report exists."""
    state: str = "created"
    base: str = ""
    lock: Lock = field(default_factory=Lock)

    def misbehave(self, what, *answers):
        self.instead[what.replace("…", ID)] = deque(answers)

    @property
    def people(self):
        """The rows of the manifest as (line, id)."""
        rows = csv.DictReader(io.StringIO(self.manifest.decode()))
        return [(line, row.get("id") or f"line-{line}") for line, row in enumerate(rows, 2)]

    def batch(self):
        """Return the batch as the API does."""
        rows, bad, failed = len(self.people), len(self.bad_lines), len(self.failed_lines)
        ended = self.state in {"done", "failed", "cancelled"}
        planned = ended or self.state == "speaking"
        done = rows - bad - failed if ended else (rows - bad) // 2 if planned else 0
        counts = {"rows": rows if planned else 0, "row_errors": bad if planned else 0, "done": done}
        counts |= {"failed": failed if ended else 0, "cancelled": 0}
        counts["waiting"] = counts["rows"] - sum(counts[name] for name in ("row_errors", "done", "failed"))
        report = {name: f"{self.base}/files/{name}" for name in ("csv_url", "jsonl_url", "summary_url")}
        request = self.request or {}
        return {
            "id": ID,
            "object": "batch",
            "name": request.get("name", "people"),
            "state": self.state,
            "voice": "alloy",
            "response_format": "mp3",
            "use_case": "other",
            "retention": "expire",
            "delivery": "zip" if self.zipped else "files",
            "priority": "standard",
            "metadata": {},
            "webhook_url": None,
            "webhook": None,
            "deadline": request.get("deadline"),
            "tolerated_failure_percent": 5.0,
            "remarks": [],
            "counts": counts,
            "progress": 1.0 if ended else 0.5 if planned else 0.0,
            "expected_end": NOON if planned else None,
            "sla": self.sla,
            "audio_seconds": done * 10.5,
            "sentences": {"spoken": 6, "reused": 10},
            "price": 0.00042 * done,
            "price_per_file": 0.00042 if ended and done else None,
            "created_at": NOON,
            "begun_at": NOON if planned else None,
            "ended_at": NOON if ended else None,
            "expires_at": NOON,
            "report": report if ended and not self.report_after else None,
            "error": {"code": "too_many_failures", "message": "Too many."} if self.state == "failed" else None,
            "redrives": self.redrives,
        }

    def preview_of(self, request):
        """Return a preview as the API does."""
        self.previewed = request
        rows = max(0, b64decode(request["sample_base64"]).count(b"\n") - 1)
        estimate = {"rows": rows, "characters": 16 * rows, "audio_seconds": 1.5 * rows, "price": 0.00042 * rows}
        example = {"line": 2, "id": "p1", "text": "Hello Aaron.", "spoken": "Hello Aaron.", "voice": "en_US-heart"}
        return {
            "object": "batch_preview",
            "format": "csv",
            "encoding": "UTF-8",
            "separator": ",",
            "columns": [{"name": "id", "field": "id"}, {"name": "first_name", "field": "first_name"}],
            "remarks": [],
            "rows": rows,
            "row_errors": 0,
            "errors": [],
            "examples": [example | {"response_format": "mp3", "characters": 12}],
            "estimate": estimate | {"price_per_file": 0.00042, "seconds": 12.3},
            "error": None,
        } | self.preview

    def look(self):
        """Return the batch, then advance it."""
        batch = self.batch()
        self.report_after -= bool(self.report_after and batch["ended_at"])
        self.state = {"planning": "speaking", "speaking": self.ends}.get(self.state, self.state)
        return batch

    def items(self, state):
        found = [self._item(line, name) for line, name in self.people]
        return [one for one in found if state in {None, one["state"]}]

    def _item(self, line, name):
        item = {"line": line, "id": name, "state": "done", "seconds": 10.5, "price": 0.00042, "error": None}
        item["audio_url"] = f"{self.base}/files/{line}.mp3?X-Amz-Signature=1"
        item |= {"archive_url": None, "member": None}
        if self.zipped:
            archive = f"{self.base}/files/rows.zip?X-Amz-Signature=1"
            item |= {"audio_url": None, "archive_url": archive, "member": f"{name}.mp3"}
        nothing = {"audio_url": None, "archive_url": None, "member": None, "seconds": None, "price": None}
        if line in self.bad_lines:
            wrong = {"code": "missing_value", "message": "The row has nothing for field 1 of the template."}
            return item | nothing | {"state": "row_error", "error": wrong}
        if line in self.failed_lines:
            return item | nothing | {"state": "failed", "error": {"code": "gpu_failed", "message": "The GPU failed."}}
        return item


def serve(service):
    """Start the server; return a function that stops it."""
    service.base, end = loopback.serve(type("Handler", (_Handler,), {"service": service}))
    return end


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def _any(self):
        url = urlsplit(self.path)
        what = f"{self.command} {url.path}"
        with self.service.lock:
            self.service.asked.append(what)
            self.service.queries.append(url.query)
            self.service.shown.setdefault(what, set()).add(self.headers["Authorization"])
            if instead := self.service.instead.get(what):
                self.service.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                self._send(*instead.popleft())
            else:
                self._answer(what, {name: values[0] for name, values in parse_qs(url.query).items()})

    do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815

    def _answer(self, what, query):
        what = what.replace(ID, "…")
        moved = {"POST /v1/batches/…/start": (202, "planning"), "DELETE /v1/batches/…": (200, "cancelled")}
        moved["POST /v1/batches/…/redrive"] = (202, "speaking")
        answers = {
            "POST /v1/batches": self._create,
            "POST /v1/batches/preview": lambda: self._json(200, self.service.preview_of(self._body())),
            "POST /upload": self._take,
            "GET /v1/batches": lambda: self._page([self.service.batch()], query),
            "GET /v1/batches/…": lambda: self._json(200, self.service.look()),
            "GET /v1/batches/…/items": lambda: self._page(self.service.items(query.get("state")), query),
        }
        if what in moved:
            self._move(*moved[what])
        elif what.startswith("GET /files/"):
            self._send(200, {}, AUDIO + what.encode())
        else:
            answers.get(what, lambda: self._send(*error("not_found", "There is no batch with that id.", 404)))()

    def _move(self, status, state):
        service = self.service
        if state == "speaking":
            service.failed_lines, service.redrives = (), service.redrives + 1
        service.state = state
        self._json(status, service.batch())

    def _create(self):
        self.service.keys.append(self.headers["Idempotency-Key"])
        self.service.request = self._body()
        s3 = "manifest" in self.service.request
        self.service.state = "planning" if s3 else "created"
        form = {
            "method": "POST",
            "url": f"{self.service.base}/upload",
            "fields": {"key": "uploads/acme/manifest", "Content-Type": "text/csv", "policy": "eyJl+/=="},
            "max_bytes": self.service.max_bytes,
            "expires_at": NOON,
        }
        self._json(202, self.service.batch() | {"upload": None if s3 else form})

    def _body(self):
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def _take(self):
        size = int(self.headers["Content-Length"])
        if self.service.cut_uploads:
            self.service.cut_uploads -= 1
            self.rfile.read(size // 2)
            self.close_connection = True
            return
        # Parse with the standard library's multipart parser.
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        *fields, file = message_from_bytes(head + self.rfile.read(size), policy=HTTP).iter_parts()
        self.service.form = [(_name(part), part.get_payload(decode=True).decode()) for part in fields]
        assert _name(file) == "file"
        self.service.manifest = file.get_payload(decode=True)
        self._send(204, {}, b"")

    def _page(self, found, query):
        start, size = int(query.get("cursor", 0)), min(self.service.page, int(query["limit"]))
        more = start + size < len(found)
        page = {"object": "list", "data": found[start : start + size], "has_more": more}
        self._json(200, page | {"next_cursor": str(start + size) if more else None})

    def _json(self, status, value):
        self._send(status, {"Content-Type": "application/json"}, json.dumps(value).encode())

    def _send(self, status, headers, body):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Do not log."""
