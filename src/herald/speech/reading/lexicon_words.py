"""Apply lexicons to a text before it is read: find spans and the words to say for them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from herald.errors import UnreadableText
from herald.speech.ipa import add_possessive, mark
from herald.speech.reading.folding import composed
from herald.speech.reading.token import Fixed, Token

if TYPE_CHECKING:
    from herald.speech.lexicons.lexicon import Lexicon, Match

LEXICON = "lexicon"
"""Kind of tokens whose words come from a lexicon."""
_END_MARKS = " .,;:!?…"


def lexicon_spans(text: str, lexicons: Sequence["Lexicon"], language: str, given: Sequence[Fixed] = ()) -> list[Fixed]:
    """Return the spans of lexicons in a text without markup, with those that are `given`, in order.

    An alias is read like any other text, but lexicons do not apply to it.
    """
    if not lexicons:
        return [*given]
    from herald.speech.lexicons.lexicon import find_words  # noqa: PLC0415  2 ms, and few texts have a lexicon

    plain = composed(text)
    spans: list[Fixed] = []
    left = [*given]
    for match in find_words(plain.text, lexicons, language):
        at = plain.original(Token(match.start, match.end, LEXICON, ""))
        while left and left[0].end <= at.start:
            spans.append(left.pop(0))
        if not left or at.end <= left[0].start:
            words, ipa = _said(match, plain.text[match.start : match.end], language)
            spans.append(Fixed(at.start, at.end, words, LEXICON, ipa))
    return spans + left


def _said(match: "Match", written: str, language: str) -> tuple[str, str]:
    """Return the words of a match and their pronunciation, if it is given."""
    if match.entry.ipa:
        return written, add_possessive(match.entry.ipa) if match.possessive else match.entry.ipa
    words = _read(match.entry.alias, language)
    return (f"{words}'s" if match.possessive else words), ""


@lru_cache(maxsize=1024)
def _read(alias: str, language: str) -> str:
    from herald.speech.reading.reader import read, supports  # noqa: PLC0415  imports this module

    try:
        words = " ".join((read(alias, language).words if supports(language) else alias).split())
    except UnreadableText:
        raise UnreadableText(
            "An alias in a lexicon has letters of a script that this voice cannot read. Rewrite it.",
            param="lexicons",
        ) from None
    return words.rstrip(_END_MARKS) or alias


def masked(text: str, spans: Sequence[Fixed]) -> str:
    """Return the text with the characters of the spans, which may be of any script, replaced by plain letters."""
    if text.isascii():
        return text
    parts, end = [], 0
    for one in spans:
        parts += [text[end : one.start], "x" * (one.end - one.start)]
        end = one.end
    return "".join([*parts, text[end:]])


def respelled(text: str, lexicons: Sequence["Lexicon"], language: str, *, phonemes: bool) -> str:
    """Return the text with aliases, and with `phonemes` also marked pronunciations, in place of a lexicon's words.

    Used for voices whose engine reads the text itself.
    """
    plain = composed(text).text
    if not lexicons:
        return plain
    from herald.speech.lexicons.lexicon import find_words  # noqa: PLC0415  2 ms, and few texts have a lexicon

    parts, end = [], 0
    for match in find_words(plain, lexicons, language):
        entry = match.entry
        said = mark(entry.ipa) if entry.ipa else entry.alias
        if entry.ipa and not phonemes:
            continue
        parts += [plain[end : match.start], said]
        end = match.end - 2 * match.possessive
    return "".join([*parts, plain[end:]])


def with_aliases(text: str, language: str | None, lexicons: Sequence["Lexicon"]) -> str:
    """Return a text with the aliases of lexicons, for engines that read texts themselves and do not accept phonemes.

    If `language` is None, because only the engine detects it, lexicons of every language apply.
    """
    if not lexicons:
        return text
    fitting = [replace(one, language=None) for one in lexicons if language is None or one.applies_to(language)]
    return respelled(text, fitting, language or "en", phonemes=False)
