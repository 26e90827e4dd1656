"""Names for what was asked: where a file is, by all that decides its sound, and which request a key stands for."""

import json
import re
import unicodedata
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from herald.errors import InvalidSettings
from herald.jobs.intake import Voices
from herald.jobs.script import Line, Script
from herald.speech.audio.formats import find_format
from herald.speech.memory import SOUND

AUDIO_FOLDER = "audio/"
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def audio_key(script: Script, tenant: str, voices: Voices) -> str:
    """The key of a script's file in the audio bucket: audio/<tenant>/<SHA-256>.<extension>.

    Neither route nor processor is in it: a voice sounds the same on each, but for rounding that nobody hears.
    """
    heard = {
        "engine": SOUND,
        "lines": [_heard(line, voices) for line in script.lines],
        "format": script.response_format,
        "sample_rate": script.sample_rate,
        "speed": script.speed,
        "quality": script.quality,
    }
    return f"{AUDIO_FOLDER}{check_tenant(tenant)}/{_digest(heard)}.{find_format(script.response_format).extension}"


def fingerprint(request: BaseModel) -> str:
    """SHA-256 of a request. What it leaves out is the same as what it gives as it is by default."""
    return _digest(request.model_dump(mode="json", exclude_defaults=True))


def check_tenant(tenant: str) -> str:
    """The tenant's id, if it is safe in a path, a tag and a queue; InvalidSettings if not."""
    if not _TENANT.fullmatch(tenant):
        raise InvalidSettings("A tenant's id is 1 to 64 letters, digits, - and _, and begins with a letter or digit.")
    return tenant


def _heard(line: Line, voices: Voices) -> list[str | None]:
    info = voices[line.voice]
    # Composed, as the engine composes it: equal writings sound equal.
    text = unicodedata.normalize("NFC", line.text)
    return [text, info.engine, info.id, info.checksum, line.speaker, line.language]


def _digest(value: Any) -> str:  # noqa: ANN401  whatever JSON holds
    """SHA-256 of a value's one way to be written in JSON, so that different values are never written alike."""
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return sha256(written.encode()).hexdigest()
