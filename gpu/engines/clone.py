"""Placeholder for an engine that clones a person's voice from a recording. No such engine is installed.

The folder of such a voice contains a card with the engine "clone", and two files that every such engine must require:
reference.wav   a recording of the person, 10 to 30 seconds
consent.json    {"person", "granted_at", "granted_to", "recording_sha256"}: the person's consent for this recording
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


def load(folder: Path, device: Device) -> NoReturn:  # noqa: ARG001  common signature of engines
    """Raise VoiceNotPrepared without a recording and its consent, else EngineNotInstalled."""
    check_consent(folder)
    raise EngineNotInstalled(
        f"The voice {folder.name} is cloned, and no engine for cloned voices is installed. Use another voice.",
        param="voice",
    )


def check_consent(folder: Path) -> None:
    """Raise VoiceNotPrepared unless the folder contains a recording and the consent for this recording."""
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
