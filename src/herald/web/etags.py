"""Conditional reads: ETag, If-None-Match and 304 Not Modified (RFC 9110, sections 8.8.3 and 13.1.2)."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

_LINKS = frozenset({"audio_url", "report"})
"""Fields with signed links, which differ in every response."""
_PART_OF_A_LINK = 3
"""A tag changes every third of a link's lifetime, so after a 304 the client's links have at least two thirds left."""
_TAG = re.compile(r'(?:W/)?("[^"]*")')
# Only the client itself may cache the response, and it must revalidate it on each use.
_CACHED = {"Cache-Control": "private, no-cache"}


def conditional(
    body: Mapping[str, Any], headers: Mapping[str, str], *, now: datetime, link_seconds: int
) -> Response[Any]:
    """Return `body` with its ETag, or 304 if the client already has it. `headers` have lower-case names."""
    tag = etag_of(body, now=now, link_seconds=link_seconds)
    answered = {"ETag": tag} | _CACHED
    if matches(headers.get("if-none-match", ""), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, body="", headers=answered)
    return Response(status_code=HTTPStatus.OK, content_type="application/json", body=body, headers=answered)


def etag_of(body: Mapping[str, Any], *, now: datetime, link_seconds: int) -> str:
    """Return a weak tag of a body. Signed links do not affect it, but with links it changes before they expire."""
    shown = [body, *body.get("data", [])]
    state = [{name: value for name, value in one.items() if name not in {*_LINKS, "data"}} for one in shown]
    links = [[bool(one.get(name)) for name in sorted(_LINKS)] for one in shown]
    signed = int(now.timestamp()) // (link_seconds // _PART_OF_A_LINK) if any(map(any, links)) else None
    content = json.dumps([state, links, signed], sort_keys=True).encode()
    return f'W/"{sha256(content).hexdigest()[:32]}"'


def matches(wanted: str, tag: str) -> bool:
    """Return whether an If-None-Match header (`*`, or a list of tags) matches a tag, by weak comparison."""
    return wanted.strip() == "*" or tag.removeprefix("W/") in _TAG.findall(wanted)
