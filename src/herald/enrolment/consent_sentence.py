"""Create the sentence that a person reads aloud to consent: fixed text for each language, then random words."""

import json
import re
import secrets
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from herald.errors import InvalidRequest

WORDS = 4
"""Random words of a sentence. They prove that the recording was made for this enrolment, not cut from another one."""


class SentenceTable(NamedTuple):
    """The sentence of a language: a statement, the words that introduce the random ones, and those to choose from."""

    statement: str
    lead: str
    words: tuple[str, ...]


class ConsentSentence(NamedTuple):
    """A sentence to read aloud. `language` is a key of sentence_tables(); `words` are the random ones, in order."""

    language: str
    words: tuple[str, ...]

    @property
    def fixed(self) -> str:
        """The text without the random words."""
        table = sentence_tables()[self.language]
        return f"{table.statement} {table.lead}"

    @property
    def text(self) -> str:
        """The whole text to read."""
        return f"{self.fixed} {', '.join(self.words)}."


@cache
def sentence_tables() -> dict[str, SentenceTable]:
    """Return the sentences by language, such as "en"."""
    data = json.loads(files(__package__).joinpath("consent_sentences.json").read_text(encoding="utf-8"))
    return {
        language: SentenceTable(table["statement"], table["lead"], tuple(table["words"].split()))
        for language, table in data.items()
    }


def new_sentence(language: str) -> ConsentSentence:
    """Return a sentence with different random words; raise InvalidRequest for a language without a sentence."""
    _check_language(language)
    return ConsentSentence(language, tuple(secrets.SystemRandom().sample(sentence_tables()[language].words, WORDS)))


def parse_words(language: str, text: str) -> ConsentSentence:
    """Return the sentence with the random words in `text`, in any case and with any punctuation.

    Raise InvalidRequest unless `text` has WORDS different words of the language's list.
    """
    _check_language(language)
    words = tuple(re.findall(r"\w+", text.casefold()))
    by_name = {word.casefold(): word for word in sentence_tables()[language].words}
    if unknown := [word for word in words if word not in by_name]:
        raise InvalidRequest(
            f"'{unknown[0]}' is not a word of a sentence of consent. Copy the {WORDS} words from "
            "'herald voices consent'.",
            param="words",
        )
    if len(words) != WORDS or len(set(words)) != WORDS:
        raise InvalidRequest(f"{WORDS} different words are required, not {len(words)}: '{text}'.", param="words")
    return ConsentSentence(language, tuple(by_name[word] for word in words))


def languages() -> Sequence[str]:
    """Return the languages that have a sentence."""
    return tuple(sentence_tables())


def _check_language(language: str) -> None:
    if language not in sentence_tables():
        raise InvalidRequest(
            f"There is no sentence of consent in '{language}'. Available languages: {', '.join(languages())}.",
            param="language",
        )
