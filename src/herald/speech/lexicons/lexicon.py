"""Lexicons: words and phrases with their spoken forms, and the search for them in a text."""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, NamedTuple

from herald.errors import TextTooLong

MOST_ENTRIES = 4_000
LONGEST_WORD, LONGEST_ALIAS = 100, 200
"""Maximum characters of an entry's word, and of its alias."""
MOST_LEXICONS = 5
"""Maximum lexicons of a request, as in Polly."""
_TOKEN, _SPACE = r"[^\W_]+|\S", r"\s"
"""Not compiled here: a cold start imports this module, and few texts have a lexicon."""
_MOST_GROWTH, _FREE_GROWTH = 3, 2_000
"""Aliases may have this many times the characters of the text, plus a constant, so that no short text takes hours."""


class Entry(NamedTuple):
    """A word or phrase as written, and either its alias, the text to say instead, or its pronunciation in IPA."""

    word: str
    alias: str = ""
    ipa: str = ""
    exact: bool = False
    """Whether it matches only in the same case; otherwise in any case."""

    @property
    def json(self) -> dict[str, Any]:
        """The entry in the format of files and the API."""
        said = {"ipa": self.ipa} if self.ipa else {"alias": self.alias}
        return {"word": self.word, **said, "case": "exact" if self.exact else "any"}


class Match(NamedTuple):
    """A span of a text (end exclusive) and its entry; `possessive` if the span includes an English "'s"."""

    start: int
    end: int
    entry: Entry
    possessive: bool = False


@dataclass(frozen=True)
class Lexicon:
    """Entries for a language, or for every language if it is None. The first entry for a word applies."""

    entries: tuple[Entry, ...]
    language: str | None = None
    """BCP 47 tag: "en" applies to all English voices, "en-US" to American ones."""

    @property
    def json(self) -> dict[str, Any]:
        """The lexicon in the format of files and the API."""
        return {"language": self.language, "entries": [entry.json for entry in self.entries]}

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of everything that changes the audio, in hexadecimal."""
        from hashlib import sha256  # noqa: PLC0415  2 ms, and few texts have a lexicon

        canonical = json.dumps(self.json, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return sha256(canonical.encode()).hexdigest()

    def applies_to(self, language: str) -> bool:
        """Return whether the lexicon is for voices of a language."""
        return applies(self.language, language)

    @cached_property
    def tree(self) -> "Tree":
        """The entries in a tree, by the parts of their words."""
        tree: Tree = {}
        for entry in self.entries:
            node = tree
            for key in _parts(entry.word).keys[:-1]:
                node = node.setdefault(key, {})  # type: ignore[assignment]
            node.setdefault(_ENTRIES, _Spellings()).add(entry)  # type: ignore[union-attr]
        return tree


@dataclass
class _Spellings:
    """Entries whose words differ at most in case; a lexicon may have thousands for one word."""

    exact: dict[str, Entry] = field(default_factory=dict)
    """Entries by word as written. Those after an entry for any case are never used, and omitted."""
    any_case: Entry | None = None

    def add(self, entry: Entry) -> None:
        if self.any_case is not None:
            return
        if entry.exact:
            self.exact.setdefault(entry.word, entry)
        else:
            self.any_case = entry

    def find(self, written: str) -> Entry | None:
        return self.exact.get(written, self.any_case)


type Tree = dict[str, "Tree | _Spellings"]
"""Subtrees by the next part of words; _ENTRIES has the entries whose words end here."""
_ENTRIES, _SENTINEL = "", "\n"


class _Parts(NamedTuple):
    """The parts of a text in lower case: runs of letters and digits, and signs; each with a preceding space, if any."""

    keys: list[str]
    """The last one is a sentinel that is in no tree."""
    spans: list[tuple[int, int]]


def _parts(text: str) -> _Parts:
    lower = _lower(text)
    spans = [found.span() for found in re.finditer(_TOKEN, lower)]
    ends = [0, *(end for _, end in spans)]
    keys = [
        f" {lower[start:end]}" if 0 < before < start else lower[start:end]
        for (start, end), before in zip(spans, ends, strict=False)
    ]
    return _Parts([*keys, _SENTINEL], spans)


def _longest(tree: Tree, parts: _Parts, first: int, text: str) -> tuple[Entry, int] | None:
    """Return the entry with the longest word that starts at part `first`, and the number of the part after it."""
    keys, after, best = parts.keys, first, None
    node: Any = tree.get(keys[first].removeprefix(" "))
    while node is not None:
        after += 1
        if _ENTRIES in node:
            written = text[parts.spans[first][0] : parts.spans[after - 1][1]]
            entry = node[_ENTRIES].find(written)
            best = (entry, after) if entry else best
        node = node.get(keys[after])
    return best


def applies(lexicon: str | None, language: str) -> bool:
    """Return whether a lexicon for language `lexicon` applies to voices of `language`, which may be more specific."""
    if lexicon is None:
        return True
    wanted, spoken = (tag.lower().replace("_", "-") for tag in (lexicon, language))
    return spoken == wanted or spoken.startswith(f"{wanted}-")


def find_words(text: str, lexicons: Sequence[Lexicon], language: str) -> Iterator[Match]:
    """Yield the matches of lexicons in a text in NFC, in order, without overlap. The longest wins, then the first.

    A word that begins or ends with a letter or digit matches only if no other letter or digit is next to it. Takes
    linear time. Raise TextTooLong if the text would become much longer.
    """
    trees = [one.tree for one in lexicons if one.applies_to(language)]
    if not trees:
        return
    spaced, english = re.sub(_SPACE, " ", text), applies("en", language)
    parts, number = _parts(spaced), 0
    left = _MOST_GROWTH * len(text) + _FREE_GROWTH
    while number < len(parts.spans):
        found = [one for tree in trees if (one := _longest(tree, parts, number, spaced))]
        if not found:
            number += 1
            continue
        entry, after = max(found, key=lambda one: one[1])
        left -= len(entry.alias or entry.ipa)
        if left < 0:
            raise TextTooLong(
                "The lexicons make this text more than three times longer. Send it in parts, or shorten the entries.",
                param="lexicons",
            )
        possessive = english and parts.keys[after : after + 2] in (["'", "s"], ["\u2019", "s"])
        after += 2 * possessive
        yield Match(parts.spans[number][0], parts.spans[after - 1][1], entry, possessive)
        number = after


def _lower(text: str) -> str:
    """Return a text in lower case, with the same number of characters."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := one.lower()) == 1 else one for one in text)


EMOJI = "herald:emoji"
"""The lexicon of the names of emoji, which are silent without it. Names of tenants' lexicons have no colon."""
EMOJI_LANGUAGES = ("de", "en", "es", "fr", "it", "pt")
"""The languages of herald.speech.reading."""
EMOJI_VERSION = "2.16"
"""Release of the package `emoji`, whose names are those of Unicode's CLDR. It is part of the keys of files."""
_ORNAMENTS = (range(0x2190, 0x2C00), range(0x1F000, 0x1FB00))
"""Blocks of arrows, signs and pictographs. Characters that are not emoji have names in English only."""


class EmojiNames(Lexicon):
    """The names of emoji in one language, without entries: `tree` has the names.

    They are loaded by the first search, in 0.2 s.
    """

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of the language and the version of the names, in hexadecimal."""
        from hashlib import sha256  # noqa: PLC0415  2 ms, and few texts have a lexicon

        return sha256(f"{EMOJI} {self.language} {EMOJI_VERSION}".encode()).hexdigest()

    @cached_property
    def tree(self) -> Tree:
        """The names by the characters of their emoji."""
        return _names(self.language or "en").tree


@cache
def _names(language: str) -> Lexicon:
    """Return the emoji of the package with their names in a language; in English, also other pictographs."""
    import emoji  # noqa: PLC0415  0.2 s

    emoji.config.load_language(language)
    # Not every new emoji has a name in every language.
    names = {one: data[language] for one, data in emoji.EMOJI_DATA.items() if language in data}
    if language == "en":
        every = (chr(code) for block in _ORNAMENTS for code in block)
        others = {one: unicodedata.name(one, "").lower() for one in every if unicodedata.category(one) == "So"}
        names = others | names
    entries = ((one, " ".join(re.sub(r"[:_“”()]", " ", name).split())) for one, name in names.items())
    return Lexicon(tuple(Entry(one, alias=name, exact=True) for one, name in entries if name), language)


@cache
def emoji_names() -> tuple[EmojiNames, ...]:
    """Return the lexicon of each language."""
    return tuple(EmojiNames((), language) for language in EMOJI_LANGUAGES)
