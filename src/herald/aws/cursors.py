"""Cursors of lists of jobs and batches: a position in time, which reveals nothing about other tenants."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from herald.batches.batch import Batch
from herald.errors import InvalidCursor
from herald.jobs.job import Job

_ID = "[A-Za-z0-9_-]{1,64}"
_LISTED = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z#{_ID}", re.ASCII)
_LONGEST = 200
"""Longest cursor, in characters."""


def is_id(text: str) -> bool:
    """Return whether `text` has the form of a job or batch id."""
    return re.fullmatch(_ID, text) is not None


def listed(job: Job | Batch) -> str:
    """Return the sort key of a job or batch in its lists: creation time in milliseconds, and id."""
    at = job.created_at.astimezone(UTC).replace(tzinfo=None)
    return f"{at.isoformat(timespec='milliseconds')}Z#{job.id}"


def to_cursor(place: str) -> str:
    """Return the cursor for the entries after a sort key."""
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def from_cursor(cursor: str) -> str:
    """Return the sort key of a cursor; raise InvalidCursor for anything that `to_cursor` does not return."""
    place = _decoded(cursor) if len(cursor) <= _LONGEST else ""
    if not _LISTED.fullmatch(place) or to_cursor(place) != cursor or not _is_time(place):
        raise InvalidCursor(
            "Invalid cursor for this list. Send the next_cursor of the previous page unchanged.", param="cursor"
        )
    return place


def _decoded(cursor: str) -> str:
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:  # includes invalid base64 and non-ASCII characters
        return ""


def _is_time(place: str) -> bool:
    try:
        datetime.fromisoformat(place.partition("#")[0])
    except ValueError:
        return False
    return True
