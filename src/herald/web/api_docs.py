"""GET /openapi.json and GET /docs: the description that `make openapi` generates, and Redoc, a viewer for it."""

import gzip
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import Response

from herald.errors import UnknownPath
from herald.web.etags import matches

_DOCUMENT = Path(__file__).with_name("openapi.json")
_VIEWER = Path(__file__).with_name("redoc.js.gz")
"""scripts/build adds it."""
_VIEWER_QUERY = "redoc"
"""The query of the viewer's script, which has the path of the page: the API needs no other public route."""
_STYLE = "body{margin:0}"
_PAGE = f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Herald API</title>
<style>{_STYLE}</style></head>
<body><redoc spec-url="openapi.json" disable-search></redoc><script src="docs?{_VIEWER_QUERY}"></script></body>
</html>
"""
_CACHED = {"Cache-Control": "public, max-age=300"}
"""They change only with a deployment."""


class _File(NamedTuple):
    body: str
    media_type: str
    headers: dict[str, str]


def served(path: str, query: str, headers: Mapping[str, str]) -> Response[Any]:
    """Return the response to GET /openapi.json or GET /docs; `headers` have lower-case names."""
    file = _document() if path == "/openapi.json" else _viewer() if query == _VIEWER_QUERY else _page()
    if matches(headers.get("if-none-match", ""), file.headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, body="", headers=file.headers)
    return Response(status_code=HTTPStatus.OK, content_type=file.media_type, body=file.body, headers=dict(file.headers))


@cache
def _document() -> _File:
    return _tagged(_DOCUMENT.read_text(encoding="utf-8"), "application/json")


@cache
def _viewer() -> _File:
    if not _VIEWER.exists():
        raise UnknownPath("The viewer is not part of this build. Build with `make build`, or read /openapi.json.")
    return _tagged(gzip.decompress(_VIEWER.read_bytes()).decode(), "text/javascript; charset=utf-8")


@cache
def _page() -> _File:
    # Redoc's styles are rules that it adds to an empty <style> element, which has the second hash.
    styles = " ".join(f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" for style in (_STYLE, ""))
    policy = (
        f"default-src 'none'; script-src 'self'; style-src {styles}; img-src data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return _tagged(_PAGE, "text/html; charset=utf-8", {"Content-Security-Policy": policy})


def _tagged(body: str, media_type: str, headers: Mapping[str, str] | None = None) -> _File:
    tag = {"ETag": f'"{sha256(body.encode()).hexdigest()[:32]}"'}
    return _File(body, media_type, _CACHED | tag | dict(headers or {}))
