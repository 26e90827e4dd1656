"""Where a list of jobs goes on: a position in time, which is worth nothing under another tenant's key."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from herald.errors import InvalidCursor
from herald.jobs.batches.batch import Batch
from herald.jobs.job import Job

_ID = "[A-Za-z0-9_-]{1,64}"
_LISTED = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z#{_ID}", re.ASCII)
_LONGEST = 200
"""Characters of a cursor."""


def is_id(text: str) -> bool:
    """Whether a job can have that id at all."""
    return re.fullmatch(_ID, text) is not None


def listed(job: Job | Batch) -> str:
    """The place of a job or batch in its lists, which sort by it: when it was accepted, in milliseconds, and its id."""
    at = job.created_at.astimezone(UTC).replace(tzinfo=None)
    return f"{at.isoformat(timespec='milliseconds')}Z#{job.id}"


def to_cursor(place: str) -> str:
    """The cursor of what comes after a place."""
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def from_cursor(cursor: str) -> str:
    """The place that a cursor stands for; InvalidCursor for anything that `to_cursor` did not make."""
    place = _decoded(cursor) if len(cursor) <= _LONGEST else ""
    if not _LISTED.fullmatch(place) or to_cursor(place) != cursor or not _is_time(place):
        raise InvalidCursor("That is no cursor of this list. Take it from the last answer as it is.", param="cursor")
    return place


def _decoded(cursor: str) -> str:
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:  # also what is no base64, and no ASCII
        return ""


def _is_time(place: str) -> bool:
    try:
        datetime.fromisoformat(place.partition("#")[0])
    except ValueError:
        return False
    return True
