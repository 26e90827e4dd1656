"""The place of an engine that speaks in the voice of a person, from a recording. None is installed.

The folder of such a voice holds a card with the engine "clone", and what no engine may go without:
reference.wav   a clip of the person, 10 to 30 seconds
consent.json    {"person", "granted_at", "granted_to", "recording_sha256"}: that this person allows it, for this clip
"""

import hashlib
import json
from pathlib import Path
from typing import Any, NoReturn

from gpu.device import Device
from herald.errors import EngineNotInstalled, VoiceNotPrepared

REFERENCE = "reference.wav"
CONSENT = "consent.json"
_FIELDS = ("person", "granted_at", "granted_to", "recording_sha256")


def load(folder: Path, device: Device) -> NoReturn:  # noqa: ARG001  as every engine is called
    """VoiceNotPrepared without a clip and the consent for it; else EngineNotInstalled."""
    check_consent(folder)
    raise EngineNotInstalled(
        f"The voice {folder.name} is a cloned one, and no engine for those is installed. Take another voice.",
        param="voice",
    )


def check_consent(folder: Path) -> None:
    """VoiceNotPrepared unless the folder holds a clip, and the consent of its person for this very clip."""
    try:
        consent: dict[str, Any] = json.loads((folder / CONSENT).read_text(encoding="utf-8"))
        clip = hashlib.sha256((folder / REFERENCE).read_bytes()).hexdigest()
    except (OSError, ValueError) as error:
        raise VoiceNotPrepared(f"The cloned voice {folder.name} lacks a readable {REFERENCE} or {CONSENT}.") from error
    missing = [field for field in _FIELDS if not consent.get(field)]
    if missing:
        raise VoiceNotPrepared(f"{CONSENT} of the cloned voice {folder.name} lacks {', '.join(missing)}.")
    if consent["recording_sha256"] != clip:
        raise VoiceNotPrepared(f"{CONSENT} of the cloned voice {folder.name} is for another recording.")
