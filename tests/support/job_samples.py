"""Jobs for tests."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from herald.jobs.job import Job, State, new_id
from herald.jobs.script import Line, Script

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
TEXT = "Your appointment is confirmed."


def a_script(text: str = TEXT) -> Script:
    line = Line(text=text, voice="en_US-joe-medium")
    return Script(lines=(line,), response_format="mp3", sample_rate=22_050)


def a_job(*, text: str = TEXT, at: datetime = NOON, **fields: Any) -> Job:
    """Create a job accepted at noon; `fields` override its attributes."""
    usual = {
        "id": new_id(at),
        "tenant": "acme",
        "state": State.ACCEPTED,
        "route": "queue",
        "reason": "A job waits for nobody.",
        "script": a_script(text),
        "fingerprint": "f" * 64,
        "voice": "en_US-joe-medium",
        "response_format": "mp3",
        "characters": len(text),
        "audio_key": "audio/acme/0123.mp3",
        "price_expected": Decimal("0.000012"),
        "created_at": at,
        "updated_at": at,
    }
    return Job(**usual | fields)
