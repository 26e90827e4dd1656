"""Serves the description, built on first request and then cached."""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import Response

from herald.web.etags import matches
from herald.web.openapi.document import document
from herald.web.openapi.page.page import page, policy

_CACHED = {"Cache-Control": "public, max-age=300"}
"""The description changes only with a deployment."""


class _Served(NamedTuple):
    body: str
    media_type: str
    headers: dict[str, str]


def served(path: str, headers: Mapping[str, str]) -> Response[Any]:
    """Return the response to GET /openapi.json or GET /docs; `headers` have lower-case names."""
    file = _document() if path == "/openapi.json" else _page()
    if matches(headers.get("if-none-match", ""), file.headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, body="", headers=file.headers)
    return Response(status_code=HTTPStatus.OK, content_type=file.media_type, body=file.body, headers=dict(file.headers))


@cache
def _document() -> _Served:
    return _tagged(json.dumps(document(), ensure_ascii=False, separators=(",", ":")), "application/json")


@cache
def _page() -> _Served:
    return _tagged(page(), "text/html; charset=utf-8", {"Content-Security-Policy": policy()})


def _tagged(body: str, media_type: str, headers: Mapping[str, str] | None = None) -> _Served:
    tag = {"ETag": f'"{sha256(body.encode()).hexdigest()[:32]}"'}
    return _Served(body, media_type, _CACHED | tag | dict(headers or {}))
