"""Run the model: phonemes and a speaker's style in, samples out. 54 speakers, which can be mixed, in several languages.

A tone works like an equalizer. Texts in all languages but Japanese are phonemized here, through herald.speech.phonemes
and its lock: American English with misaki's lexicon, as in Kokoro's training, other European languages and Hindi with
espeak-ng.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
import soxr

from herald.errors import InvalidRequest, NothingToSpeak, VoiceNotPrepared
from herald.speech.kokoro.kokoro_speakers import BANDS, JAPANESE, LANGUAGES, Tone, language_of, parse_mix
from herald.speech.misaki.dictionary import LEXICON
from herald.speech.model import Floats
from herald.speech.phonemes import Phonemes

_TAIL = 0.04
"""Seconds of the filter's response, which would otherwise wrap around from the end to the beginning."""


def apply_tone(samples: Floats, tone: Tone, rate: int) -> Floats:
    """Apply a tone to samples; keep their length and level. The filter has no delay."""
    size = len(samples) + round(_TAIL * rate)
    frequencies = np.maximum(np.fft.rfftfreq(size, 1 / rate), 1)
    gains = np.interp(np.log(frequencies), np.log(BANDS), tone)
    shaped = np.fft.irfft(np.fft.rfft(samples, size) * 10 ** (gains / 20), size)[: len(samples)]
    level = np.linalg.norm(samples) / max(float(np.linalg.norm(shaped)), 1e-9)
    limited: Floats = np.clip(shaped * level, -1, 1).astype(np.float32)
    return limited


MODEL, STYLES = "model.onnx", "voices.npz"
"""File names in the folder of a packed model; STYLES has each speaker's style vectors, one per number of phonemes."""
SAMPLE_RATE = 24_000
SLOWEST, FASTEST = 0.5, 2.0
"""Range of `speed` in which the model was tested."""

_VOCABULARY = Path(__file__).parent / "vocabulary.json"
"""The ids of the phonemes: config.json of hexgrad/Kokoro-82M (Apache-2.0)."""
_LONGEST_PIECE = 250
"""Maximum phonemes per run. The model supports 510, but speaks too fast from about 400."""
_SENTENCE_PAUSE, _CLAUSE_PAUSE, _PARAGRAPH_PAUSE = 0.3, 0.1, 0.6
"""Seconds of silence between pieces of text."""
_PARAGRAPHS = re.compile(r"\n\s*\n")
_SENTENCE_MARKS, _CLAUSE_MARKS = ".!?…", ",;:"
_BREAKS = tuple(re.compile(pattern) for pattern in (r"(?<=[.!?…])\s+", r"(?<=[,;:])\s+", r"\s+"))
"""Positions at which a text is cut, the least disruptive ones first."""
_FRAME = 512
_SILENT = 0.001
"""Maximum level of silence at the ends of a run, as a fraction of the loudest frame: -60 dB."""


class Phonemizer(Protocol):
    """Converts a text to phonemes, as `phonemize` below."""

    def __call__(self, text: str, language: str | None, *, speaker: str, lexicon: Path) -> str:
        """Return the phonemes; raise InvalidRequest for an unsupported language."""
        ...


class Kokoro:
    """A loaded Kokoro model with its speakers. Thread-safe."""

    sample_rate = SAMPLE_RATE

    def __init__(self, folder: Path, session: onnxruntime.InferenceSession, phonemize: Phonemizer) -> None:
        self._session = session
        self._phonemize = phonemize
        with np.load(folder / STYLES) as styles:  # read at once, because the archive is not thread-safe
            self._styles: dict[str, Floats] = {name: styles[name] for name in styles.files}
        self._ids: dict[str, int] = json.loads(_VOCABULARY.read_text(encoding="utf-8"))
        self._lexicon = folder / LEXICON

    def speak(self, text: str, *, speaker: str | None, language: str | None, speed: float) -> Iterator[Floats]:
        """Yield mono samples, a few sentences at a time; `speaker` is a name or a mix, `language` a BCP 47 tag."""
        return self.synthesize(self.paragraphs(text, speaker=speaker, language=language, speed=speed), speaker, speed)

    def paragraphs(self, text: str, *, speaker: str | None, language: str | None, speed: float) -> list[list[str]]:
        """Return the phonemes of a text, in pieces of a run each, by paragraph. Raise InvalidInput."""
        if not SLOWEST <= speed <= FASTEST:
            raise InvalidRequest(f"speed must be from {SLOWEST} to {FASTEST} for this voice.", param="speed")
        pieces = [list(self._pieces(paragraph, language, speaker or "")) for paragraph in _PARAGRAPHS.split(text)]
        found = [paragraph for paragraph in pieces if paragraph]
        if not found:
            raise NothingToSpeak("Nothing to speak: no part of the text has a sound.", param="input")
        return found

    def synthesize(self, paragraphs: list[list[str]], speaker: str | None, speed: float) -> Iterator[Floats]:
        """Yield the samples of phonemes."""
        mix = parse_mix(speaker or next(iter(self._styles)))
        style: Floats = np.sum([np.float32(share) * self._styles[name] for name, share in mix.shares.items()], axis=0)
        for number, pieces in enumerate(paragraphs):
            if number:
                yield _silence(_PARAGRAPH_PAUSE)
            for position, piece in enumerate(pieces, start=1):
                samples = _change_pitch(self._run(piece, style, speed / mix.pitch), mix.pitch)
                yield samples if mix.tone is None else apply_tone(samples, mix.tone, SAMPLE_RATE)
                if position < len(pieces):
                    mark, pause = piece[-1:], 0.0
                    if mark in _SENTENCE_MARKS:
                        pause = _SENTENCE_PAUSE
                    elif mark in _CLAUSE_MARKS:
                        pause = _CLAUSE_PAUSE
                    yield _silence(pause)

    def _run(self, piece: str, style: Floats, speed: float) -> Floats:
        ids = [self._ids[phoneme] for phoneme in piece]
        (audio,) = self._session.run(
            None,
            {
                "tokens": np.array([[0, *ids, 0]], np.int64),
                "style": style[min(len(ids), len(style)) - 1],
                "speed": np.array([speed], np.float32),
            },
        )
        return np.clip(_trim(audio.ravel()), -1, 1)

    def _pieces(self, paragraph: str, language: str | None, speaker: str) -> Iterator[str]:
        phonemes = self._phonemize(paragraph, language, speaker=speaker, lexicon=self._lexicon)
        known = "".join(phoneme for phoneme in " ".join(phonemes.split()) if phoneme in self._ids)
        for piece in split(known, _LONGEST_PIECE):
            if any(phoneme.isalnum() for phoneme in piece):
                yield piece


def check_packed(folder: Path) -> None:
    """Raise VoiceNotPrepared if a folder of a packed model is incomplete."""
    missing = [name for name in (MODEL, STYLES, LEXICON) if not (folder / name).is_file()]
    if missing:
        raise VoiceNotPrepared(f"{folder} lacks {', '.join(missing)}. Pack the Kokoro model with 'python -m gpu.pack'.")


def split(phonemes: str, longest: int) -> list[str]:
    """Cut phonemes into pieces of about equal length and at most `longest`, at the least disruptive places.

    A short piece would be spoken at another rate than its neighbours.
    """
    units = [*_units(phonemes.strip(), longest, 0)]
    wanted = ceil(len(phonemes) / ceil(len(phonemes) / longest)) if units else 0
    pieces: list[str] = []
    for unit in units:
        if pieces and len(pieces[-1]) < wanted and len(pieces[-1]) + 1 + len(unit) <= longest:
            pieces[-1] += f" {unit}"
        else:
            pieces.append(unit)
    return pieces


def _units(phonemes: str, longest: int, level: int) -> Iterator[str]:
    if len(phonemes) <= longest:
        if phonemes:
            yield phonemes
    elif level < len(_BREAKS):
        for part in _BREAKS[level].split(phonemes):
            yield from _units(part, longest, level + 1)
    else:
        for start in range(0, len(phonemes), longest):
            yield phonemes[start : start + longest]


def _trim(samples: Floats) -> Floats:
    """Remove the silence that the model adds at both ends."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    if not len(frames):
        return samples
    power = np.square(frames).mean(axis=1)
    (loud,) = np.nonzero(power > power.max() * _SILENT**2)
    if not len(loud):
        return samples
    return samples[max(loud[0] - 1, 0) * _FRAME : (loud[-1] + 2) * _FRAME]


def _change_pitch(samples: Floats, pitch: float) -> Floats:
    """Multiply all frequencies by `pitch`, and divide the length by it."""
    if pitch == 1:
        return samples
    higher: Floats = np.clip(soxr.resample(samples, SAMPLE_RATE * pitch, SAMPLE_RATE), -1, 1)
    return higher


def _silence(seconds: float) -> Floats:
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)


_ELLIPSIS = re.compile(r"(?:\.{2,}|…)+")
_ESPEAK_VOICES = {"en": "en-gb-x-rp", "es": "es", "fr": "fr", "hi": "hi", "it": "it", "pt": "pt-br"}
_AFFRICATES = {"tʃ": "ʧ", "dʒ": "ʤ", "ts": "ʦ", "dz": "ʣ"}
"""Sounds that Kokoro's phonemes write with one letter."""
_AFFRICATE = re.compile("|".join(_AFFRICATES))


def phonemize(text: str, language: str | None, *, speaker: str = "", lexicon: Path | None = None) -> str:
    """Return the phonemes of a text in the language of `language_of`; raise InvalidRequest for Japanese and others."""
    primary, _, region = language_of(text, language, speaker).lower().partition("-")
    if primary == "en" and not region.endswith("gb") and lexicon:
        reader = Phonemes(kind="misaki", espeak_voice="en-us", ids={}, folder=lexicon.parent)
        return " ".join("".join(sentence) for sentence in reader.sentences(text))
    espeak_voice = "en-us" if primary == "en" and not region.endswith("gb") else _ESPEAK_VOICES.get(primary)
    if espeak_voice:
        sounds = _espeak(text, espeak_voice)
        return sounds if primary == "en" else _AFFRICATE.sub(lambda found: _AFFRICATES[found[0]], sounds)
    supported = ", ".join(sorted({*LANGUAGES.values()} - {JAPANESE}))
    raise InvalidRequest(
        f"This voice supports {supported}, and Japanese on the GPU.", param="language", code="unsupported_language"
    )


def _espeak(text: str, espeak_voice: str) -> str:
    """Return phonemes with punctuation; keep ellipses, which espeak-ng drops with the following space."""
    reader = Phonemes(kind="espeak", espeak_voice=espeak_voice, ids={})
    parts = [reader.sentences(part) if part.strip() else [] for part in _ELLIPSIS.split(text)]
    spoken = "… ".join(" ".join("".join(sentence) for sentence in part) for part in parts)
    return unicodedata.normalize("NFC", spoken)
