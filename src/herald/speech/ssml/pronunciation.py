"""Pronunciations in the International Phonetic Alphabet or X-SAMPA, and English words that have several."""

from types import MappingProxyType

ALPHABETS = ("ipa", "x-sampa")
_IPA = frozenset(
    "abcdefhijklmnopqrstuvwxyzæçðøħŋœǀǁǂǃɐɑɒɓɔɕɖɗɘəɚɛɜɝɞɟɠɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʘʙʛʜʝʟʡʢβθχⱱᵻᵊ"
)
_DIACRITICS = frozenset("ˈˌːˑ̴̩̯̥̬̃̊̍̆̈̽̚ʰʲʷˠˤˣˀⁿˡ˞̪̺̻̟̠̤̰̼̹̜̝̞̘̙̋́̄̀̏")
_JOINS = frozenset(".͜͡‿|‖↗↘ 　-")
"""Syllables, ties, groups: they have no sound of their own."""
_SAME = str.maketrans(
    {"g": "ɡ", ":": "ː", "'": "ˈ", "ʼ": "ˈ", "’": "ˈ", "ʤ": "dʒ", "ʧ": "tʃ", "ʦ": "ts", "ʣ": "dz", "ɫ": "l", "ᵻ": "ɪ"}
)
_X_SAMPA = MappingProxyType({
    "b_<": "ɓ", "d_<": "ɗ", "g_<": "ɠ", "J\\_<": "ʄ", "G\\_<": "ʛ", "s\\": "ɕ", "z\\": "ʑ", "r\\`": "ɻ", "r\\": "ɹ",
    "h\\": "ɦ", "j\\": "ʝ", "l\\": "ɺ", "p\\": "ɸ", "v\\": "ʋ", "x\\": "ɧ", "B\\": "ʙ", "G\\": "ɢ", "H\\": "ʜ",
    "I\\": "ɪ", "J\\": "ɟ", "K\\": "ɮ", "L\\": "ʟ", "M\\": "ɰ", "N\\": "ɴ", "O\\": "ʘ", "R\\": "ʀ", "U\\": "ʊ",
    "X\\": "ħ", "3\\": "ɞ", "@\\": "ɘ", ":\\": "ˑ", "?\\": "ʕ", "!\\": "ǃ", "|\\": "ǀ", "=\\": "ǂ", "<\\": "ʢ",
    ">\\": "ʡ", "d`": "ɖ", "l`": "ɭ", "n`": "ɳ", "r`": "ɽ", "s`": "ʂ", "t`": "ʈ", "z`": "ʐ", "@`": "ɚ", "3`": "ɝ",
    "_h": "ʰ", "_j": "ʲ", "_w": "ʷ", "_~": "̃", "~": "̃", "_=": "̩", "=": "̩", "_0": "̥", "_v": "̬", "_d": "̪", "_^": "̯",
    "_G": "ˠ", "_e": "̴", "_n": "ⁿ", "_l": "ˡ", "_}": "̚", "_t": "̤", "_k": "̰", "_+": "̟", "_-": "̠", "_r": "̝", "_o": "̞",
    "_>": "", "A": "ɑ", "B": "β", "C": "ç", "D": "ð", "E": "ɛ", "F": "ɱ", "G": "ɣ", "H": "ɥ", "I": "ɪ", "J": "ɲ",
    "K": "ɬ", "L": "ʎ", "M": "ɯ", "N": "ŋ", "O": "ɔ", "P": "ʋ", "Q": "ɒ", "R": "ʁ", "S": "ʃ", "T": "θ", "U": "ʊ",
    "V": "ʌ", "W": "ʍ", "X": "χ", "Y": "ʏ", "Z": "ʒ", "@": "ə", "{": "æ", "}": "ʉ", "1": "ɨ", "2": "ø", "3": "ɜ",
    "4": "ɾ", "5": "l", "6": "ɐ", "7": "ɤ", "8": "ɵ", "9": "œ", "&": "ɶ", "?": "ʔ", '"': "ˈ", "%": "ˌ", ":": "ː",
    "'": "ʲ", "`": "˞", "g": "ɡ", ".": "", "-": "", "|": "", " ": " ",
})  # fmt: skip
_LONGEST_SYMBOL = max(map(len, _X_SAMPA))
_VOWELS = frozenset("aeiouyæøœɐɑɒɔɘəɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏᵻᵊ")
_STRESS = "ˈˌ"


def ipa_of(pronunciation: str, alphabet: str) -> str:
    """Return a pronunciation in IPA as espeak-ng writes it: stress before the vowel, affricates in two symbols.

    Raise ValueError for a symbol that the alphabet does not have, and for another alphabet.
    """
    import unicodedata  # noqa: PLC0415  needed only for pronunciations

    if alphabet not in ALPHABETS:
        raise ValueError(f"alphabet must be one of {', '.join(ALPHABETS)}")
    written = pronunciation.strip().strip("/[]")
    if alphabet == "x-sampa":
        plain = _from_x_sampa(written)
    else:
        # "ç" is one symbol, although it decomposes.
        plain = "".join(one if one in _IPA else unicodedata.normalize("NFD", one) for one in written)
    made = "".join(one for one in plain.translate(_SAME) if one not in _JOINS or one == " ")
    unknown = next(
        (at for at, one in enumerate(made) if one not in _IPA and one not in _DIACRITICS and one != " "), None
    )
    if unknown is not None:
        raise ValueError(f"ph has a symbol that is not in the alphabet {alphabet} (U+{ord(made[unknown]):04X})")
    if not any(one in _IPA for one in made):
        raise ValueError("ph must have at least one sound")
    return " ".join(map(_stress_at_vowel, made.split()))


def _from_x_sampa(text: str) -> str:
    made, at = [], 0
    while at < len(text):
        for length in range(min(_LONGEST_SYMBOL, len(text) - at), 0, -1):
            symbol = text[at : at + length]
            if symbol in _X_SAMPA or (length == 1 and symbol.isascii() and symbol.islower()):
                made.append(_X_SAMPA.get(symbol, symbol))
                at += length
                break
        else:
            raise ValueError(f"ph has a symbol that is not in the alphabet x-sampa (U+{ord(text[at]):04X})")
    return "".join(made)


def _stress_at_vowel(word: str) -> str:
    """Move each mark of stress from the start of its syllable to its vowel."""
    made, held = "", ""
    for one in word:
        if one in _STRESS:
            held = one
            continue
        if held and one in _VOWELS:
            made, held = made + held, ""
        made += one
    return made


_HOMOGRAPHS: dict[str, dict[str, str]] = {
    word: dict(part.split("=") for part in readings.split())
    for word, readings in {
        "read": "VB=ɹˈiːd VBD=ɹˈɛd VBN=ɹˈɛd",
        "lead": "VB=lˈiːd NN=lˈiːd SENSE_1=lˈɛd",
        "live": "VB=lˈɪv JJ=lˈaɪv",
        "wind": "NN=wˈɪnd VB=wˈaɪnd",
        "wound": "NN=wˈuːnd VBD=wˈaʊnd",
        "tear": "NN=tˈɪɹ VB=tˈɛɹ",
        "bow": "NN=bˈoʊ VB=bˈaʊ",
        "bass": "NN=bˈeɪs SENSE_1=bˈæs",
        "close": "VB=klˈoʊz JJ=klˈoʊs",
        "use": "VB=jˈuːz NN=jˈuːs",
        "house": "VB=hˈaʊz NN=hˈaʊs",
        "abuse": "VB=əbjˈuːz NN=əbjˈuːs",
        "excuse": "VB=ɛkskjˈuːz NN=ɛkskjˈuːs",
        "minute": "NN=mˈɪnɪt JJ=maɪnjˈuːt",
        "desert": "NN=dˈɛzɚt VB=dɪzˈɜːt",
        "dove": "NN=dˈʌv VBD=dˈoʊv",
        "record": "NN=ɹˈɛkɚd VB=ɹɪkˈoːɹd",
        "present": "NN=pɹˈɛzənt JJ=pɹˈɛzənt VB=pɹɪzˈɛnt",
        "object": "NN=ˈɑːbdʒɛkt VB=əbdʒˈɛkt",
        "project": "NN=pɹˈɑːdʒɛkt VB=pɹədʒˈɛkt",
        "content": "NN=kˈɑːntɛnt JJ=kəntˈɛnt",
        "contract": "NN=kˈɑːntɹækt VB=kəntɹˈækt",
        "conduct": "NN=kˈɑːndʌkt VB=kəndˈʌkt",
        "produce": "NN=pɹˈoʊduːs VB=pɹədˈuːs",
        "refuse": "NN=ɹˈɛfjuːs VB=ɹɪfjˈuːz",
        "permit": "NN=pˈɜːmɪt VB=pɚmˈɪt",
        "rebel": "NN=ɹˈɛbəl VB=ɹɪbˈɛl",
        "subject": "NN=sˈʌbdʒɛkt VB=səbdʒˈɛkt",
        "separate": "JJ=sˈɛpɹət VB=sˈɛpəɹeɪt",
        "estimate": "NN=ˈɛstɪmət VB=ˈɛstɪmeɪt",
    }.items()
}
"""American English words whose sound depends on their role, by Polly's names of roles without the prefix."""
ROLES = (
    "amazon:VB",
    "amazon:VBD",
    "amazon:VBN",
    "amazon:NN",
    "amazon:JJ",
    "amazon:DT",
    "amazon:IN",
    "amazon:DEFAULT",
    "amazon:SENSE_1",
)


def homograph(word: str, role: str) -> str:
    """Return the IPA of an English word in a role, or "" if the role does not change it."""
    return _HOMOGRAPHS.get(word.strip().lower(), {}).get(role.removeprefix("amazon:"), "")
