"""Fold Unicode to the characters that the rules support, and map them to the original offsets."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from herald.errors import UnreadableText
from herald.speech.reading.table import Table
from herald.speech.reading.token import Token

_APOSTROPHES = "'’‘‛ʼʹ´`′＇ˈ՚Ꞌꞌʻʽ"
_KEPT = frozenset("‰–—º°ª¿¡§¶×÷±≤≥≈≠√π∞µ€£¥₹₽₩₺₴₫₪₱₦¢₿฿₡₲₧₵₸₮₭₼₾•→")
_CHANGED = {
    **dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys("“”„‟«»‹›″〝〞＂", '"'), **dict.fromkeys("‐‑−﹣－", "-"),
    **dict.fromkeys("‒﹘", "–"), **dict.fromkeys("―⸺⸻", "—"), **dict.fromkeys("‣◦▪▫●○■□◆◇▶►➤➢✓✔✅☑❖∙·⁃", "•"),
    **dict.fromkeys("™©®℠", ""), **dict.fromkeys("⁄∕", "/"), **dict.fromkeys("،、，", ","), **dict.fromkeys("。", "."),
    "：": ":", "№": "No. ", "²": "^2", "³": "^3", **{one: f" {one} " for one in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒"}, "μ": "µ",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H", "ı": "i", "ĸ": "k", "ł": "l", "Ł": "L", "ŋ": "ng",
    "Ŋ": "Ng", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th", "ŧ": "t", "Ŧ": "T", "æ": "ae", "Æ": "Ae",
    "ß": "ss", "ẞ": "SS", "ə": "a", "Ə": "A", "ɛ": "e", "Ɛ": "E", "ɔ": "o", "Ɔ": "O", "ɓ": "b", "Ɓ": "B", "ɗ": "d",
    "Ɗ": "D", "ƙ": "k", "Ƙ": "K", "ƴ": "y", "Ƴ": "Y", "ɖ": "d", "Ɖ": "D", "ƒ": "f", "Ƒ": "F", "ɣ": "g", "Ɣ": "G",
    "ʋ": "v", "Ʋ": "V", "ǀ": "", "ǁ": "", "ǂ": "", "ǃ": "", "ƿ": "w", "ʒ": "zh", "Ʒ": "Zh", "ȝ": "gh", "Ȝ": "Gh",
}  # fmt: skip
_SPACES = {"\x85": "\n", "\u2028": "\n", "\u2029": "\n\n"}
"""Separators other than spaces. Other control characters, and marks without a letter, are dropped."""
_LATIN = "LATIN"
_LAST_SUPPORTED = "\u017f"
"""Last letter of Latin Extended-A. espeak-ng reads Latin letters up to this one in every language with Latin script."""
_LONGEST_NAME = 24


class Folded(NamedTuple):
    """A folded text; the original start and end of each of its characters, or None if it is the original."""

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def at(self, original: int) -> int:
        """Return the offset in this text for one in the original."""
        return original if self.starts is None else bisect_left(self.starts, original)

    def original(self, token: Token) -> Token:
        """Return a token with the span of the original text."""
        if self.starts is None or self.ends is None:
            return token
        if token.start == token.end:
            at = self.ends[token.end - 1] if token.end else 0
            return token._replace(start=at, end=at)
        return token._replace(start=self.starts[token.start], end=self.ends[token.end - 1])


def composed(text: str) -> Folded:
    """Return the text in NFC."""
    if unicodedata.is_normalized("NFC", text):
        return Folded(text)
    made: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        cluster = unicodedata.normalize("NFC", text[start:end])
        made += cluster
        starts += [start] * len(cluster)
        ends += [end] * len(cluster)
    return Folded("".join(made), starts, ends)


def fold(text: str, table: Table) -> Folded:
    """Return the text in plain characters.

    Compatibility forms become the characters that they represent, letters that are not read their base letter, and all
    spaces and pictographs a space. Invisible characters are dropped. Raise UnreadableText for other scripts.
    """
    if all(_fold_cluster(one, table.alphabet) == one for one in {*text}):
        return Folded(text)
    made: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        cluster = text[start:end]
        folded = _fold_cluster(cluster, table.alphabet)
        if folded is None:
            if not _is_symbol(text, start, end):
                error = UnreadableText(_unreadable(text, start, table), param="input")
                error.at = start
                raise error
            folded = cluster
        made += folded
        starts += [start] * len(folded)
        ends += [end] * len(folded)
    return Folded("".join(made), starts, ends)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each character with its combining marks."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or text[at] < "\u0300" or unicodedata.category(text[at])[0] != "M":
            yield start, at
            start = at


@lru_cache(maxsize=4096)
def _fold_cluster(cluster: str, alphabet: str) -> str | None:
    """Return the plain form of a character with its marks; None for a letter that cannot be read."""
    if cluster.isascii() and cluster != "`":
        return cluster
    composed = unicodedata.normalize("NFC", cluster)
    if composed in alphabet or composed in _KEPT:
        return composed
    out = []
    for one in composed:
        plain = _fold_character(one, alphabet)
        if plain is None:
            return None
        out.append(plain)
    return "".join(out)


def _fold_character(one: str, alphabet: str) -> str | None:
    if (one.isascii() and one != "`") or one in alphabet or one in _KEPT:
        return one
    category = unicodedata.category(one)
    if one in _CHANGED and not (category[0] == "L" and one <= _LAST_SUPPORTED):
        return _CHANGED[one]
    if category == "Nd":
        return str(unicodedata.digit(one))
    if category[0] in "CMZ":
        return _SPACES.get(one, " " if category == "Zs" else "")
    plain = unicodedata.normalize("NFKC", one)
    if plain != one:
        return _fold_all(plain, alphabet)
    return _fold_letter(one, alphabet) if category[0] == "L" else " "


def _fold_letter(one: str, alphabet: str) -> str | None:
    name = unicodedata.name(one, "")
    if not name.startswith(_LATIN):
        is_modifier = unicodedata.category(one) == "Lm" and "MODIFIER" in name  # such as the Hawaiian okina
        return "" if is_modifier else None
    if one <= _LAST_SUPPORTED:
        return one
    base = unicodedata.normalize("NFD", one)[0]
    if base != one:
        return _fold_all(base, alphabet)
    # "LATIN SMALL LETTER B WITH HOOK": the letter is in the name.
    letter = name.removeprefix("LATIN SMALL LETTER ").removeprefix("LATIN CAPITAL LETTER ").split(" ")[0]
    return (letter.lower() if one.islower() else letter) if len(letter) == 1 and letter.isascii() else ""


def _fold_all(text: str, alphabet: str) -> str | None:
    folded = [_fold_character(one, alphabet) for one in text]
    return None if None in folded else "".join(filter(None, folded))


def _is_symbol(text: str, start: int, end: int) -> bool:
    """Return whether a Greek letter is a symbol, as in "α" or "5 Ω", not part of a Greek word."""
    alone = not (start and text[start - 1].isalpha()) and not (end < len(text) and text[end].isalpha())
    return alone and end - start == 1 and unicodedata.name(text[start], "").startswith("GREEK")


def _unreadable(text: str, start: int, table: Table) -> str:
    end = start
    while end < len(text) and text[end].isalpha() and _fold_cluster(text[end], table.alphabet) is None:
        end += 1
    end = max(end, start + 1)
    script = unicodedata.name(text[start], "unknown").split(" ")[0].title()[:_LONGEST_NAME]
    where = f"Character {start + 1} is" if end == start + 1 else f"Characters {start + 1} to {end} are"
    return f"{where} in a script ({script}) that this voice cannot read. Choose a voice for it, or rewrite it."
