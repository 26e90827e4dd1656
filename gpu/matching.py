"""Matched voices: the mix of Kokoro's speakers that is most like a recorded speaker. It is no clone."""

import zlib
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import numpy as np
import soxr

from gpu.engines import SpeakingModel
from gpu.mix_search import MixSearch
from gpu.shelf import TimeLeft
from herald.errors import OutOfTime
from herald.speech.kokoro.kokoro_languages import LANGUAGES
from herald.speech.kokoro.kokoro_model import STYLES
from herald.speech.model import Floats
from herald.speech.recordings.recording import RATE
from herald.speech.voices.catalog import VoiceInfo

type Hear = Callable[[str], Floats]
type Vector = Callable[[Floats], Floats]
"""Returns the speaker vector of samples with RATE."""

PROBES = {
    "en": "Your appointment with Doctor Miller is confirmed for Monday at nine in the morning.",
    "es": "Su cita con el doctor Molina está confirmada para el lunes a las nueve de la mañana.",
    "fr": "Votre rendez-vous avec le docteur Martin est confirmé pour lundi à neuf heures du matin.",
    "it": "Il suo appuntamento con il dottor Rossi è confermato per lunedì alle nove del mattino.",
    "pt": "Sua consulta com o doutor Moreira está confirmada para segunda-feira às nove da manhã.",
}
"""What a mix speaks to be compared: about 4 s. With 2 s, the words decide too much."""
_ENGLISH = "en"
_NOISES = (0.06, 0.12)
"""Levels of noise, relative to the speech."""
_TEMPOS = (0.93, 1.075)
_STOCK = Path(__file__).parent / "stock"
"""The vectors of the speakers of the packaged model, as `_survey` writes them."""
_STYLE_ROW = 40
"""Phonemes of a probe, about: a speaker has a style for each number of phonemes."""


class Matcher:
    """Fits mixes of a Kokoro model's speakers. Thread-safe."""

    def __init__(self, cache: Path, *, steps: int) -> None:
        """Hear `steps` mixes for each voice. Keep the vectors of the speakers of other models in `cache`."""
        self._cache = cache
        self._steps = steps
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
        """Return the mix whose speaker is most like that of samples with RATE, such as "af_heart(3)+af_sky(1)".

        The speakers of a language without probes are those of English. Raise OutOfTime.
        """
        spoken = language if language in PROBES else _ENGLISH
        speakers = speakers_of(spoken, info)

        def hear(mix: str) -> Floats:
            if time_left() <= 0:
                raise OutOfTime("The voice could not be matched within the time limit.", param="enrolment")
            tag = "en-US" if spoken == _ENGLISH else spoken
            pieces = model.speak(PROBES[spoken], speaker=mix, language=tag, speed=1.0)
            return robust(soxr.resample(np.concatenate(list(pieces)), model.sample_rate, RATE), vector)

        target = robust(samples, vector)
        stock = _of_one_gender(target, self._survey(info, spoken, speakers, hear, report))
        with np.load(info.path / STYLES) as styles:
            search = MixSearch(target, styles={name: styles[name][_STYLE_ROW] for name in stock}, stock=stock)
        for step in range(1, self._steps + 1):
            search.next(hear)
            report(step=step, of=self._steps, likeness=round(search.best().likeness, 3))
        return search.best().mix

    def _survey(
        self, info: VoiceInfo, language: str, speakers: list[str], hear: Hear, report: Callable[..., None]
    ) -> dict[str, Floats]:
        """Return the vector of each speaker alone, which is computed once for each model and language."""
        sought = f"{info.checksum} {language} {PROBES[language]}"
        name = f"{language}-{zlib.crc32(sought.encode()):08x}.npz"
        with self._surveying:
            if not any((folder / name).is_file() for folder in (_STOCK, self._cache)):
                vectors = {}
                for step, speaker in enumerate(speakers, start=1):
                    vectors[speaker] = hear(speaker).astype(np.float16)
                    report(survey=step, of=len(speakers))
                self._cache.mkdir(parents=True, exist_ok=True)
                whole = self._cache / f"{name}.part.npz"
                np.savez(whole, allow_pickle=False, **vectors)
                whole.replace(self._cache / name)
            path = next(folder / name for folder in (_STOCK, self._cache) if (folder / name).is_file())
        with np.load(path) as found:
            return {speaker: found[speaker].astype(np.float32) for speaker in speakers}


def speakers_of(language: str, info: VoiceInfo) -> list[str]:
    """Return the speakers that are mixed for a language: its own, and those of English, of which there are more."""
    letters = [letter for letter, tag in LANGUAGES.items() if tag.partition("-")[0] in {language, _ENGLISH}]
    return [speaker for speaker in info.speakers if speaker[0] in letters]


def _of_one_gender(target: Floats, stock: dict[str, Floats]) -> dict[str, Floats]:
    """Return the speakers with the gender of the nearest one, which is the second letter of their names.

    Mixes of women and men please the encoder of the search more than another one.
    """
    nearest = max(stock, key=lambda name: float(stock[name] @ target))
    return {name: vector for name, vector in stock.items() if name[1] == nearest[1]}


def robust(samples: Floats, vector: Vector) -> Floats:
    """Return the vectors of samples as they are, with noise, and slower and faster, as one of length 1.

    Its cosines are the means of theirs. They agree better with another encoder than those of the samples alone:
    docs/your-voice.md.
    """
    random = np.random.default_rng(0)
    level = float(np.sqrt(np.mean(np.square(samples))))
    noisy = [samples + random.normal(0, share * level, len(samples)).astype(np.float32) for share in _NOISES]
    shifted = [soxr.resample(samples, RATE * tempo, RATE) for tempo in _TEMPOS]
    vectors = [vector(one) for one in (samples, *noisy, *shifted)]
    whole: Floats = np.concatenate(vectors) / np.float32(np.sqrt(len(vectors)))
    return whole
