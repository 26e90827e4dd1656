"""Read prepared voices: folders with the three parts of a model, and a card that describes the voice."""

from pathlib import Path
from typing import NamedTuple

from herald.errors import EngineNotInstalled, VoiceNotPrepared
from herald.speech.model import Reach, Scales
from herald.speech.phonemes import Phonemes
from herald.speech.voices.catalog import CARD, FORMAT, VoiceInfo, place_of, read_card

PIPER, SPECTRAL = "piper", "spectral"
"""Engines of prepared voices."""


class Pack(NamedTuple):
    """The contents of a prepared voice's card."""

    voice: VoiceInfo
    phonemes: Phonemes
    scales: Scales
    reach: Reach
    gain: float
    """Factor for the model's samples; constant, to preserve the relative loudness of sentences."""
    architecture: str
    """The processor that the decoder is optimized for; others run it more slowly."""
    default_speaker: int
    hop: int
    """Samples per frame."""
    checksums: dict[str, str]
    """SHA-256 of each part, in hex; voices with equal checksums sound the same."""
    pitch: float = 1.0
    """Factor of the pitch that a spectral model predicts."""

    @classmethod
    def read(cls, folder: Path) -> "Pack":
        """Read the card of a prepared voice.

        Raise VoiceNotPrepared if the folder is not a prepared voice or was prepared by another version of Herald, and
        EngineNotInstalled for voices of another engine.
        """
        card = read_card(folder)
        engine = card.get("voice", {}).get("engine", PIPER)
        if engine not in {PIPER, SPECTRAL}:
            raise EngineNotInstalled(
                f"The voice {folder.name} is available in jobs only ({place_of(engine)}). Send the text as a job, or "
                "use another voice.",
                param="voice",
            )
        if card.get("format") != FORMAT:
            raise VoiceNotPrepared(
                f"{folder} was prepared by another version of Herald; run 'herald voices build' again."
            )
        try:
            return cls(
                voice=VoiceInfo(**card["voice"], path=folder),
                phonemes=Phonemes(**card["phonemes"], folder=folder, language=card["voice"]["language"]),
                scales=Scales(**card["scales"]),
                reach=Reach(**card["reach"]),
                gain=card["gain"],
                architecture=card["architecture"],
                default_speaker=card["default_speaker"],
                hop=card["hop"],
                checksums=card["checksums"],
                pitch=card.get("pitch", 1.0),
            )
        except (KeyError, TypeError) as error:
            raise VoiceNotPrepared(f"{folder / CARD} is damaged: {error}; run 'herald voices build' again.") from error
