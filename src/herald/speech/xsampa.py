"""X-SAMPA: the International Phonetic Alphabet in ASCII (J. C. Wells, "Computer-coding the IPA", 1995)."""

import re

from herald.errors import InvalidRequest

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
    made = []
    for found in _TOKEN.finditer(text):
        if found[2]:
            raise InvalidRequest(
                f"Symbol {found.start() + 1} of the pronunciation, U+{ord(found[2]):04X}, is not in X-SAMPA.",
                code="invalid_pronunciation",
            )
        made.append(" " if found[1] else _SYMBOLS[found[0]])
    return "".join(made)
