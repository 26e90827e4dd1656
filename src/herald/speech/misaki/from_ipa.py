"""Convert espeak-ng's English IPA to misaki's alphabet."""

import re
import unicodedata

_AMERICAN = {
    "aɪ": "I", "aʊ": "W", "eɪ": "A", "ɔɪ": "Y", "oʊ": "O", "əʊ": "O", "dʒ": "ʤ", "tʃ": "ʧ",
    "ɜː": "ɜɹ", "ɚ": "əɹ", "oː": "ɔ", "iə": "ɪɹ", "əl": "ᵊl", "n̩": "ᵊn", "l̩": "ᵊl", "ɾ": "T", "ʔ": "t",
    "r": "ɹ", "x": "k", "ç": "k", "ɬ": "l", "e": "A", "o": "O", "a": "æ", "ɐ": "ə", "ʲ": "", "ː": "", "\u0303": "",
}  # fmt: skip
_SOUND = re.compile("|".join(map(re.escape, sorted(_AMERICAN, key=len, reverse=True))))
_DOUBLE_R = re.compile("ɹɹ+")
_KNOWN = frozenset("abdefhijklmnoprstuvwxzæçðŋɐɑɔəɚɛɜɡɪɬɹɾʃʊʌʒʔθᵻˈˌː\u0303\u0329ʲ ,;:.!?")
"""Phonemes of espeak-ng that have a counterpart in misaki's alphabet."""
_BETWEEN = re.compile("ə(?=l[ˈˌ]?[aeiouæɐɑɔəɛɜɪʊʌ])")
"""A schwa before an l that begins the next syllable, as in "hello"; "əl" is else the end of "little"."""
_WHOLE = {"ɐ": "ɐ", "ðɪ": "ði"}
"""Unstressed words that have another sound than the same letters inside a word."""


def misaki_from_ipa(ipa: str) -> str:
    """Return American English phonemes of espeak-ng, words separated by spaces, in misaki's alphabet."""
    return " ".join(_WHOLE.get(word) or _converted(word) for word in ipa.replace("ʲ", "").split())


def misaki_from_any_ipa(ipa: str) -> str:
    """Return IPA of any language in misaki's alphabet, with the nearest sounds that American English has."""
    from herald.speech.ipa import nearest  # noqa: PLC0415  needed only for pronunciations

    return misaki_from_ipa(_BETWEEN.sub("ɐ", nearest(unicodedata.normalize("NFC", ipa), _KNOWN)))


def _converted(word: str) -> str:
    return _DOUBLE_R.sub("ɹ", _SOUND.sub(lambda found: _AMERICAN[found[0]], word))
