"""A prepared voice: a folder with the three parts of its model, and a card that describes it."""

from pathlib import Path
from typing import NamedTuple

from herald.errors import EngineNotInstalled, VoiceNotPrepared
from herald.speech.model import Reach, Scales
from herald.speech.phonemes import Phonemes
from herald.speech.voices.catalog import CARD, FORMAT, VoiceInfo, read_card

ENGINE = "piper"
"""Of the voices that are prepared so."""


class Pack(NamedTuple):
    """A prepared voice: what it is, how it reads, how it varies, how loud it is, how far its parts reach."""

    voice: VoiceInfo
    phonemes: Phonemes
    scales: Scales
    reach: Reach
    gain: float
    """Factor for the model's samples. One for the voice, so that sentences keep their loudness beside each other."""
    architecture: str
    """The processor that its decoder is laid out for; on others it is only slower."""
    default_speaker: int
    hop: int
    """Samples that the model makes of one frame."""
    checksums: dict[str, str]
    """SHA-256 of each part: two voices with the same ones sound the same."""

    @classmethod
    def read(cls, folder: Path) -> "Pack":
        """Read the card of a prepared voice; VoiceNotPrepared where it is not one, or of another version.

        EngineNotInstalled where it is a voice of another engine.
        """
        card = read_card(folder)
        engine = card.get("voice", {}).get("engine", ENGINE)
        if engine != ENGINE:
            raise EngineNotInstalled(
                f"The voice {folder.name} is spoken by '{engine}', which runs on the GPU only. Send the text as a job, "
                "or take another voice.",
                param="voice",
            )
        if card.get("format") != FORMAT:
            raise VoiceNotPrepared(
                f"{folder} was prepared by another version of Herald; run 'herald voices build' again."
            )
        try:
            return cls(
                voice=VoiceInfo(**card["voice"], path=folder),
                phonemes=Phonemes(**card["phonemes"]),
                scales=Scales(**card["scales"]),
                reach=Reach(**card["reach"]),
                gain=card["gain"],
                architecture=card["architecture"],
                default_speaker=card["default_speaker"],
                hop=card["hop"],
                checksums=card["checksums"],
            )
        except (KeyError, TypeError) as error:
            raise VoiceNotPrepared(f"{folder / CARD} is damaged: {error}; run 'herald voices build' again.") from error
