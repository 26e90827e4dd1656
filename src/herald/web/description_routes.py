"""The description of the API: GET /openapi.json, and GET /docs, its viewer Scalar, with which requests can be tried.

The path of the page's scripts is that of the page, with a query: the API needs one public route for all.
"""

import json
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from herald.errors import UnknownPath
from herald.web.dialect import Endpoint
from herald.web.exchange import Exchange, Reply
from herald.web.http_rules import etag_matches

_DOCUMENT = Path(__file__).with_name("openapi.json")
_VIEWER = Path(__file__).with_name("scalar.js.gz")
"""scripts/build adds it."""
_VIEWER_QUERY, _START_QUERY = "scalar", "start"
"""The queries of the scripts; the page adds a dot and its digest to the viewer's."""
_DIGITS = 16
_SETTINGS = {
    "url": "openapi.json",
    "withDefaultFonts": False,
    "telemetry": False,
    "persistAuth": False,
    "hideClientButton": True,
    "showDeveloperTools": "never",
    "agent": {"disabled": True, "hideAddApi": True},
    "mcp": {"disabled": True},
    "defaultHttpClient": {"targetKey": "shell", "clientKey": "curl"},
    "hiddenClients": {
        **dict.fromkeys(("c", "clojure", "csharp", "dart", "fsharp", "go", "http", "java", "kotlin"), True),
        **dict.fromkeys(("objc", "ocaml", "php", "powershell", "r", "ruby", "rust", "swift"), True),
        "shell": ["wget", "httpie"],
        "js": ["axios", "ofetch", "jquery", "xhr"],
        "node": ["axios", "ofetch", "undici"],
        "python": ["python3", "aiohttp", "httpx_sync", "httpx_async"],
    },
}
"""Nothing of other hosts: no fonts, no telemetry, no services of Scalar. Keys are kept until the page is closed."""
_START = f"""\
Scalar.createApiReference("#viewer", {{
  ...{json.dumps(_SETTINGS, indent=2)},
  baseServerURL: new URL(".", location).href.replace(/[/]$/, ""),
}});
"""
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Herald API</title></head>
<body><div id="viewer"></div><script src="docs?{viewer}"></script><script src="docs?{start}"></script></body>
</html>
"""
# Scalar sets style attributes, which a policy can allow only all together.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; media-src blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_BRIEFLY = "public, max-age=300"
"""They change only with a deployment."""
_FOREVER = "public, max-age=31536000, immutable"
"""For the script with its digest, which changes with it."""


class DescriptionRoutes:
    """The endpoints of the description."""

    def __init__(self) -> None:
        self.endpoints: dict[str, Endpoint] = {
            "GET /openapi.json": lambda exchange: _cached(exchange, document(), _BRIEFLY),
            "GET /docs": self.docs,
        }

    def docs(self, exchange: Exchange) -> Reply:
        """Return the page, or the script that it requests, the viewer's as `scalar.0123456789abcdef`."""
        name, _, digest = exchange.request.query.partition(".")
        if name == _VIEWER_QUERY:
            return _cached(exchange, viewer(), _FOREVER if digest == viewer_digest() else _BRIEFLY)
        return _cached(exchange, start() if name == _START_QUERY else page(), _BRIEFLY)


@cache
def document() -> Reply:
    """Return the description in OpenAPI."""
    return _tagged(_DOCUMENT.read_bytes().decode(), "application/json")


@cache
def viewer() -> Reply:
    """Return the script of Scalar, which is larger than a function's response can be, and is therefore always packed.

    Raises UnknownPath if the build has none.
    """
    if not _VIEWER.exists():
        raise UnknownPath("The viewer is not part of this build. Build with `make build`, or read /openapi.json.")
    return _tagged(_VIEWER.read_bytes(), "text/javascript; charset=utf-8", {"Content-Encoding": "gzip"})


@cache
def viewer_digest() -> str:
    """Return the digest of the viewer's script, or "" if the build has none."""
    return sha256(_VIEWER.read_bytes()).hexdigest()[:_DIGITS] if _VIEWER.exists() else ""


@cache
def start() -> Reply:
    """Return the script that starts the viewer."""
    return _tagged(_START, "text/javascript; charset=utf-8")


@cache
def page() -> Reply:
    """Return the page that shows the description."""
    body = _PAGE.format(viewer=f"{_VIEWER_QUERY}.{viewer_digest()}".removesuffix("."), start=_START_QUERY)
    return _tagged(body, "text/html; charset=utf-8", {"Content-Security-Policy": _POLICY})


def _tagged(body: str | bytes, media_type: str, headers: dict[str, str] | None = None) -> Reply:
    digest = sha256(body if isinstance(body, bytes) else body.encode()).hexdigest()[:32]
    return Reply(body=body, media_type=media_type, headers={"ETag": f'"{digest}"', **(headers or {})})


def _cached(exchange: Exchange, file: Reply, cache_control: str) -> Reply:
    """Return a file, or 304 if the client already has it."""
    headers = {"Cache-Control": cache_control} | file.headers
    if etag_matches(exchange.request.headers.get("if-none-match", ""), headers["ETag"]):
        headers.pop("Content-Encoding", None)
        return Reply(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Reply(body=file.body, media_type=file.media_type, headers=headers)
