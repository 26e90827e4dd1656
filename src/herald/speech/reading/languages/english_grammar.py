"""Put numbers, dates and times into English words."""

from functools import cached_property

from herald.speech.reading.grammar import LONGEST_NUMBER, Date, Grammar, Time
from herald.speech.reading.languages.english_abbreviations import ENGLISH_ABBREVIATION_RULES, ENGLISH_MEDICAL
from herald.speech.reading.languages.english_british import BRITISH_RULES
from herald.speech.reading.languages.english_codes import ENGLISH_CODES, ENGLISH_TRAVEL
from herald.speech.reading.languages.english_commerce import ENGLISH_COMMERCE
from herald.speech.reading.languages.english_hours import ENGLISH_HOURS
from herald.speech.reading.languages.english_rules import ENGLISH_RULES
from herald.speech.reading.languages.english_schedule import ENGLISH_SCHEDULE
from herald.speech.reading.languages.english_sizes import ENGLISH_SIZES
from herald.speech.reading.languages.english_table import AMERICAN, BRITISH
from herald.speech.reading.languages.english_words import CONTRACTIONS, STREETS
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_LARGE = [
    "", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion", "septillion",
    "octillion", "nonillion", "decillion",
]  # fmt: skip
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth",
    "eight": "eighth", "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_STARTERS = words(
    "a x v under over bid tid qid qd qod qhs hs qam qpm qwk po sl prn ac pc tab tabs cap caps gtt gtts supp rx fl "
    "b4 u c wt ht temp bal tel ph mob bus nocte pcm pppn ppn pp pw pa pm dr flr "
    "mo wk yr dba ln lns dep conf inv ord tkt trk chk reg sign min no ea tu th sa su arr chk-in chk-out"
)
"""Lower-case words of English rules that aren't in the table."""
_HALF, _QUARTER = 2, 4
_LAST_CENTURY = "40"
"""Years of two digits from here on are in the last century, and read as written: "eighty-five"."""


class EnglishGrammar(Grammar):
    """American and British English."""

    extra_rules = (
        *ENGLISH_MEDICAL,
        *ENGLISH_SCHEDULE,
        *ENGLISH_HOURS,
        *ENGLISH_SIZES,
        *ENGLISH_CODES,
        *ENGLISH_COMMERCE,
        *ENGLISH_TRAVEL,
        *ENGLISH_ABBREVIATION_RULES,
        *ENGLISH_RULES,
    )
    date_article = "the "

    @cached_property
    def starters(self) -> frozenset[str]:
        """Lower-case words at which a rule may begin."""
        return super().starters | STREETS.keys() | _STARTERS | CONTRACTIONS.keys()

    def multiplier(self, number: str) -> str:
        """Return a number before "million": "four hundred sixty"."""
        whole, fraction = self.parts(number)
        return (
            self.number(number) if fraction or len(whole) > LONGEST_NUMBER else _cardinal(int(whole), conjunction=" ")
        )

    def is_ordinal(self, number: str, ending: str) -> bool:
        """Return whether an ending fits: "1st", "11th"."""
        fitting = "th" if number[-2:-1] == "1" else {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")
        return ending == fitting

    def cardinal(self, number: int, gender: str = "") -> str:
        """Return the words of a number: "one thousand two hundred and thirty-four"."""
        return _cardinal(number, conjunction=" and ")

    def ordinal(self, number: int, gender: str = "") -> str:
        """Return the words of an ordinal: "one hundred twenty-first"."""
        return _ordinal(_cardinal(number, conjunction=" "))

    def decimal(self, whole: str, fraction: str) -> str:
        """Return a decimal; ".5" is "point five"."""
        said = f"{self.table.point} {self.digits(fraction)}"
        return f"{self.whole(whole)} {said}" if whole else said

    def year(self, year: str) -> str:
        """Return a year in pairs: "nineteen ninety-eight", "two thousand two", "twenty twelve"."""
        if len(year) == 2:  # noqa: PLR2004
            return f"oh {_SMALL[int(year)]}" if year[0] == "0" else _below_hundred(int(year))
        if len(year) != 4 or year[0] == "0":  # noqa: PLR2004
            return self.whole(year)
        if year[1:3] == "00":
            return _cardinal(int(year), conjunction=" ").replace(" and ", " ")
        century, rest = _below_hundred(int(year[:2])), int(year[2:])
        if not rest:
            return f"{century} hundred"
        return f"{century} oh {_SMALL[rest]}" if rest < 10 else f"{century} {_below_hundred(rest)}"  # noqa: PLR2004

    def agree(self, words: str, kind: str, scan: Scan) -> str:
        """Inflect the words of a rule: "between five and seven days" for "between 5-7 days", "Friday the eleventh"."""
        if kind == "ordinal" and scan.last_word() in scan.grammar.weekday_numbers and scan.kind == "date":
            return f"the {words}"
        if " to " not in words:
            return words
        between = [token.words for token in scan.tokens[:-3:-1] if token.kind in ("word", "abbreviation")]
        ranged = scan.before == "between" or (kind == "range" and between[1:] == ["between"])
        return words.replace(" to ", " and ", 1) if ranged else words

    def decade(self, year: str) -> str | None:
        """Return a decade: "nineteen eighties", "eighties"."""
        if int(year) % 10:
            return None
        if year[1:] == "000":
            return f"{_SMALL[int(year[0])]} thousands"
        said = self.year(year) if year != "00" else "two thousands"
        return f"{said[:-1]}ies" if said.endswith("y") else said if said.endswith("s") else f"{said}s"

    def day_alone(self, day: int) -> str:
        """Return the first day of a range of days: "the fourth" to the sixth."""
        return f"the {self.ordinal(day)}"

    def date(self, date: Date) -> str:
        """Return a date: "March fourteenth twenty twenty-six", or "the fourteenth of March" if so written."""
        month = self.table.months[date.month - 1]
        weekday = f"{self.table.weekdays[date.weekday]}, " if date.weekday is not None else ""
        written = date.year or ""
        year = f"20{written}" if len(written) == 2 and written < _LAST_CENTURY else written  # noqa: PLR2004
        if date.day is None:
            said = month
        elif date.day_first:
            said = f"the {self.day(date.day)} of {month}"
        else:
            said = f"{month} {self.day(date.day)}"
        return weekday + (f"{said} {self.year(year)}" if year else said)

    def time(self, time: Time) -> str:
        """Return a time: "three thirty PM", "fourteen oh five", "one o'clock"; with seconds, as a duration."""
        tail = " ".join(filter(None, (time.part, time.zone)))
        if time.seconds is not None:
            parts = [(time.hours, "hour"), (time.minutes or 0, "minute"), (time.seconds, "second")]
            spelled = [f"{_cardinal(n, conjunction=' ')} {unit}{'' if n == 1 else 's'}" for n, unit in parts]
            return " ".join(filter(None, (*spelled[:2], f"and {spelled[2]}", tail)))
        if not time.hours and not time.minutes and not time.part:
            return f"midnight {tail}".strip()
        hours = _SMALL[0] if time.hours == 0 and not time.part else _below_hundred(time.hours)
        if not time.minutes:
            bare = f"{hours} hundred" if time.hours > 12 or not time.hours else f"{hours} o'clock"  # noqa: PLR2004
            return f"{hours} {tail}" if time.part else " ".join(filter(None, (bare, tail)))
        minutes = f"oh {_SMALL[time.minutes]}" if time.minutes < 10 else _below_hundred(time.minutes)  # noqa: PLR2004
        return " ".join(filter(None, (hours, minutes, tail)))

    def fraction(self, whole: str, numerator: str, denominator: str) -> str:
        """Return a fraction: "three quarters", "one and a half" is said "one and one half"."""
        one = int(numerator) == 1
        named = {_HALF: ("half", "halves"), _QUARTER: ("quarter", "quarters")}
        if int(denominator) in named:
            below = named[int(denominator)][0 if one else 1]
        elif int(denominator) <= 1:
            below = f"over {self.whole(denominator)}"
        else:
            below = self.ordinal(int(denominator)) + ("" if one else "s")
        said = f"{_cardinal(int(numerator), conjunction=' ')} {below}"
        return f"{self.whole(whole)} and {said}" if whole else said

    def phone(self, groups: list[str]) -> str:
        """Return a telephone number; "800" after "1" is "eight hundred"."""
        said: list[str] = []
        groups = [group for at, group in enumerate(groups) if (at, group) != (1, "0") or groups[0][0] != "+"]
        for group in (part for one in groups for part in _as_dialled(one)):
            if group in ("800", "900") and (not said or said[-1] in ("one", "plus one")):
                said.append(f"{_SMALL[int(group[0])]} hundred")
            elif group.startswith("+"):
                said.append(f"plus {self.digits(group[1:])}")
            else:
                said.append(self.digits(group))
        return ", ".join(said)


def _as_dialled(digits: str) -> list[str]:
    """Return the groups of an American number without separators: "+12125550123", "2125550123", "5550123"."""
    sizes = {12: (2, 3, 3, 4), 10: (3, 3, 4), 7: (3, 4)}.get(len(digits), ())
    if not sizes or (digits[0] == "+") is not (digits[:2] == "+1") or digits[0] == "0":
        return [digits]
    starts = [sum(sizes[:at]) for at in range(len(sizes))]
    return [digits[start : start + size] for start, size in zip(starts, sizes, strict=True)]


def _below_hundred(number: int) -> str:
    if number < len(_SMALL):
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]}-{_SMALL[ones]}" if ones else _TENS[tens]


def _below_thousand(number: int, conjunction: str) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest)
    said = f"{_SMALL[hundreds]} hundred"
    return f"{said}{conjunction}{_below_hundred(rest)}" if rest else said


def _cardinal(number: int, *, conjunction: str) -> str:
    """Return the words, with `conjunction` before the last two digits."""
    if number < 1000:  # noqa: PLR2004
        return _below_thousand(number, conjunction)
    groups: list[str] = []
    higher, last = divmod(number, 1000)
    for name in _LARGE[1:]:
        higher, group = divmod(higher, 1000)
        if group:
            groups.insert(0, f"{_below_thousand(group, ' ')} {name}")
    if last:
        low = _below_thousand(last, conjunction)
        groups.append(low if last >= 100 or conjunction == " " else f"and {low}")  # noqa: PLR2004
    return " ".join(groups)


def _ordinal(cardinal: str) -> str:
    """Return the ordinal of a cardinal in words: change its last word."""
    at = max(cardinal.rfind(" "), cardinal.rfind("-")) + 1
    head, last = cardinal[:at], cardinal[at:]
    if last in _ORDINALS:
        return f"{head}{_ORDINALS[last]}"
    return f"{head}{last[:-1]}ieth" if last.endswith("y") else f"{cardinal}th"


class BritishGrammar(EnglishGrammar):
    """British English."""

    extra_rules = (*BRITISH_RULES, *EnglishGrammar.extra_rules)


_AMERICAN, _BRITISH = EnglishGrammar(AMERICAN), BritishGrammar(BRITISH)


def grammar(region: str) -> Grammar:
    """Return the grammar of a region: British dates for all but the United States."""
    return _AMERICAN if region in ("", "US") else _BRITISH
