"""Abbreviations, titles, initials, acronyms and words in capitals."""

import re
from collections.abc import Mapping

from herald.speech.reading.grammar import VOWELS
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules
from herald.speech.reading.scanner import Scan

_WORD_AFTER = Lazy(r"\s+(?:[^\W\d_]{2}|[A-Z]\.)")
_CAPITAL_AFTER = Lazy(r"\s+([A-ZÀ-ÖØ-Ý][^\W\d_]*\.?)")
_GOES_ON = Lazy(r"\s*[,;:)]|\s+[a-z\d(§]")
_NAME_AFTER = Lazy(r"(?:\.\s*|\s+)(?:[A-ZÀ-ÖØ-Ý]|(?:and|&)\s+[A-Z])")
_ADDRESSED = Lazy(r"(?:\s[A-Z]{2,20}){0,2},\s")
_LONGEST_SHORT_NAME = 3
_SHORT_NAME = Lazy(
    r"al|bo|cy|di|ed|ho|hu|jo|li|lu|mo|ng|ty|vi|wu|xu|yu|[^aeiouy][aeiouy][^aeiouy]|[^aeiouy][aeiou][aeiouy]"
    r"|[aeiouy][^aeiouy][aeiouy]|[aeiouy]{2}[^aeiouy]|[aeiouy]([^aeiouy])\1"
)
"""Short names that would be spelled otherwise. Other two or three letters are more likely initials, such as "AJ"."""
WORDS = Rules()


def _chat(match: re.Match[str], scan: Scan) -> str | None:
    return None if _is_letter(match[0], scan) else scan.table.chat.get(match[0].lower())


def _is_letter(name: str, scan: Scan) -> bool:
    """Return whether a name is the last letter of a plural such as the "T Vs" of "TVs"."""
    before = scan.written_before()
    return len(before) == 1 and before.isupper() and name[0].isupper() and name[1:].rstrip(".") == "s"


WORDS.append(Rule("abbreviation", WORD, r"[^\W\d_]{1,3}/[^\W\d_]{0,2}(?!\w)", _chat, "/"))


@WORDS.rule(
    "label",
    WORD,
    r"(?P<name>[^\W\d_]{1,4}\.?)(?=\s{0,2}#?\d|(?:(?<=\.)|\s)\s?(?-i:I(?!\s[a-z]|')|[VXLC]|[IVXLC]{2,6})(?!\w))",
)
def _before_number(match: re.Match[str], scan: Scan) -> str | None:
    name = match["name"].lower()
    said = scan.table.before_number.get(name)
    if not said or (name in scan.table.before_number_only and not match["name"][0].isupper()):
        return None
    if len(name) == 1 and scan.text[match.end() + 1 : match.end() + 2].isalpha():
        return None  # the letters "D H L"
    return said


@WORDS.rule("title", WORD, r"(?P<name>[^\W\d_]{2,6})(?P<dot>\.?)(?=\s|\Z|(?<=\.)(?-i:[A-ZÀ-ÖØ-Ý]))")
def _title(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Dr. Patel", "St. James"."""
    name = match["name"].lower()
    said = scan.table.titles.get(name)
    if not said:
        return None
    if match["name"][0].islower():
        certain = (
            match["dot"]
            and name in scan.table.titles_bare - {"st", "mt", "rev"}
            and _WORD_AFTER.match(scan.after(match))
        )
        return said if certain else None
    if not match["dot"] and name not in scan.table.titles_bare:
        return None
    return said if _NAME_AFTER.match(scan.text, match.end("name")) else None


@WORDS.rule("abbreviation", WORD, r"(?:[^\W\d_]\.\s?){2,6}(?!\w)(?<!\s)|(?:[^\W\d_]\.){1,5}[^\W\d_](?![\w.])", ".")
def _dotted(match: re.Match[str], scan: Scan) -> str:
    """Read "U.S." and "e.g." letter by letter, unless the table has them."""
    name = match[0].lower().replace(" ", "")  # "z. B."
    known = scan.table.abbreviations.get(name) or scan.table.abbreviations.get(f"{name}.")
    return known or scan.grammar.spelled(match[0].replace(".", "").replace(" ", ""))


@WORDS.rule("abbreviation", WORD, r"(?P<name>[^\W\d_]{2,4})\.?(?P<ending>'s)?(?!\w)")
def _suffix(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "Jr." of "John Lee Jr." and "John Lee Jr.'s"."""
    before = scan.written_before() or scan.written_before(skip_pause=True)
    said = scan.table.suffixes.get(match["name"].lower())
    return said + (match["ending"] or "") if said and before[:1].isupper() and match["name"][0].isupper() else None


@WORDS.rule("initial", WORD, r"(?P<letter>[^\W\d_])\.(?!\w)", ".")
def _initial(match: re.Match[str], scan: Scan) -> str | None:
    """Read the initial of "James T. Kirk" and "J. Smith"; "plan B. Then" ends a sentence."""
    following = _CAPITAL_AFTER.match(scan.after(match))
    if not following or (following[1].lower() in scan.table.openers and scan.opens is False):
        return None
    before = scan.written_before()
    kind = scan.kind
    if kind == "label" or (kind == "abbreviation" and before.lower() in scan.table.before_number):
        return None  # "Sez. A. Poi"
    named = (
        scan.opens
        or not before
        or (before[0].isupper() and len(before) > 1 and before.lower() not in scan.table.lettered)
        or scan.tokens[-1].kind == "initial"
        or (before.lower() in scan.table.before_names and (len(before) > 1 or before.islower()))
    )
    return scan.grammar.spelled(match["letter"]) if named else None


@WORDS.rule("abbreviation", WORD, r"(?P<name>[^\W\d_]{1,8}(?:\.[^\W\d_]{1,3})?\.)(?P<ending>'s)?(?!\w)", ".")
def _abbreviation(match: re.Match[str], scan: Scan) -> str | None:
    name = match["name"].lower()
    said = scan.table.abbreviations.get(name)
    if not said or _is_letter(match["name"], scan):
        return None
    if match["ending"]:
        return said + match["ending"]
    if name in scan.table.plain_too and not _GOES_ON.match(scan.after(match)):
        return said if name in scan.table.closing and not name.startswith(("est", "max")) else None
    return said


WORDS.append(Rule("abbreviation", WORD, r"[^\W\d_]{2,8}(?!\w|['-]\w)", _chat))


@WORDS.rule("acronym", WORD, r"(?P<first>(?-i:[A-Z]{1,3}))&(?P<last>(?-i:[A-Z]{1,3}))(?!\w)", "&")
def _and(match: re.Match[str], scan: Scan) -> str:
    return f"{scan.grammar.spelled(match['first'])} {scan.table.symbols['&']} {scan.grammar.spelled(match['last'])}"


@WORDS.rule("acronym", WORD, r"(?P<word>[^\W\d_]+)(?P<ending>'s)?(?!\w|['-]\w)")
def _capitals(match: re.Match[str], scan: Scan) -> str | None:
    word = match["word"]
    if not word.isupper():
        return None
    ending = match["ending"] or ""
    if len(word) == 1:
        return None if ending else _letter(word, scan)
    if scan.shouted and word not in scan.table.acronyms_said and not scan.grammar.must_spell(word, shouted=True):
        return f"{word.lower()}{ending.lower()}"
    if scan.kind == "initial" and not VOWELS.isdisjoint(word.lower()):
        return word.title() + ending  # "J. DOE"
    return word.title() + ending if _is_name(word, match, scan) else scan.grammar.capitals(word) + ending


def _is_name(word: str, match: re.Match[str], scan: Scan) -> bool:
    """Return whether a word in capitals is a name, as in lists of customers: "Dear KIM LI", "PAT, your order"."""
    if word in scan.table.acronyms_spelled or word in scan.table.acronyms_said or not _addresses(match, scan):
        return False
    return len(word) > _LONGEST_SHORT_NAME or _SHORT_NAME.fullmatch(word.lower()) is not None


def _addresses(match: re.Match[str], scan: Scan) -> bool:
    """Return whether a name is expected here: after a greeting, a title or a name, or at the start before a comma."""
    before = scan.written_before()
    return bool(
        (scan.opens and _ADDRESSED.match(scan.after(match)))
        or scan.last_word() in scan.table.greetings
        or (before and scan.tokens[-1].kind == "title")
        or (before.isupper() and len(before) > 1 and scan.tokens[-1].words == before.title())
    )


def _letter(word: str, scan: Scan) -> str | None:
    """Return a letter to be read by its name although it is also a word: "plan A", but not "A plan"."""
    if scan.shouted and scan.table.capitals_begin and word.lower() in scan.table.common_capitals:
        return word.lower()
    if word not in scan.table.letters or scan.opens or scan.shouted:
        return None
    return word if scan.before else None


@WORDS.rule("acronym", WORD, r"(?P<word>(?-i:[A-Z]{2,6}))(?P<ending>(?-i:'?s))(?!\w|['-]\w)")
def _plural(match: re.Match[str], scan: Scan) -> str | None:
    word = match["word"]
    return scan.grammar.capitals(word) + match["ending"] if word.isupper() else None


def compass(points: Mapping[str, str], winds: frozenset[str], after: frozenset[str]) -> Rule:
    """Return the rule for points of the compass shortly after a word such as "wind": "vents de NE", "vento de S-SE"."""
    letters = "".join(sorted({*"".join(points)}))

    def say(match: re.Match[str], scan: Scan) -> str | None:
        parts = re.split("[/-]", match[0])
        blows = scan.last_word() in after and scan.recent_words(4) & winds and points.keys() >= {*parts}
        return " ".join(points[part] for part in parts) if blows else None

    return Rule("word", WORD, rf"(?-i:[{letters}]{{1,2}}(?:[/-][{letters}]{{1,2}})?)(?![\w'/-]|\.\w)", say)


_AMOUNT_AFTER = Lazy(r"[$£€]?\d")


@WORDS.rule("pause", SIGN, r"/(?=\s(?P<digit>\d)?)", "/")
def _apart(match: re.Match[str], scan: Scan) -> str | None:
    """Pause for the slash of "morning / evening"; between numbers it is mathematics."""
    between = scan.before and not (match["digit"] and scan.kind == "number")
    return "," if between and scan.text[match.start() - 1].isspace() else None


def _symbol(match: re.Match[str], scan: Scan) -> str | None:
    """Read a sign between words; quotes, brackets and ornaments are silent."""
    said = scan.table.symbols.get(match[0])
    if match[0] == "/":
        at = match.start()
        return said if scan.text[at - 1 : at].isspace() and scan.text[at + 1 : at + 2].isspace() else None
    if match[0] in "<>" and not scan.before:
        return None
    if match[0] == "~" and not _AMOUNT_AFTER.match(scan.text, match.end()):
        return None
    return said


WORDS.append(Rule("symbol", WORD, r"[α-ωΑ-Ωπµ](?!\w)", _symbol, "αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩµ"))


@WORDS.rule("word", WORD, r"(?P<word>[^\W\d_]+)\((?P<ending>e?s)\)", "(")
def _either(match: re.Match[str], scan: Scan) -> str:
    """Read "item(s)" as the plural."""
    return match["word"] + match["ending"]


@WORDS.rule("word", WORD, r"(?P<word>[^\W\d_]+)(?P<signs>\+{1,3})(?!\w)", "+")
def _plus(match: re.Match[str], scan: Scan) -> str:
    sign = scan.table.symbols["+"]
    return f"{match['word']} " + " ".join([sign] * len(match["signs"]))


@WORDS.rule("word", WORD, r"[^\W\d_]+(?:-[^\W\d_]+)+(?!\w|'\w)", "-")
def _hyphened(match: re.Match[str], scan: Scan) -> str | None:
    parts = match[0].split("-")
    if not any(part.isupper() and len(part) > 1 for part in parts):
        return None
    if match[0].isupper() and all(_is_name(part, match, scan) for part in parts):
        return match[0].title()
    if scan.shouted and not any(scan.grammar.must_spell(part, shouted=True) for part in parts):
        return match[0].lower()
    return " ".join(scan.grammar.capitals(part) if part.isupper() and len(part) > 1 else part for part in parts)


WORDS.append(Rule("symbol", SIGN + DIGIT, r"[^\w\s]", _symbol))
