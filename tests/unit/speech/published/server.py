"""A fake of the published catalogue with the tiny voice, with injectable faults."""

import hashlib
import json
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote

from tests.support import loopback
from tests.unit.conftest import TINY

KEY = TINY.stem
FOLDER = "de/de_DE/tiny/low"
MODEL = f"{FOLDER}/{KEY}.onnx"
CARD = "# Model card\n\n* License: CC0, with thanks\n"


@dataclass
class Server:
    """The served files, the injected faults, and the received requests."""

    files: dict[str, bytes]
    catalogue: dict
    cut_after: int | None = None
    ranges: str = "served"  # or "ignored", "refused", "shifted"
    redirect_to: str = ""
    silent: float = 0  # seconds before a response
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    base: str = ""

    def asked_for(self, path):
        return [asked_range for asked_path, asked_range in self.asked if asked_path == path]


def entry(files, **changes):
    about = {
        path: {"size_bytes": len(data), "md5_digest": hashlib.md5(data, usedforsecurity=False).hexdigest()}
        for path, data in files.items()
    }
    language = {"code": "de_DE", "family": "de", "region": "DE", "name_native": "Deutsch"}
    language |= {"name_english": "German", "country_english": "Germany"}
    return {
        "key": KEY,
        "name": "tiny",
        "language": language,
        "quality": "low",
        "num_speakers": 3,
        "speaker_id_map": {"anna": 0, "bert": 1, "carla": 2},
        "files": about,
        "aliases": ["de-tiny-low"],
    } | changes


def tiny_server():
    config = TINY.with_name(TINY.name + ".json")
    files = {
        MODEL: TINY.read_bytes(),
        f"{MODEL}.json": config.read_bytes(),
        f"{FOLDER}/MODEL_CARD": CARD.encode(),
    }
    return Server(files=files, catalogue={KEY: entry(files)})


def serve(server):
    """Start the server; return a function that stops it."""
    base, end = loopback.serve(type("Handler", (_Handler,), {"served": server}))
    server.base = f"{base}/piper"
    return end


class _Handler(BaseHTTPRequestHandler):
    served: Server

    def do_GET(self):
        path, wanted = unquote(self.path.removeprefix("/piper/")), self.headers["Range"]
        self.served.asked.append((path, wanted))
        time.sleep(self.served.silent)
        if self.served.redirect_to and not self.path.startswith("/piper/moved/"):
            self.send_response(302)
            self.send_header("Location", f"{self.served.redirect_to}/{path}")
            self.end_headers()
            return
        path = path.removeprefix("moved/")
        files = {"voices.json": json.dumps(self.served.catalogue).encode()} | self.served.files
        if path not in files:
            self.send_error(404)
        else:
            self._answer(files[path], wanted, cut=path == MODEL)

    def _answer(self, data, wanted, *, cut):
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        if wanted and self.served.ranges == "refused":
            self.send_error(416)
            return
        if wanted and self.served.ranges in {"served", "shifted"}:
            start -= self.served.ranges == "shifted"
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        else:
            start = 0
            self.send_response(200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start : self.served.cut_after if cut else None])

    def log_message(self, *_):
        """Do not log."""
