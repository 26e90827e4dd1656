"""Pronunciations in the International Phonetic Alphabet: check them, read X-SAMPA, and adapt them to a voice.

A pronunciation is a string of words separated by spaces, in NFD, such as "təˈmeɪtoʊ". Syllable dots, tie bars and
tones carry no sound of their own here and are left out.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from herald.errors import InvalidRequest

type Alphabet = Literal["ipa", "x-sampa"]

ALPHABETS: tuple[Alphabet, ...] = ("ipa", "x-sampa")
LONGEST = 100
"""Most characters of a pronunciation."""
OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Noncharacters around the phonemes of a word within a text for the synthesizer; herald.speech.text refuses them."""
GIVEN = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
"""A word of a given pronunciation."""

_LETTERS = frozenset(
    "abcdefhijklmnopqrstuvwxyzɡæçðøħŋœβθχɐɑɒɓɔɕɖɗɘəɚɛɜɝɞɟɠɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʘʙʛʜʝʟʡʢǀǁǂǃᵻ"
    "ʣʤʥʦʧʨ"
)
"""The letters of the IPA chart (2020), the ligatures of affricates, and "ᵻ", which dictionaries use for English."""
_MODIFIERS = frozenset("ˈˌːˑʰʱʲʷˠˤˀⁿˡʼ˞")
_SILENT = frozenset(".|‖‿‧·˥˦˧˨˩↗↘↑↓ꜛꜜ\u0361\u035c\u032f")
"""Boundaries of syllables and phrases, links, tones, tie bars, and the mark of a vowel that is no syllable."""
_ALSO = {"g": "ɡ", "'": "ˈ", "’": "ˈ", "ʹ": "ˈ", ",": "ˌ", ":": "ː", "ʦ": "ts", "ʣ": "dz", "ʧ": "tʃ", "ʤ": "dʒ"}
"""Other ways to write a letter or a mark; ligatures as two letters, as voices know them."""
_ENCLOSED = r"\s*(?:/([^/]*)/|\[([^\[\]]*)\])\s*"
_VOWELS = frozenset("aeiouyæøœɐɑɒɔɘəɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏᵻ")
_SYLLABIC = "\u0329"
_STRESS = frozenset("ˈˌ")

_ENGLISH = {
    "r": "ɹ", "ɝ": "ɜː", "ɜːɹ": "ɜː", "ɜɹ": "ɜː", "ɫ": "l", "ʍ": "w", "əɹ": "ɚ",
    "oʊ": "oʊ", "əʊ": "əʊ", "eɪ": "eɪ", "aɪ": "aɪ", "aʊ": "aʊ", "ɔɪ": "ɔɪ", "oɪ": "ɔɪ", "eə": "ɛɹ", "aː": "ɑː",
    "e": "ɛ", "a": "æ", "o": "oʊ",
}  # fmt: skip
"""Symbols of English dictionaries as espeak-ng writes them; "e" is the vowel of "bed", as in British ones."""
_GERMAN = {"ʁ": "ɾ", "ʀ": "ɾ", "r": "ɾ", "ɐ": "ɜ"}
_ADAPTED = {"en": _ENGLISH, "de": _GERMAN}
_SAID_AS_S, _HISSING = "ptkfθ", "szʃʒ"


def pronunciation(text: str, alphabet: Alphabet = "ipa") -> str:
    """Return a pronunciation in IPA, as this module writes it.

    Raise InvalidRequest with the code invalid_pronunciation for a symbol that the alphabet doesn't have, with its
    position; for a pronunciation without a letter, and for one of more than LONGEST characters.
    """
    if len(text) > LONGEST:
        raise _invalid(f"The pronunciation has {len(text)} characters; the limit is {LONGEST}.")
    enclosed = re.fullmatch(_ENCLOSED, text)
    inner = (enclosed[1] or enclosed[2] or "") if enclosed and alphabet == "ipa" else text
    written = inner
    if alphabet == "x-sampa":
        from herald.speech.xsampa import ipa_of_xsampa  # noqa: PLC0415  1 ms, rarely needed

        written = ipa_of_xsampa(inner)
    offset = text.index(inner) if inner else 0
    made = []
    for at, one in enumerate(unicodedata.normalize("NFD", written), 1):
        if one in _SILENT:
            continue
        known = _ALSO.get(one, one)
        if known.isspace():
            made.append(" ")
        elif known in _LETTERS or known in _MODIFIERS or len(known) > 1 or unicodedata.category(one) == "Mn":
            made.append(known)
        else:
            raise _invalid(
                f"Symbol {at + offset} of the pronunciation, U+{ord(one):04X}, is not in the IPA. "
                "Write it with the symbols of the IPA, or in x-sampa."
            )
    words = " ".join("".join(made).split())
    if not any(one in _LETTERS for one in words):
        raise _invalid("The pronunciation has no letter.")
    return words


def _invalid(message: str) -> InvalidRequest:
    return InvalidRequest(message, code="invalid_pronunciation")


def marked(ipa: str) -> str:
    """Return the words of a pronunciation, each between OPEN and CLOSE, for a text that is synthesized."""
    return " ".join(f"{OPEN}{word}{CLOSE}" for word in ipa.split(" "))


def adapted(ipa: str, language: str) -> str:
    """Return a word of a pronunciation as espeak-ng writes it in a language, with stress marks before vowels.

    Symbols that remain unknown to a voice are left out when it speaks.
    """
    word = "".join(_stress_before_vowel(ipa))
    primary = language.lower().partition("-")[0].partition("_")[0]
    table = _ADAPTED.get(primary)
    return _replacing(primary, table, word) if table else word


def _stress_before_vowel(ipa: str) -> Iterator[str]:
    """Yield the symbols with each stress moved from the beginning of its syllable to its vowel."""
    stress = ""
    for at, one in enumerate(ipa):
        if one in _STRESS:
            stress = one
            continue
        if stress and (one in _VOWELS or ipa[at + 1 : at + 2] == _SYLLABIC):
            yield stress
            stress = ""
        yield one


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _replacing(language: str, table: dict[str, str], word: str) -> str:
    pattern = _PATTERNS.get(language)
    if pattern is None:
        pattern = re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
        _PATTERNS[language] = pattern
    return pattern.sub(lambda found: table[found[0]], word)


def possessive(ipa: str) -> str:
    """Return an English word with the sound of "'s"."""
    last = next((one for one in reversed(ipa) if one in _LETTERS), "")
    return ipa + ("ɪz" if last in _HISSING else "s" if last in _SAID_AS_S else "z")
