"""Examples of responses. Tests validate them against the models."""

from typing import Any

_JOB_ID = "job_01a20320a2005c2f8e91d07a4b36aa10"
_FILE = (
    "https://herald-audiobucket-h4x9p2k7w1qz.s3.us-east-1.amazonaws.com/audio/acme/64f0e4d0.mp3?X-Amz-Expires=900&..."
)

QUEUED_JOB: dict[str, Any] = {
    "id": _JOB_ID,
    "object": "job",
    "state": "queued",
    "route": "queue",
    "reason": "A job of 30 characters for a voice that runs on CPU.",
    "priority": "vip",
    "voice": "en_US-heart",
    "response_format": "mp3",
    "characters": 30,
    "use_case": "welcome-message",
    "retention": "expire",
    "metadata": {"customer": "4711"},
    "webhook_url": None,
    "webhook": None,
    "batch": None,
    "retry_of": None,
    "created_at": "2026-11-22T12:00:00.000Z",
    "begun_at": None,
    "ended_at": None,
    "expires_at": "2027-02-20T12:00:00.000Z",
    "attempts": 0,
    "hit": False,
    "audio_seconds": None,
    "audio_bytes": None,
    "sample_rate": None,
    "audio_url": None,
    "price_expected": 0.000037843056,
    "price": None,
    "error": None,
}
DONE_JOB: dict[str, Any] = QUEUED_JOB | {
    "state": "done",
    "begun_at": "2026-11-22T12:00:00.212Z",
    "ended_at": "2026-11-22T12:00:00.448Z",
    "attempts": 1,
    "audio_seconds": 1.893,
    "audio_bytes": 14629,
    "sample_rate": 22050,
    "audio_url": _FILE,
    "price": 0.000040654636,
}
KEPT_JOB: dict[str, Any] = DONE_JOB | {"retention": "keep", "expires_at": None}
CANCELLED_JOB: dict[str, Any] = QUEUED_JOB | {"state": "cancelled", "ended_at": "2026-11-22T12:00:00.090Z"}
BATCH: dict[str, Any] = {
    "id": "batch_01a20320a2005c2f8e91d07a4b36aa10",
    "object": "batch",
    "name": "Reminders",
    "state": "speaking",
    "voice": "alloy",
    "response_format": "mp3",
    "use_case": "reminder",
    "retention": "expire",
    "delivery": "files",
    "priority": "standard",
    "metadata": {},
    "webhook_url": None,
    "webhook": None,
    "deadline": "2026-11-22T12:30:00.000Z",
    "tolerated_failure_percent": 5.0,
    "remarks": ["The fields are separated by semicolons.", "The field {first_name} was read from 'First Name'."],
    "counts": {"rows": 5000, "row_errors": 12, "done": 2494, "failed": 0, "cancelled": 0, "waiting": 2494},
    "progress": 0.5,
    "expected_end": "2026-11-22T12:09:50.000Z",
    "sla": {"verdict": "on_track", "reason": "Expected 0:20:10 before the deadline."},
    "audio_seconds": 9726.6,
    "sentences": {"spoken": 2601, "reused": 2387},
    "price": 0.0842,
    "price_per_file": 0.0000337,
    "created_at": "2026-11-22T12:00:00.000Z",
    "begun_at": "2026-11-22T12:00:01.120Z",
    "ended_at": None,
    "expires_at": "2027-02-20T12:00:00.000Z",
    "report": None,
    "redrives": 0,
    "error": None,
}
PREVIEW: dict[str, Any] = {
    "object": "batch_preview",
    "format": "csv",
    "encoding": "UTF-8",
    "separator": ";",
    "columns": [
        {"name": "id", "field": "id"},
        {"name": "First Name", "field": "first_name"},
        {"name": "Day", "field": "day"},
        {"name": "Notes", "field": None},
    ],
    "remarks": ["The fields are separated by semicolons.", "The field {first_name} was read from 'First Name'."],
    "rows": 200,
    "row_errors": 1,
    "errors": [
        {
            "code": "missing_value",
            "message": "The row has no value for {day}, a field of the template.",
            "line": 17,
            "id": "p16",
        }
    ],
    "examples": [
        {
            "line": 2,
            "id": "p1",
            "text": "Hello Ada, see you on 3/14.",
            "spoken": "Hello Ada, see you on March fourteenth.",
            "voice": "en_US-heart",
            "response_format": "mp3",
            "characters": 27,
        }
    ],
    "estimate": {
        "rows": 4999,
        "characters": 134973,
        "audio_seconds": 8034.1,
        "price": 0.1104,
        "price_per_file": 0.0000221,
        "seconds": 190.2,
    },
    "error": None,
}
_UPLOAD = {
    "method": "POST",
    "url": "https://herald-audiobucket-h4x9p2k7w1qz.s3.us-east-1.amazonaws.com/",
    "fields": {
        "Content-Type": "text/csv",
        "key": "uploads/acme/batch_01a20320a2005c2f8e91d07a4b36aa10/manifest",
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": "ASIA.../20261122/us-east-1/s3/aws4_request",
        "x-amz-date": "20261122T120000Z",
        "x-amz-security-token": "IQoJ...",
        "policy": "eyJl...",
        "x-amz-signature": "5f1c...",
    },
    "max_bytes": 2_147_483_648,
    "expires_at": "2026-11-22T13:00:00.000Z",
}
NEW_BATCH: dict[str, Any] = BATCH | {
    "state": "created",
    "counts": dict.fromkeys(BATCH["counts"], 0),
    "progress": 0.0,
    "expected_end": None,
    "sla": {"verdict": "unknown", "reason": "No items have finished yet; no estimate is available."},
    "audio_seconds": 0.0,
    "sentences": {"spoken": 0, "reused": 0},
    "price": 0.0,
    "price_per_file": None,
    "begun_at": None,
    "upload": _UPLOAD,
}
ITEM: dict[str, Any] = {
    "line": 2,
    "id": "p1",
    "state": "done",
    "audio_url": _FILE,
    "archive_url": None,
    "member": None,
    "seconds": 3.9,
    "price": 0.0000337,
    "error": None,
}
BAD_ITEM: dict[str, Any] = ITEM | {
    "line": 3,
    "id": "p2",
    "state": "row_error",
    "audio_url": None,
    "archive_url": None,
    "member": None,
    "seconds": None,
    "price": None,
    "error": {"code": "missing_value", "message": "The row has no value for field 1 of the template."},
}
VOICE: dict[str, Any] = {
    "id": "en_US-heart",
    "object": "voice",
    "language": "en_US",
    "language_name": "English (United States)",
    "languages": ["en-US"],
    "engine": "spectral",
    "sample_rate": 24000,
    "quality": "high",
    "licence": "Apache-2.0",
    "data_licence": "speech of Kokoro-82M (Apache-2.0)",
    "commercial_use": True,
    "gender": "female",
    "age": "adult",
    "needs_gpu": False,
    "realtime": True,
    "speakers": [],
    "aliases": ["alloy", "coral", "marin", "nova", "sage", "shimmer"],
}
USAGE: dict[str, Any] = {
    "object": "usage",
    "tenant": "acme",
    "tier": "standard",
    "scopes": ["speech", "jobs", "batches"],
    "limits": {"characters_a_day": 1_000_000, "requests_a_second": 50},
    "today": {"characters": 9_300, "characters_left": 990_700},
    "data": [
        {"day": "2026-11-22", "characters": 12_345, "requests": 96, "spend": 0.00218},
        {"day": "2026-11-21", "characters": 0, "requests": 0, "spend": 0.0},
    ],
}


NEW_LEXICON: dict[str, Any] = {
    "language": "en-US",
    "entries": [{"word": "nginx", "alias": "engine x"}, {"word": "Siobhan", "ipa": "ʃəvɔn"}],
}
LEXICON: dict[str, Any] = {
    "name": "brands",
    "object": "lexicon",
    "version": 3,
    "language": "en-US",
    "default": False,
    "size": 2,
    "updated_at": "2026-11-22T12:00:00.000Z",
    "entries": [
        {"word": "nginx", "alias": "engine x", "ipa": None, "case": "any"},
        {"word": "Siobhan", "alias": None, "ipa": "ʃəvɔn", "case": "exact"},
    ],
}
READING: dict[str, Any] = {
    "object": "reading",
    "language": "en-US",
    "text_format": "plain",
    "spoken": "You owe forty-five dollars.",
    "sentences": [
        {
            "text": "You owe $45.",
            "text_start": 0,
            "text_end": 12,
            "spoken": "You owe forty-five dollars.",
            "tokens": [
                {"text": "You", "text_start": 0, "text_end": 3, "kind": "word", "words": "You", "ipa": None},
                {"text": "owe", "text_start": 4, "text_end": 7, "kind": "word", "words": "owe", "ipa": None},
                {
                    "text": "$45",
                    "text_start": 8,
                    "text_end": 11,
                    "kind": "money",
                    "words": "forty-five dollars",
                    "ipa": None,
                },
                {"text": ".", "text_start": 11, "text_end": 12, "kind": "end", "words": ".", "ipa": None},
            ],
        }
    ],
    "voice": "en_US-heart",
    "price_expected": 0.000003894,
    "seconds_expected": 0.6,
}


def page(*data: dict[str, Any], cursor: str | None = None) -> dict[str, Any]:
    """Return one page of a list."""
    return {"object": "list", "has_more": cursor is not None, "next_cursor": cursor, "data": [*data]}
