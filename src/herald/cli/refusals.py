"""Turn error responses of Herald and of API Gateway into errors with advice for the command's user."""

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

from herald.errors import Forbidden, HeraldError, Unauthorized, Unavailable

AWAY = frozenset({429, 502, 503, 504})
"""Statuses that are worth a retry."""
_LONGEST = 1 << 20

type Json = dict[str, Any]


def error_from(error: HTTPError, base: str) -> HeraldError | None:
    """Read an error response and return it as an error; None if it is not from Herald or its API Gateway."""
    body = _json_body(error)
    if body.get("message") == "Unauthorized":
        advice = "Set HERALD_KEY; the operator creates keys with: herald keys create"
        return Unauthorized(f"{base} requires a key. {advice}", code="missing_key")
    if body.get("message") == "Forbidden":
        advice = "Check that HERALD_KEY is complete and belongs to this deployment."
        return Forbidden(f"{base} rejected the key. {advice}", code="invalid_key")
    details = body.get("error")
    if not (isinstance(details, dict) and {"message", "code"} <= details.keys()):
        return None
    kind = Unavailable if error.code in AWAY else HeraldError
    return kind(f"{details['message']} ({details['code']})", param=details.get("param"), code=details["code"])


def _json_body(error: HTTPError) -> Json:
    try:
        with error:
            body = json.loads(error.read(_LONGEST))
    except (ValueError, OSError, HTTPException):
        return {}
    return body if isinstance(body, dict) else {}
