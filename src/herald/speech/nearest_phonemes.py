"""The nearest phoneme for one that a voice lacks."""

from collections.abc import Collection
from types import MappingProxyType

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
_MOST_STEPS = 6


def nearest(ipa: str, known: Collection[str]) -> str:
    """Return IPA with the nearest of the known symbols for each that is not known; marks without one are dropped."""
    return "".join(_one(symbol, known, _MOST_STEPS) for symbol in ipa)


def _one(symbol: str, known: Collection[str], steps: int) -> str:
    if symbol in known:
        return symbol
    other = _NEAREST.get(symbol, "")
    return "".join(_one(one, known, steps - 1) for one in other) if steps else ""
