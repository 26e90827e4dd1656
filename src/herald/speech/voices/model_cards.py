"""What the model card of a Piper voice says about its licences, and who speaks it."""

import re
from pathlib import Path
from typing import NamedTuple

UNKNOWN = "unknown"

_LICENCE = re.compile(r"licen[cs]e:\s*(.+)", re.IGNORECASE)
_BASE = re.compile(r"fine-?tuned from .*?\b(\w+) voice", re.IGNORECASE)
_NOT_COMMERCIAL = re.compile(r"\bNC\b|non-?commercial|research (?:use )?only|blizzard", re.IGNORECASE)
_RESTRICTED_BASES = {"lessac": "Blizzard 2013, no commercial use"}
"""Voices whose recordings may not be used commercially, and why. Many others were fine-tuned from them."""
_GENDERS = {
    "female": "alba amy cori eva_k hfc_female jenny_dioco kathleen kerstin kristin lada lessac ljspeech paola siwis",
    "male": "alan bryce danny gilles hfc_male joe john karlsson kusal norman northern_english_male ryan thorsten",
}
"""Names of Piper voices of one speaker. The cards do not say who speaks."""


class ModelCard(NamedTuple):
    """Licences of a voice: as the card states it, and of everything that it was trained with."""

    licence: str = UNKNOWN
    data_licence: str = UNKNOWN
    commercial: bool = True


def read_model_card(path: Path, voice: str) -> ModelCard:
    """Read the card of the voice with that id; without a card its licences are unknown."""
    if not path.is_file():
        return ModelCard()
    text = path.read_text(encoding="utf-8", errors="replace")
    found, base = _LICENCE.search(text), _BASE.search(text)
    licence = found[1].strip() if found else UNKNOWN
    names = {name_of(voice), base[1].lower() if base else ""}
    restricted = [f"{name} ({why})" for name, why in _RESTRICTED_BASES.items() if name in names]
    data = "; fine-tuned from ".join([licence, *restricted])
    return ModelCard(licence, data, commercial=not (restricted or _NOT_COMMERCIAL.search(text)))


def name_of(voice: str) -> str:
    """Return the name in the id of a Piper voice: "joe" of "en_US-joe-medium"."""
    return voice.split("-")[1] if voice.count("-") > 1 else voice


def gender_of(voice: str) -> str:
    """Return the gender of a Piper voice with that id, or "unknown"."""
    return next((gender for gender, names in _GENDERS.items() if name_of(voice) in names.split()), UNKNOWN)
