"""Kokoro-82M: 54 speakers, which can be mixed, in several languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import kokoro_onnx
import numpy as np
from kokoro_onnx.chunker import pause_after, split_phonemes
from kokoro_onnx.config import SAMPLE_RATE

from gpu.device import Device
from gpu.phonemes import phonemize
from herald.errors import InvalidRequest, NothingToSpeak, VoiceNotPrepared
from herald.jobs.voice_names import parse_mix
from herald.speech.misaki.lexicon import LEXICON
from herald.speech.model import Floats

MODEL, VOICES = "model.onnx", "voices.npz"
SLOWEST, FASTEST = 0.5, 2.0
"""Limits of `speed` in kokoro-onnx."""

_LONGEST_PIECE = 250
"""Maximum phonemes per run. The model supports 510, but speaks too fast from about 400."""
_SENTENCE_PAUSE, _CLAUSE_PAUSE, _PARAGRAPH_PAUSE = 0.3, 0.1, 0.6
"""Seconds of silence between pieces of text."""
_PARAGRAPHS = re.compile(r"\n\s*\n")


class Kokoro:
    """A loaded Kokoro model with its speakers' style vectors, one per number of phonemes."""

    sample_rate = SAMPLE_RATE

    def __init__(self, folder: Path, device: Device) -> None:
        self._model = kokoro_onnx.Kokoro.from_session(device.session(folder / MODEL), str(folder / VOICES))
        # Read at once, because the archive is not thread-safe.
        with self._model.voices as styles:
            self._styles: dict[str, Floats] = {name: styles[name] for name in styles.files}
        self._vocabulary = self._model.tokenizer.vocab
        self._lexicon = folder / LEXICON

    def speak(self, text: str, *, speaker: str | None, language: str | None, speed: float) -> Iterator[Floats]:
        """Yield mono samples, a few sentences at a time; `speaker` is a name or a mix, `language` a BCP 47 tag."""
        if not SLOWEST <= speed <= FASTEST:
            raise InvalidRequest(f"speed must be from {SLOWEST} to {FASTEST} for this voice.", param="speed")
        style = self._style(speaker)
        pieces = [list(self._pieces(paragraph, language, speaker or "")) for paragraph in _PARAGRAPHS.split(text)]
        spoken = [paragraph for paragraph in pieces if paragraph]
        if not spoken:
            raise NothingToSpeak("Nothing to speak: no part of the text has a sound.", param="input")
        for number, paragraph in enumerate(spoken):
            if number:
                yield _silence(_PARAGRAPH_PAUSE)
            yield from self._speak(paragraph, style, speed)

    def _speak(self, pieces: list[str], style: Floats, speed: float) -> Iterator[Floats]:
        for number, piece in enumerate(pieces, start=1):
            samples, _ = self._model.create(piece, style, speed=speed, is_phonemes=True)
            yield np.clip(samples, -1, 1)
            if number < len(pieces):
                yield _silence(pause_after(piece, _SENTENCE_PAUSE, _CLAUSE_PAUSE))

    def _pieces(self, paragraph: str, language: str | None, speaker: str) -> Iterator[str]:
        phonemes = phonemize(paragraph, language, speaker=speaker, lexicon=self._lexicon)
        known = "".join(one for one in phonemes if one in self._vocabulary)
        for piece in split_phonemes(known, _LONGEST_PIECE):
            if any(one.isalnum() for one in piece):
                yield piece

    def _style(self, speaker: str | None) -> Floats:
        shares = parse_mix(speaker or next(iter(self._styles)))
        return np.sum([np.float32(share) * self._styles[name] for name, share in shares.items()], axis=0)


def load(folder: Path, device: Device) -> Kokoro:
    """Load a model packed by gpu.pack; raise VoiceNotPrepared if it is incomplete."""
    missing = [name for name in (MODEL, VOICES, LEXICON) if not (folder / name).is_file()]
    if missing:
        raise VoiceNotPrepared(f"{folder} lacks {', '.join(missing)}. Pack the Kokoro model with 'python -m gpu.pack'.")
    return Kokoro(folder, device)


def _silence(seconds: float) -> Floats:
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)
