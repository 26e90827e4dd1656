"""Content addressing: the S3 key of an audio file, and the fingerprint of a request."""

import json
import re
import unicodedata
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from herald.errors import InvalidSettings
from herald.jobs.resolve import Voices
from herald.jobs.script import Line, Script
from herald.speech.audio.formats import find_format
from herald.speech.memory import SOUND

AUDIO_FOLDER = "audio/"
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def audio_key(script: Script, tenant: str, voices: Voices) -> str:
    """Return the S3 key of a script's file in the audio bucket: audio/<tenant>/<SHA-256>.<extension>.

    The key covers everything that affects the sound. Route and processor are not part of it: their output differs only
    in inaudible rounding. Raise InvalidSettings for a tenant id that is not safe in a path.
    """
    sound = {
        "engine": SOUND,
        "lines": [_sound_of(line, voices) for line in script.lines],
        "format": script.response_format,
        "sample_rate": script.sample_rate,
        "speed": script.speed,
        "quality": script.quality,
    }
    return f"{AUDIO_FOLDER}{check_tenant(tenant)}/{_digest(sound)}.{find_format(script.response_format).extension}"


def fingerprint(request: BaseModel) -> str:
    """Return the SHA-256 of a request in hexadecimal. An omitted field equals its default."""
    return _digest(request.model_dump(mode="json", exclude_defaults=True))


def check_tenant(tenant: str) -> str:
    """Return the tenant id if it is safe in a path, a tag and a queue; raise InvalidSettings otherwise."""
    if not _TENANT.fullmatch(tenant):
        raise InvalidSettings(
            "A tenant id must be 1 to 64 letters, digits, hyphens or underscores, and begin with a letter or digit."
        )
    return tenant


def _sound_of(line: Line, voices: Voices) -> list[str | None]:
    info = voices[line.voice]
    # The engine composes text in the same way: canonically equivalent texts sound the same.
    text = unicodedata.normalize("NFC", line.text)
    return [text, info.engine, info.id, info.checksum, line.speaker, line.language]


def _digest(value: Any) -> str:  # noqa: ANN401  any JSON value
    """Return the SHA-256 of a value's canonical JSON, so that different values never share a digest."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return sha256(canonical.encode()).hexdigest()
