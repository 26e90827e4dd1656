"""GET /studio: a page to speak texts, to send campaigns, and to record voices. GET / redirects browsers to it.

The page has no build step: its scripts, which share one scope, are joined in the order of SCRIPTS when they are first
requested. As with /docs, the path of its files is that of the page, so that the API needs one public route for all.
"""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from html import escape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from herald.errors import UnknownPath
from herald.runtime.container import Dependencies
from herald.runtime.settings import Settings
from herald.web.dialect import Endpoint
from herald.web.exchange import Exchange, Reply
from herald.web.http_rules import etag_matches

FOLDER = Path(__file__).with_name("studio")
LIBRARIES = ("preact", "hooks", "htm")
"""The scripts of vendor/, which define globals."""
SCRIPTS = (
    "strings", "client", "player", "subtitles", "zip", "snippets", "parts", "sign_in", "account", "voices", "dialogue",
    "job", "speak", "recorder", "custom_voices", "enrolment", "campaign", "progress", "lexicon", "history", "usage",
    "focus", "shell",
)  # fmt: skip
_FOREVER = "public, max-age=31536000, immutable"
"""For files that are requested with their digest, which changes with them."""
_BRIEFLY = "public, max-age=300"
_REVALIDATED = "no-cache"
_DIGITS = 16
_PERMISSIONS = "microphone=(self), camera=(), display-capture=(), geolocation=(), payment=(), usb=()"
"""Voices are recorded by the page itself. The browser asks the user first."""


@dataclass(frozen=True)
class File:
    """A file of the page, as sent to clients."""

    content: bytes
    media_type: str
    packed: bytes = field(init=False, repr=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "packed", gzip.compress(self.content, mtime=0))
        object.__setattr__(self, "digest", sha256(self.content).hexdigest()[:_DIGITS])


class StudioRoutes:
    """The endpoints of the page and of the root."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self.endpoints: dict[str, Endpoint] = {"GET /studio": self.studio, "GET /": self.root}

    def studio(self, exchange: Exchange) -> Reply:
        """Return the page, or the file of it that the query names, as in `script.0123456789abcdef`."""
        name, _, digest = exchange.request.query.partition(".")
        if name in FILES:
            file = asset(name)
            return _sent(exchange, file, {"Cache-Control": _FOREVER if digest == file.digest else _BRIEFLY})
        policy = content_policy(self._parts.settings)
        headers = {
            "Cache-Control": _REVALIDATED,
            "Content-Security-Policy": policy,
            "Permissions-Policy": _PERMISSIONS,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
        }
        settings = self._parts.settings
        return _sent(exchange, page(settings.stream_url, settings.jwt_issuer, *settings.studio_sign_in), headers)

    def root(self, exchange: Exchange) -> Reply:
        """Redirect browsers to the page. Raises UnknownPath for other clients, with or without a key."""
        if "text/html" in exchange.request.headers.get("accept", ""):
            redirect = {"Location": "studio", "Cache-Control": "no-store", "Vary": "Accept"}
            return Reply(status=HTTPStatus.SEE_OTHER, headers=redirect)
        raise UnknownPath("Not found. GET /openapi.json lists all paths, and GET /studio is a page for browsers.")


def _script() -> File:
    libraries = [FOLDER / "vendor" / f"{name}.js" for name in LIBRARIES]
    own = [FOLDER / f"{name}.js" for name in SCRIPTS]
    joined = ["/* Licences: preact and its hooks, MIT; htm, Apache-2.0; the rest, GPL-3.0-or-later. */"]
    joined += [f"{path.read_text(encoding='utf-8')}\n;" for path in libraries]
    joined += ['(() => {\n"use strict";', *(path.read_text(encoding="utf-8") for path in own), "})();\n"]
    return File("\n".join(joined).encode(), "text/javascript; charset=utf-8")


FILES: Mapping[str, Callable[[], File]] = {
    "script": _script,
    "style": lambda: File((FOLDER / "studio.css").read_bytes(), "text/css; charset=utf-8"),
    "recorder": lambda: File((FOLDER / "worklet" / "recorder.js").read_bytes(), "text/javascript; charset=utf-8"),
    "icon": lambda: File((FOLDER / "icon.svg").read_bytes(), "image/svg+xml"),
}


@cache
def asset(name: str) -> File:
    """Return a file of the page."""
    return FILES[name]()


@cache
def page(stream_url: str, issuer: str, client: str = "", audience: str = "") -> File:
    """Return the page, with the addresses of its files, of the streaming endpoint, and of the issuer of tokens.

    `client` is the page's id at the issuer, and `audience` that of the tokens that it requests.
    """
    text = (FOLDER / "page.html").read_text(encoding="utf-8")
    for name in FILES:
        text = text.replace(f"{{{name}}}", f"studio?{name}.{asset(name).digest}")
    values = {"stream": stream_url.rstrip("/"), "issuer": issuer, "client": client, "audience": audience}
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", escape(value))
    return File(text.encode(), "text/html; charset=utf-8")


def content_policy(settings: Settings) -> str:
    """Return the page's Content-Security-Policy: its own files, this API, and the places of its files and streams."""
    bucket = settings.bucket
    country = ".cn" if settings.region.startswith("cn-") else ""
    hosts = [f"s3.{settings.region}.amazonaws.com{country}", "s3.amazonaws.com"] if bucket else []
    files = [f"https://{bucket}.{host}" for host in hosts]
    links = [f"https://{settings.link_domain}"] if settings.link_domain else []
    stream = urlsplit(settings.stream_url)
    streams = [f"{stream.scheme}://{stream.netloc}"] if stream.netloc else []
    issuer = urlsplit(settings.jwt_issuer)
    sign_in = [f"{issuer.scheme}://{issuer.netloc}"] if settings.studio_sign_in[0] and issuer.netloc else []
    return "; ".join((
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        " ".join(("connect-src 'self'", *streams, *files, *links, *sign_in)),
        " ".join(("media-src 'self' blob:", *files, *links)),
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ))  # fmt: skip


def _sent(exchange: Exchange, file: File, headers: dict[str, str]) -> Reply:
    """Return a file, packed if the client accepts that, or 304 if it already has it."""
    tag = f'W/"{file.digest}"'  # weak: it is the same for both encodings
    headers = headers | {"ETag": tag, "Vary": "Accept-Encoding"}
    if etag_matches(exchange.request.headers.get("if-none-match", ""), tag):
        return Reply(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    if "gzip" in exchange.request.headers.get("accept-encoding", ""):
        return Reply(body=file.packed, media_type=file.media_type, headers=headers | {"Content-Encoding": "gzip"})
    return Reply(body=file.content.decode(), media_type=file.media_type, headers=headers)
