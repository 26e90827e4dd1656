"""Score the reading against the test cases of NVIDIA NeMo-text-processing (Apache-2.0), half of which are in data/nemo.

Written and spoken text are compared as sound: their phonemes, without stress, length, punctuation and spaces.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from herald.speech import espeak
from herald.speech.reading import read
from herald.speech.reading.reader import synthesizer_sentences
from herald.speech.spoken_words import plain

CASES = Path(__file__).with_name("data") / "nemo"
LANGUAGES = {
    "en": ("en-US", "en-us"),
    "de": ("de-DE", "de"),
    "es": ("es-ES", "es"),
    "fr": ("fr-FR", "fr"),
    "it": ("it-IT", "it"),
    "pt": ("pt-BR", "pt-br"),
}
SPOKEN_FIRST = {"de"}
"""Languages whose cases have the spoken text on the left in some files."""


class Score(NamedTuple):
    right: int
    cases: int
    missed: list[tuple[str, str, str]]

    @property
    def percent(self) -> float:
        return 100 * self.right / self.cases


def cases(language: str, name: str) -> Iterator[tuple[str, str]]:
    for line in (CASES / language / f"{name}.txt").read_text("utf-8").splitlines():
        if "~" in line:
            left, _, right = line.partition("~")
            # NeMo's German files are of the inverse direction: spoken~written.
            yield (right, left) if language in SPOKEN_FIRST and re.search(r"\d", right) else (left, right)


def sound(text: str, language: str) -> str:
    tag, voice = LANGUAGES[language]
    made = "".join(
        "".join(part) for said in synthesizer_sentences(read(text, tag)) for part in espeak.sentences(voice, said)
    )
    return plain(made.replace("ʲ", ""))


def score(language: str, only: str | None = None) -> dict[str, Score]:
    table = {}
    for path in sorted((CASES / language).glob("*.txt")):
        if only and path.stem != only:
            continue
        right, missed = 0, []
        found = list(cases(language, path.stem))
        for written, spoken in found:
            if sound(written, language) == sound(spoken, language):
                right += 1
            else:
                missed.append((written, spoken, read(written, LANGUAGES[language][0]).words))
        table[path.stem] = Score(right, len(found), missed)
    return table


def table(scores: dict[str, Score]) -> str:
    rows = [f"{name:<12} {one.right:>3} of {one.cases:>3}  {one.percent:5.1f} %" for name, one in scores.items()]
    right, total = sum(one.right for one in scores.values()), sum(one.cases for one in scores.values())
    return "\n".join([*rows, f"{'all':<12} {right:>3} of {total:>3}  {100 * right / total:5.1f} %"])


if __name__ == "__main__":
    made = score(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
    for name, one in made.items():
        for written, spoken, words in one.missed:
            sys.stdout.write(f"{name}: {written!r}\n    want {spoken!r}\n    have {words!r}\n")
    sys.stdout.write(f"{table(made)}\n")
