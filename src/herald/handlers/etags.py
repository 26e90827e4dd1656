"""Reads when nothing has changed: ETag, If-None-Match and 304 (RFC 9110, sections 8.8.3 and 13.1.2)."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

_LINKS = frozenset({"audio_url", "report"})
"""Fields whose values are signed anew for every answer."""
_PART_OF_A_LINK = 3
"""A tag lasts for a third of a link's life: who is told that nothing has changed has links that work twice as long."""
_TAG = re.compile(r'(?:W/)?("[^"]*")')
# Kept by its reader only, who asks each time whether it is still so.
_CACHED = {"Cache-Control": "private, no-cache"}


def conditional(
    body: Mapping[str, Any], headers: Mapping[str, str], *, now: datetime, link_seconds: int
) -> Response[Any]:
    """The answer to a read: `body` with its ETag, or 304 where the caller has it. `headers` have lower-case names."""
    tag = etag_of(body, now=now, link_seconds=link_seconds)
    answered = {"ETag": tag} | _CACHED
    if matches(headers.get("if-none-match", ""), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, body="", headers=answered)
    return Response(status_code=HTTPStatus.OK, content_type="application/json", body=body, headers=answered)


def etag_of(body: Mapping[str, Any], *, now: datetime, link_seconds: int) -> str:
    """A weak tag of what a body says, its links aside; where it has links, another one before they end."""
    shown = [body, *body.get("data", [])]
    state = [{name: value for name, value in one.items() if name not in {*_LINKS, "data"}} for one in shown]
    links = [[bool(one.get(name)) for name in sorted(_LINKS)] for one in shown]
    signed = int(now.timestamp()) // (link_seconds // _PART_OF_A_LINK) if any(map(any, links)) else None
    told = json.dumps([state, links, signed], sort_keys=True).encode()
    return f'W/"{sha256(told).hexdigest()[:32]}"'


def matches(wanted: str, tag: str) -> bool:
    """Whether If-None-Match names a tag: `*`, or a list in which it stands, weak or not."""
    return wanted.strip() == "*" or tag.removeprefix("W/") in _TAG.findall(wanted)
