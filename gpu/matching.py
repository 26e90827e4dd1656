"""Matched voices: mixes of Kokoro's speakers that resemble a recorded speaker, with its tone. Not clones."""

import zlib
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import numpy as np
import soxr

from gpu.engines import SpeakingModel
from gpu.mix_fit import fit_mix
from gpu.model_cache import TimeLeft
from gpu.tone_fit import fit_tone
from herald.errors import OutOfTime
from herald.speech.kokoro.kokoro_speakers import LANGUAGES, mix_name
from herald.speech.model import Floats
from herald.speech.recordings.recording import RATE
from herald.speech.voices.catalog import VoiceInfo

type Vector = Callable[[Floats], Floats]
"""Returns the speaker vector of samples at RATE."""

PROBES = {
    "en": "Your appointment with Doctor Miller is confirmed for Monday at nine in the morning.",
    "es": "Su cita con el doctor Molina está confirmada para el lunes a las nueve de la mañana.",
    "fr": "Votre rendez-vous avec le docteur Martin est confirmé pour lundi à neuf heures du matin.",
    "it": "Il suo appuntamento con il dottor Rossi è confermato per lunedì alle nove del mattino.",
    "pt": "Sua consulta com o doutor Moreira está confirmada para segunda-feira às nove da manhã.",
}
"""Texts with which mixes are compared, about 4 s long. With 2 s, the words influence the result too much."""
_ENGLISH = "en"
_RATIO = 1.0375
"""Ratio of neighbouring pitches: about two thirds of a semitone."""
_STEPS = range(-3, 4)
"""Pitches of a mix, from 10 % lower to 12 % higher. Beyond, a voice sounds unnatural."""
_SHIFTS = (-2, 0, 2)
"""A mix and the sample are compared unchanged, both lower, and both higher; the mean depends less on the encoder."""
_KEYS = range(_STEPS[0] + _SHIFTS[0], _STEPS[-1] + _SHIFTS[-1] + 1)
"""Pitches at which the vectors of a mix are computed."""
_STOCK = Path(__file__).parent / "stock"
"""The vectors of the speakers of the packaged model, as `_survey` writes them."""


class Matcher:
    """Fits mixes of a Kokoro model's speakers. Thread-safe."""

    def __init__(self, cache: Path) -> None:
        """Keep the vectors of the speakers of other models in `cache`."""
        self._cache = cache
        self._surveying = Lock()

    def match(  # noqa: PLR0913  what a mix depends on
        self,
        samples: Floats,
        *,
        language: str,
        info: VoiceInfo,
        model: SpeakingModel,
        vector: Vector,
        report: Callable[..., None],
        time_left: TimeLeft,
    ) -> str:
        """Return the mix that resembles the speaker of samples at RATE most, such as "af_heart(3)+af_sky(1)@0.964".

        It has the tone of the samples. For a language without a probe, English speakers are mixed. Raise OutOfTime.
        """
        spoken = language if language in PROBES else _ENGLISH
        speakers = speakers_of(spoken, info)

        def speak_probe(mix: str) -> Floats:
            if time_left() <= 0:
                raise OutOfTime("The voice could not be matched within the time limit.", param="enrolment")
            tag = "en-US" if spoken == _ENGLISH else spoken
            pieces = model.speak(PROBES[spoken], speaker=mix, language=tag, speed=1.0)
            spoken_probe: Floats = soxr.resample(np.concatenate(list(pieces)), model.sample_rate, RATE)
            return spoken_probe

        stock = self._survey(info, spoken, speakers, lambda speaker: vectors_of(speak_probe(speaker), vector), report)
        fitted = fit_mix(targets_of(samples, vector), stock)
        report(likeness=round(fitted.likeness, 3))
        pitch = round(_RATIO ** _STEPS[fitted.pitch], 3)
        plain = mix_name(fitted.mix, pitch)
        return mix_name(fitted.mix, pitch, fit_tone(samples, speak_probe(plain)))

    def _survey(
        self,
        info: VoiceInfo,
        language: str,
        speakers: list[str],
        vectors_of_speaker: Callable[[str], Floats],
        report: Callable[..., None],
    ) -> dict[str, Floats]:
        """Return the vectors of each speaker, computed once for each model and language."""
        identity = f"{info.checksum} {language} {PROBES[language]} {_RATIO} {[*_KEYS]}"
        name = f"{language}-{zlib.crc32(identity.encode()):08x}.npz"
        with self._surveying:
            if not any((folder / name).is_file() for folder in (_STOCK, self._cache)):
                vectors = {}
                for step, speaker in enumerate(speakers, start=1):
                    vectors[speaker] = vectors_of_speaker(speaker).astype(np.float16)
                    report(survey=step, of=len(speakers))
                self._cache.mkdir(parents=True, exist_ok=True)
                complete = self._cache / f"{name}.part.npz"
                np.savez(complete, allow_pickle=False, **vectors)
                complete.replace(self._cache / name)
            path = next(folder / name for folder in (_STOCK, self._cache) if (folder / name).is_file())
        with np.load(path) as found:
            return {speaker: found[speaker].astype(np.float32) for speaker in speakers}


def speakers_of(language: str, info: VoiceInfo) -> list[str]:
    """Return the speakers to mix for a language: its own, and the English ones, as there are more of them."""
    letters = [letter for letter, tag in LANGUAGES.items() if tag.partition("-")[0] in {language, _ENGLISH}]
    return [speaker for speaker in info.speakers if speaker[0] in letters]


def vectors_of(samples: Floats, vector: Vector) -> Floats:
    """Return the concatenated vectors of samples at each of _KEYS."""
    vectors: Floats = np.concatenate([vector(_shift(samples, key)) for key in _KEYS])
    return vectors


def targets_of(samples: Floats, vector: Vector) -> Floats:
    """Return a row for each of _STEPS, whose inner product with `vectors_of` of a mix is the likeness at that pitch.

    It is the mean of the cosines at each of _SHIFTS.
    """
    shifted = [vector(_shift(samples, shift)) / np.float32(len(_SHIFTS)) for shift in _SHIFTS]
    rows = np.zeros((len(_STEPS), len(_KEYS), len(shifted[0])), np.float32)
    for row, step in zip(rows, _STEPS, strict=True):
        row[[_KEYS.index(step + shift) for shift in _SHIFTS]] = shifted
    return rows.reshape(len(_STEPS), -1)


def _shift(samples: Floats, key: int) -> Floats:
    return soxr.resample(samples, RATE * _RATIO**key, RATE) if key else samples
