"""Rules for English only: Roman numerals, addresses, sort codes, letters of dictated addresses."""

import re

from herald.speech.reading.languages.english_words import (
    AMBIGUOUS_STREETS,
    CLASSES,
    CREDENTIALS,
    NUMBERED,
    STATES,
    STATES_AS_WORDS,
    STREET_WORDS,
    STREETS,
)
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.dates import is_day
from herald.speech.reading.rules.numbers import roman
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_HIGHEST_OF_NAMES = 39
_LONGEST_HOUSE = 4
_LETTERED = words(
    "aisles blocks buildings classes columns doors exhibits floors gates grades groups halls items letters levels lots "
    "names parts periods plans rooms rows sections sessions teams tracks units wings zones"
)
"""Plural nouns before a range of letters."""
_KINDS = "|".join(sorted({*STREETS, *STREET_WORDS}, reverse=True))
_CAPITAL_AFTER = Lazy(r"\s+([A-Z][^\W\d_]*)")
_ZIP_AFTER = Lazy(r"\s+\d{5}(?!\d)")
_WORD_AFTER = Lazy(r"\s+[a-z]{2}")
_CREDENTIAL_AFTER = Lazy(r",\s(?:Ph\.?D|M\.?P\.?H|M\.?B\.?A|F[A-Z]{3,4}|RN|DO|PC)(?!\w)")
_ENDS = Lazy(r"\s*(?:[.,;!?)]|\Z|\n)")
ENGLISH_RULES = Rules()


@ENGLISH_RULES.rule("roman", WORD, r"(?P<numeral>(?-i:[IVXLCDM]{1,9}))(?![\w'’-]|\.\w)")
def _roman(match: re.Match[str], scan: Scan) -> str | None:
    numeral = match["numeral"]
    before = scan.written_before()
    noun = before.lower().rstrip(".")
    number = roman(numeral)
    if not before or not number:
        return None
    if noun in NUMBERED:
        sure = len(numeral) > 1 or noun in CLASSES or before[0].isupper()
        return scan.grammar.cardinal(number) if sure else None
    named = before[0].isupper() and before.replace("-", "").isalpha() and noun not in scan.table.openers
    if len(numeral) == 1 or not named or scan.shouted or number > _HIGHEST_OF_NAMES:
        return None
    if before.isupper() and scan.tokens[-1].words != before.title():  # "Dear BOB SMITH III"
        return None
    return f"the {scan.grammar.ordinal(number)}"


@ENGLISH_RULES.rule(
    "address",
    DIGIT,
    r"(?P<number>\d{1,5})(?P<letter>[A-Za-z]?)(?=\s+(?:(?:[NSEW]|[NS][EW]|North|South|East|West)\.?\s+)?"
    rf"(?:(?-i:[A-Z])[\w']{{1,20}}\.?\s+|\d{{1,3}}(?:st|nd|rd|th)\s+){{1,4}}(?:{_KINDS})(?!\w))",
)
def _house(match: re.Match[str], scan: Scan) -> str:
    """Read the number of a house in pairs: "twenty-seven eighty-eight", "one twenty-three"."""
    number, letter = match["number"], match["letter"].upper()
    said = _in_pairs(number, scan) if len(number) <= _LONGEST_HOUSE else scan.grammar.digits(number)
    return f"{said} {letter}".strip()


@ENGLISH_RULES.rule("code", DIGIT, r"(?P<lines>480|720|1080|1440|2160)p(?!\w)", "p")
def _resolution(match: re.Match[str], scan: Scan) -> str:
    """Read the resolution "1080p"."""
    return f"{_in_pairs(match['lines'], scan)} P"


def plural_number(number: str, scan: Scan) -> str:
    """Return a number in the plural: "sixteens", "sixties"."""
    said = scan.grammar.whole(number)
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}es" if said.endswith("x") else f"{said}s"


@ENGLISH_RULES.rule("number", WORD, r"(?P<word>under|over)(?P<join>-|s?\s)(?P<age>[1-9]\d?)s(?!\w)", "s")
def _ages(match: re.Match[str], scan: Scan) -> str:
    """Read "under-16s" and "the over 60s"."""
    return f"{match['word']}{match['join']}{plural_number(match['age'], scan)}"


@ENGLISH_RULES.rule("code", WORD, r"(?P<letter>(?-i:[A-Z]))-(?P<number>[1-9]\d\d)(?![\w-])", "-")
def _model(match: re.Match[str], scan: Scan) -> str | None:
    """Read "F-150" and "Room B-214"."""
    return None if scan.names_code() else f"{scan.grammar.spelled(match['letter'])} {_in_pairs(match['number'], scan)}"


def _in_pairs(number: str, scan: Scan) -> str:
    head, last = number[:-2], number[-2:]
    if not head or number[0] == "0" or (last == "00" and head[-1] == "0"):
        return scan.grammar.whole(number)
    if last == "00":
        return f"{scan.grammar.whole(head)} hundred"
    return f"{scan.grammar.whole(head)} {'oh ' if last[0] == '0' else ''}{scan.grammar.whole(last.lstrip('0'))}"


@ENGLISH_RULES.rule("address", WORD, r"(?P<name>[^\W\d_]{2,5})\.?(?!\w|['-]\w)")
def _street(match: re.Match[str], scan: Scan) -> str | None:
    """Read "St" after the name of a street; before a name it is a title."""
    name = match["name"].lower()
    said = STREETS.get(name)
    before = scan.written_before()
    located = any(token.kind == "address" for token in scan.tokens[-6:])
    if not said or not before or not (before[0].isupper() or (before[0].isdigit() and before[-1].isalpha())):
        return None
    if match["name"][0].islower() and not located:
        return None
    following = _CAPITAL_AFTER.match(scan.after(match))
    # "Main St. Then", "Oak St, Dallas"; but "Call Dr. Smith".
    if name in AMBIGUOUS_STREETS and following and following[1].lower() not in scan.table.openers and not located:
        return None
    return said


@ENGLISH_RULES.rule("state", WORD, r"(?P<state>(?-i:[A-Z]{2}))(?!\w|['-]\w)")
def _state(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Portland, OR" and "CA 95051"."""
    state, after = STATES.get(match["state"]), scan.after(match)
    if not state:
        return None
    zipped = _ZIP_AFTER.match(after)
    if zipped and match["state"] == "ID" and not after.strip().startswith("83"):
        return None  # "ID 00042"; all ZIP codes of Idaho begin with 83
    if not zipped and match["state"] in CREDENTIALS and (_CREDENTIAL_AFTER.match(after) or _titled(scan)):
        return scan.grammar.spelled(match["state"])
    comma = scan.tokens and scan.tokens[-1].words == ","
    ends = _ENDS.match(after) or (match["state"] not in STATES_AS_WORDS and _WORD_AFTER.match(after))
    listed = comma and ends and scan.written_before(skip_pause=True)[:1].isupper() and not scan.shouted
    return state if zipped or (comma and listed) else None


def _titled(scan: Scan) -> bool:
    """Return whether a name with its title or an initial directly precedes: "Dr. Amy Nguyen, ", "Smith, John A., "."""
    for token in scan.tokens[:-7:-1]:
        if token.kind == "initial" or (token.kind == "acronym" and len(token.words) == 1):
            return True
        if token.kind == "title":
            return token.words == "Doctor"
        if token.spoken and not token.words[:1].isupper():
            break
    return False


@ENGLISH_RULES.rule("code", DIGIT, r"\d\d-\d\d-\d\d(?![\w-]|\.\d)", "-")
def _sort_code(match: re.Match[str], scan: Scan) -> str | None:
    """Read the number of a British bank, "20-45-91", unless it is a date."""
    groups = match[0].split("-")
    named = scan.last_word() == "code"
    if not named and (scan.table.region != "GB" or is_day(int(groups[0]), int(groups[1]))):
        return None
    return scan.grammar.phone(groups)


@ENGLISH_RULES.rule("range", WORD, r"(?P<first>(?-i:[A-Z]))\s?[-–—]\s?(?P<last>(?-i:[A-Z]))(?![\w&'/-]|\.\w)", "-–—")
def _letters(match: re.Match[str], scan: Scan) -> str | None:
    """Read "zones A-D" and "last names A-L"."""
    if match["first"] >= match["last"] or scan.last_word() not in _LETTERED:
        return None
    return f"{match['first']} {scan.table.to} {match['last']}"


@ENGLISH_RULES.rule("acronym", WORD, r"(?P<first>(?-i:[A-Z]{3}))/(?P<last>(?-i:[A-Z]{3}))(?![\w/])", "/")
def _pair(match: re.Match[str], scan: Scan) -> str | None:
    """Read the pair of currencies "EUR/USD"."""
    if not {match["first"], match["last"]} <= scan.table.currencies.keys():
        return None
    return f"{scan.grammar.spelled(match['first'])} {scan.grammar.spelled(match['last'])}"


@ENGLISH_RULES.rule("code", DIGIT, r"\d{5}(?:-\d{4})?(?![\w-])")
def _zip(match: re.Match[str], scan: Scan) -> str | None:
    if scan.kind != "state":
        return None
    return ", ".join(scan.grammar.digits(part) for part in match[0].split("-"))


# Read the letter "a" of an address that is written in words: "a dot smith at example dot com".
_DICTATED = (
    r"a(?=\s(?:(?:dot|at|dash|underscore|one|two|three|four|five|six|seven|eight|nine|zero)\s)(?:\w+\s){0,12}?dot\s\w)"
)
ENGLISH_RULES.phrase("letters", WORD, _DICTATED, "A")


@ENGLISH_RULES.rule("number", DIGIT, r"(?:10[49]\d|1120|1065)(?P<letters>(?=-(?-i:[A-Z])))?(?!\w|[.,]\d|-\d)", "1")
def _form(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Form 1040" in pairs."""
    named = match["letters"] is not None or scan.last_word() in {"form", "forms", "irs"}
    return scan.grammar.year(match[0]) if named else None


ENGLISH_RULES.phrases("initial", WORD, ".", {
    # Read "E. coli", whose dot does not end the sentence.
    r"(?P<letter>(?-i:[A-Z]))\.(?=\s(?:acnes|albicans|aureus|coli|diff|pylori)\b)": "{letter:spelled}",
})  # fmt: skip


@ENGLISH_RULES.rule("symbol", SIGN, r"→(?=\s?[\d$£€A-Z])", "→")
def _arrow(match: re.Match[str], scan: Scan) -> str | None:
    """Read "B42→B17" and "$5 → $4"; "Settings → Privacy" and "→ Next page" have a silent arrow."""
    before = scan.written_before()
    changed = any(map(str.isdigit, before)) or (len(before) > 1 and before.isupper())
    return scan.table.to if changed else None
