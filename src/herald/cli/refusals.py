"""Refusals of Herald, and of API Gateway before it, as errors with words for who typed the command."""

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

from herald.errors import Forbidden, HeraldError, Unauthorized, Unavailable

AWAY = frozenset({429, 502, 503, 504})
"""Statuses after which another attempt may help."""
_LONGEST = 1 << 20

type Json = dict[str, Any]


def refusal_of(error: HTTPError, base: str) -> HeraldError | None:
    """What the Herald at `base` means by an answer, which this reads to its end; None where it was no Herald."""
    said = _said(error)
    if said.get("message") == "Unauthorized":
        ask = "Set HERALD_KEY to one of that Herald's; who runs it makes them: herald keys create"
        return Unauthorized(f"{base} asks for a key. {ask}", code="missing_key")
    if said.get("message") == "Forbidden":
        ask = "Is HERALD_KEY a whole one, and of that Herald?"
        return Forbidden(f"{base} does not take that key. {ask}", code="invalid_key")
    told = said.get("error")
    if not (isinstance(told, dict) and {"message", "code"} <= told.keys()):
        return None
    kind = Unavailable if error.code in AWAY else HeraldError
    return kind(f"{told['message']} ({told['code']})", param=told.get("param"), code=told["code"])


def _said(error: HTTPError) -> Json:
    try:
        with error:
            said = json.loads(error.read(_LONGEST))
    except (ValueError, OSError, HTTPException):
        return {}
    return said if isinstance(said, dict) else {}
