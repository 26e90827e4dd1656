"""Parse pronunciations in the International Phonetic Alphabet or X-SAMPA, and adapt them to a voice.

X-SAMPA is the IPA in ASCII (J. C. Wells, "Computer-coding the IPA", 1995).
A pronunciation is a string of words separated by spaces, in NFD, such as "təˈmeɪtoʊ". Syllable dots, tie bars and
tones are omitted, because voices cannot speak them.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from types import MappingProxyType
from typing import Literal

from herald.errors import InvalidRequest

type Alphabet = Literal["ipa", "x-sampa"]

ALPHABETS: tuple[Alphabet, ...] = ("ipa", "x-sampa")
LONGEST = 100
"""Maximum characters of a pronunciation."""
OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Noncharacters around the phonemes of a word within a text for the synthesizer; herald.speech.text refuses them."""
GIVEN = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
"""A word whose pronunciation is given."""

_LETTERS = frozenset(
    "abcdefhijklmnopqrstuvwxyzɡæçðøħŋœβθχɐɑɒɓɔɕɖɗɘəɚɛɜɝɞɟɠɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʘʙʛʜʝʟʡʢǀǁǂǃᵻ"
    "ʣʤʥʦʧʨ"
)
"""The letters of the IPA chart (2020), the ligatures of affricates, and "ᵻ", which dictionaries use for English."""
_MODIFIERS = frozenset("ˈˌːˑʰʱʲʷˠˤˀⁿˡʼ˞")
_SILENT = frozenset(".|‖‿‧·˥˦˧˨˩↗↘↑↓ꜛꜜ\u0361\u035c\u032f")
"""Boundaries of syllables and phrases, links, tones, tie bars, and the mark of a non-syllabic vowel."""
_EQUIVALENTS = {"g": "ɡ", "'": "ˈ", "’": "ˈ", "ʹ": "ˈ", ",": "ˌ", ":": "ː", "ʦ": "ts", "ʣ": "dz", "ʧ": "tʃ", "ʤ": "dʒ"}
"""Other notations of letters and marks. Ligatures become two letters, as in the phonemes of voices."""
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
_VOICELESS, _SIBILANTS = "ptkfθ", "szʃʒ"


def parse_pronunciation(text: str, alphabet: Alphabet = "ipa") -> str:
    """Return a pronunciation in IPA, in the form that this module documents.

    Raise InvalidRequest with the code invalid_pronunciation for an unknown symbol, with its position, for a
    pronunciation without a letter, and for one with more than LONGEST characters.
    """
    if len(text) > LONGEST:
        raise _invalid(f"The pronunciation has {len(text)} characters; the limit is {LONGEST}.")
    enclosed = re.fullmatch(_ENCLOSED, text)
    inner = (enclosed[1] or enclosed[2] or "") if enclosed and alphabet == "ipa" else text
    written = ipa_of_xsampa(inner) if alphabet == "x-sampa" else inner
    offset = text.index(inner) if inner else 0
    symbols = []
    for at, character in enumerate(unicodedata.normalize("NFD", written), 1):
        if character in _SILENT:
            continue
        symbol = _EQUIVALENTS.get(character, character)
        if symbol.isspace():
            symbols.append(" ")
        elif symbol in _LETTERS or symbol in _MODIFIERS or len(symbol) > 1 or unicodedata.category(character) == "Mn":
            symbols.append(symbol)
        else:
            raise _invalid(
                f"Symbol {at + offset} of the pronunciation, U+{ord(character):04X}, is not in the IPA. "
                "Write it with the symbols of the IPA, or in x-sampa."
            )
    words = " ".join("".join(symbols).split())
    if not any(symbol in _LETTERS for symbol in words):
        raise _invalid("The pronunciation has no letter.")
    return words


def _invalid(message: str) -> InvalidRequest:
    return InvalidRequest(message, code="invalid_pronunciation")


def mark(ipa: str) -> str:
    """Return the words of a pronunciation, each between OPEN and CLOSE, for a text that is synthesized."""
    return " ".join(f"{OPEN}{word}{CLOSE}" for word in ipa.split(" "))


def adapt(ipa: str, language: str) -> str:
    """Return a word of a pronunciation in espeak-ng's notation for a language, with stress marks before vowels.

    A voice omits symbols that it still does not support.
    """
    word = "".join(_stress_before_vowel(ipa))
    primary = language.lower().partition("-")[0].partition("_")[0]
    table = _ADAPTED.get(primary)
    return _pattern(primary).sub(lambda found: table[found[0]], word) if table else word


def _stress_before_vowel(ipa: str) -> Iterator[str]:
    """Yield the symbols with each stress moved from the beginning of its syllable to its vowel."""
    stress = ""
    for at, symbol in enumerate(ipa):
        if symbol in _STRESS:
            stress = symbol
            continue
        if stress and (symbol in _VOWELS or ipa[at + 1 : at + 2] == _SYLLABIC):
            yield stress
            stress = ""
        yield symbol


@cache
def _pattern(language: str) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _ADAPTED[language]), key=len, reverse=True)))


def add_possessive(ipa: str) -> str:
    """Return the IPA of an English word with the ending "'s"."""
    last = next((symbol for symbol in reversed(ipa) if symbol in _LETTERS), "")
    return ipa + ("ɪz" if last in _SIBILANTS else "s" if last in _VOICELESS else "z")


_NEAREST = MappingProxyType({
    "y": "i", "ʏ": "ɪ", "ø": "ə", "œ": "ɜ", "ɨ": "ɪ", "ʉ": "u", "ɯ": "u", "ɤ": "ʌ", "ɘ": "ə", "ɵ": "ə",
    "ɞ": "ɜ", "ɶ": "æ", "ɒ": "ɑ", "ɑ": "a", "ɐ": "ə", "ʌ": "ɐ", "æ": "a", "ɛ": "e", "ɔ": "o", "ɪ": "i",
    "ʊ": "u", "ɜ": "ə", "ɝ": "ɜɹ", "ɚ": "əɹ", "ᵻ": "ɪ", "ə": "ɐ", "ᵊ": "ə", "a": "ɑ", "e": "ɛ", "o": "ɔ",
    "ʁ": "ɹ", "ʀ": "ɹ", "r": "ɹ", "ɹ": "r", "ɻ": "ɹ", "ɽ": "ɾ", "ɾ": "d", "ɺ": "l", "ɭ": "l", "ɫ": "l",
    "ɬ": "l", "ɮ": "l", "ʟ": "l", "ʎ": "lj", "ɲ": "nj", "ɳ": "n", "ŋ": "n", "ɴ": "ŋ", "ɱ": "m", "β": "v",
    "ɸ": "f", "ʋ": "v", "ⱱ": "v", "θ": "t", "ð": "d", "ɕ": "ʃ", "ʑ": "ʒ", "ʂ": "ʃ", "ʐ": "ʒ", "ʃ": "s",
    "ʒ": "z", "ç": "x", "x": "h", "χ": "x", "ɣ": "ɡ", "ɟ": "ɡ", "ɢ": "ɡ", "ɠ": "ɡ", "ʛ": "ɡ", "c": "k",
    "q": "k", "ʈ": "t", "ɖ": "d", "ɗ": "d", "ɓ": "b", "ʄ": "ɡ", "ħ": "h", "ɦ": "h", "ʜ": "h", "ʍ": "w",
    "ɥ": "w", "ɰ": "ɡ", "ʝ": "j", "ɧ": "ʃ", "ʔ": "", "ʕ": "", "ʢ": "", "ʡ": "", "ʙ": "b", "ʘ": "", "ǀ": "",
    "ǁ": "", "ǂ": "", "ǃ": "", "ɡ": "g",
})  # fmt: skip
_MAX_STEPS = 6


def nearest(ipa: str, known: Collection[str]) -> str:
    """Return IPA with each unknown symbol replaced by the nearest known one; drop marks that have none."""
    return "".join(_nearest_symbols(symbol, known, _MAX_STEPS) for symbol in ipa)


def _nearest_symbols(symbol: str, known: Collection[str], steps: int) -> str:
    if symbol in known:
        return symbol
    other = _NEAREST.get(symbol, "")
    return "".join(_nearest_symbols(part, known, steps - 1) for part in other) if steps else ""


_SAME = "abcdefhijklmnopqrstuvwxyz"
_SYMBOLS = dict(zip(_SAME, _SAME, strict=True)) | {
    "b_<": "ɓ", "d`": "ɖ", "d_<": "ɗ", "g": "ɡ", "g_<": "ɠ", "h\\": "ɦ", "j\\": "ʝ", "l`": "ɭ", "l\\": "ɺ", "n`": "ɳ",
    "p\\": "ɸ", "r`": "ɽ", "r\\": "ɹ", "r\\`": "ɻ", "s`": "ʂ", "s\\": "ɕ", "t`": "ʈ", "v\\": "ʋ", "P": "ʋ", "x\\": "ɧ",
    "z`": "ʐ", "z\\": "ʑ",
    "A": "ɑ", "B": "β", "B\\": "ʙ", "C": "ç", "D": "ð", "E": "ɛ", "F": "ɱ", "G": "ɣ", "G\\": "ɢ", "G\\_<": "ʛ",
    "H": "ɥ", "H\\": "ʜ", "I": "ɪ", "I\\": "ᵻ", "J": "ɲ", "J\\": "ɟ", "J\\_<": "ʄ", "K": "ɬ", "K\\": "ɮ", "L": "ʎ",
    "L\\": "ʟ", "M": "ɯ", "M\\": "ɰ", "N": "ŋ", "N\\": "ɴ", "O": "ɔ", "O\\": "ʘ", "Q": "ɒ", "R": "ʁ", "R\\": "ʀ",
    "S": "ʃ", "T": "θ", "U": "ʊ", "U\\": "ʊ", "V": "ʌ", "W": "ʍ", "X": "χ", "X\\": "ħ", "Y": "ʏ", "Z": "ʒ",
    "@": "ə", "@\\": "ɘ", "@`": "ɚ", "{": "æ", "}": "ʉ", "1": "ɨ", "2": "ø", "3": "ɜ", "3\\": "ɞ", "3`": "ɝ", "4": "ɾ",
    "5": "ɫ", "6": "ɐ", "7": "ɤ", "8": "ɵ", "9": "œ", "&": "ɶ", "?": "ʔ", "?\\": "ʕ", ">\\": "ʡ", "<\\": "ʢ",
    "!\\": "ǃ", "|\\": "ǀ", "|\\|\\": "ǁ", "=\\": "ǂ",
    '"': "ˈ", "%": "ˌ", ":": "ː", ":\\": "ˑ", ".": ".", "|": "|", "||": "‖", "-": "", "'": "ʲ", "`": "˞", "~": "\u0303",
    "=": "\u0329", "-\\": "‿", "<R>": "↗", "<F>": "↘", "^": "ꜛ", "!": "ꜜ",
    '_"': "\u0308", "_+": "\u031f", "_-": "\u0320", "_/": "\u030c", "_0": "\u0325", "_=": "\u0329", "_>": "ʼ",
    "_?\\": "ˤ", "_\\": "\u0302", "_^": "\u032f", "_}": "\u031a", "_`": "˞", "_~": "\u0303", "_A": "\u0318",
    "_a": "\u033a", "_c": "\u031c", "_d": "\u032a", "_e": "\u0334", "_G": "ˠ", "_h": "ʰ", "_j": "ʲ", "_k": "\u0330",
    "_l": "ˡ", "_m": "\u033b", "_N": "\u033c", "_n": "ⁿ", "_O": "\u0339", "_o": "\u031e", "_q": "\u0319",
    "_r": "\u031d", "_t": "\u0324", "_v": "\u032c", "_w": "ʷ", "_X": "\u0306", "_x": "\u033d",
    "_B": "˩", "_L": "˨", "_M": "˧", "_H": "˦", "_T": "˥", "_F": "\u0302", "_R": "\u030c", "_": "\u0361",
}  # fmt: skip
_TOKEN = re.compile("|".join(sorted(map(re.escape, _SYMBOLS), key=len, reverse=True)) + r"|(\s+)|(.)", re.DOTALL)


def ipa_of_xsampa(text: str) -> str:
    """Return a pronunciation in IPA; raise InvalidRequest `invalid_pronunciation` for an unknown symbol."""
    symbols = []
    for found in _TOKEN.finditer(text):
        if found[2]:
            raise _invalid(
                f"Symbol {found.start() + 1} of the pronunciation, U+{ord(found[2]):04X}, is not in X-SAMPA."
            )
        symbols.append(" " if found[1] else _SYMBOLS[found[0]])
    return "".join(symbols)
