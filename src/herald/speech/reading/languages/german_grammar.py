"""Put numbers, dates and times into German words."""

from functools import cached_property

from herald.speech.reading.grammar import LONGEST_NUMBER, Grammar, Time
from herald.speech.reading.languages.german_ordinals import DATIVE, article, ending, of_noun
from herald.speech.reading.languages.german_rules import GERMAN_RULES, SHORT_WORDS
from herald.speech.reading.languages.german_table import GERMAN
from herald.speech.reading.languages.german_words import ADJECTIVES, COMPOUNDS, DEGREES
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rules.codes import country_code, in_threes
from herald.speech.reading.rules.numbers import in_groups
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import Currency

_SMALL = (
    *("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
    *("dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"),
)
_TENS = ("", "zehn", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_LARGE = [
    ("Million", "Millionen"), ("Milliarde", "Milliarden"), ("Billion", "Billionen"), ("Billiarde", "Billiarden"),
    ("Trillion", "Trillionen"), ("Trilliarde", "Trilliarden"), ("Quadrillion", "Quadrillionen"),
    ("Quadrilliarde", "Quadrilliarden"), ("Quintillion", "Quintillionen"), ("Quintilliarde", "Quintilliarden"),
]  # fmt: skip
_ORDINALS = {"eins": "erst", "drei": "dritt", "sieben": "siebt", "acht": "acht"}
_SINGLE = Lazy(r"(eine?)(?= (?!hundert|tausend|und|ein|halb|[a-zäöü]+st?el)\S)")
"""The number of "eine Stunde", but not of "ein hundert Meter" or "ein viertel Liter"."""
_ACCUSATIVE = frozenset(["für", "um", "ohne", "pro", "durch"])
_DATIVE_UNITS = ("Monate", "Jahre", "Tage", "Kilometer")
"""Units with another form after a preposition with the dative."""
_FEMININE_UNITS = ("e", "ung", "person", "kapsel", "einheit")
_SERVICES = frozenset(["polizei", "feuerwehr", "rettung", "ambulanz", "sanität"])
_DIALLED = frozenset(["dw", "durchwahl", "tel", "telefon", "fax", "handy", "mobil"])
_EMERGENCIES = frozenset(["117", "118", "122", "133", "140", "141", "144"])
"""Emergency numbers of Austria and Switzerland, recognized after a word in _SERVICES."""
_CENTURIES = range(11, 20)
"""Centuries whose years are said in hundreds: "neunzehn hundert achtzig"."""
_AUSTRIAN = (("Januar", "Jänner", "Jän"), ("Februar", "Feber", "Feber"))
"""Months, their Austrian names, and the text that indicates these."""
_AUSTRIAN_NUMBERS = {"jänner": 1, "feber": 2}
_DAY = Lazy(r"(?<=t)er\b")
"""The ending of a date's day."""
_ADJECTIVE = Lazy(r"\s+([a-zäöüß]{2,20}(?:e[nrs]?))\s+[A-ZÄÖÜ][a-zäöü]")
"""After "1": "rote Zwiebel"."""
_NOT_COUNTED = frozenset(["um", "die", "der", "von", "bis"])
_NEXT = Lazy(r"\s+([^\W\d_]+)")
_DOTTED = frozenset(["ges", "mag", "neg", "pos", "ü"])
"""Other words at which a rule may begin if a dot follows."""
_SHORT = 3
"""Maximum digits of a number after a word such as "Wartenummer" that is not a code."""
_AREA = 6
"""Maximum digits of an area code."""
_YEAR, _FIRST_YEAR, _POSTAL = 4, "1500", 5
"""Digits of a year and of a postal code; the earliest year that is taken for one without a word such as "seit"."""


class GermanGrammar(Grammar):
    """German. The genders "m", "f" and "n" select forms of "ein"."""

    extra_rules = GERMAN_RULES
    times_ten = "mal zehn hoch"
    starter_endings = ("str", "nr", "pl", "whg", "geb", "abr")
    version = "Version"

    @cached_property
    def starters(self) -> frozenset[str]:
        """Lower-case words at which a rule may begin."""
        return super().starters | SHORT_WORDS | _AUSTRIAN_NUMBERS.keys()

    @cached_property
    def month_numbers(self) -> dict[str, int]:
        """Months by their names and short names in lower case."""
        return {**super().month_numbers, **_AUSTRIAN_NUMBERS}

    @cached_property
    def dotted(self) -> frozenset[str]:
        """Lower-case words at which a rule may begin if a dot follows."""
        return super().dotted | COMPOUNDS.keys() | DEGREES | ADJECTIVES.keys() | _DOTTED

    def cardinal(self, number: int, gender: str = "") -> str:
        """Return the words of a number: "ein tausend zwei hundert vier und dreißig"."""
        if number == 1 and gender:
            return "eine" if gender == "f" else "ein"
        higher, last = divmod(number, 1000)
        higher, thousands = divmod(higher, 1000)
        groups = [_below_thousand(last)] if last or number == 0 else []
        if thousands:
            groups.insert(0, f"{_before_noun(thousands)} tausend")
        for one, many in _LARGE:
            higher, group = divmod(higher, 1000)
            if group:
                groups.insert(0, f"eine {one}" if group == 1 else f"{_below_thousand(group)} {many}")
        return " ".join(groups)

    def ordinal(self, number: int, gender: str = "") -> str:
        """Return the words of an ordinal: "ein und zwanzigster"."""
        head, space, last = self.cardinal(number).rpartition(" ")
        if last in _SMALL:
            stem = _ORDINALS.get(last, f"{last}t")
        else:
            stem = f"{last.removesuffix('en') if last.endswith('onen') else last.removesuffix('e').lower()}st"
        return f"{head}{space}{stem.lower()}er"

    def ordinal_written(self, number: str, ending: str) -> str:
        """Return an ordinal that is written with an ending: "3ten"."""
        return self.ordinal(int(number)).removesuffix("er") + ending.removeprefix("s").removeprefix("t")

    def agree(self, words: str, kind: str, scan: Scan) -> str:
        """Inflect a date or a measure as the preceding words require: "am dritten April"."""
        if kind == "measure" and (one := _SINGLE.match(words)):
            return _one(one[1] == "eine", scan) + words[one.end() :]
        if kind == "measure" and words.endswith(_DATIVE_UNITS) and scan.before in DATIVE | {"unter", "innert"}:
            return f"{words}n"  # "in sechs Monaten"
        if kind != "date":
            return words
        for common, austrian, written in _AUSTRIAN:
            words = words.replace(common, austrian) if common in words and written in scan.text else words
        wanted = ending(scan)
        if wanted == "er" or not _DAY.search(words):
            return words
        return article(scan) + _DAY.sub(wanted, words)

    def bare_number(self, number: str, scan: Scan, end: int, *, signed: bool) -> str | None:
        """Return a number without marks: years in hundreds, postal codes digit by digit, quantities as numbers."""
        digits, before = number, scan.last_word()
        if not digits.isdigit():
            return None
        following = _NEXT.match(scan.text, end)
        # "Wartenummer 125", and "Die Kundennummer steht auf Seite 12".
        short = len(digits) < _SHORT or (len(digits) == _SHORT and before.endswith(("nummer", "nr")))
        coded = scan.names_code() and not short
        dialled = (before in _DIALLED and len(digits) >= _SHORT) or (before in _SERVICES and digits in _EMERGENCIES)
        if dialled or coded or digits[0] == "0" or before in scan.table.dialled_after or scan.is_code(end):
            return in_groups(digits, scan) if dialled else None
        noun = following is not None and following[1][0].isupper() and following[1].lower() not in scan.table.openers
        if len(digits) == _YEAR:
            year = before in scan.table.year_words or (bool(scan.tokens) and not noun and digits >= _FIRST_YEAR)
            return self.year(digits) if year and not signed else self.whole(digits)
        named = scan.written_before()[:1].isupper() and before not in scan.table.openers
        if digits == "1" and not named and (one := _single(scan, end, noun=noun)):
            return one
        if len(digits) == _POSTAL and noun and not signed and not digits.endswith("00"):
            return self.digits(digits)
        alone = not scan.tokens and not scan.text[end:].strip()
        quantity = len(digits) < _POSTAL or signed or alone or (noun and not named) or digits.endswith("0000")
        return self.whole(digits) if quantity else in_groups(digits, scan)

    def counted(self, number: str, one: str, many: str, gender: str = "") -> str:
        """Return a number with what is counted: "eine Stunde", "ein Meter"; units in -e are feminine."""
        if self.is_one(number):
            return f"{'eine' if gender == 'f' or _feminine(one) else 'ein'} {one}"
        return f"{self.number(number)} {many}"

    def multiplier(self, number: str) -> str:
        """Return a number before "Million"."""
        return "eine" if self.is_one(number) else self.number(number)

    def money(self, number: str, currency: Currency, magnitude: str = "") -> str:
        """Return an amount of money: "ein Euro fünfzig Cent"."""
        forms = currency._replace(gender=currency.gender or "m", minor_gender=currency.minor_gender or "m")
        return super().money(number, forms, magnitude)

    def powered(self, names: tuple[str, str], word: str) -> tuple[str, str]:
        """Return a unit squared or cubed: "Quadratmeter"."""
        return f"{word}{names[0].lower()}", f"{word}{names[1].lower()}"

    def year(self, year: str) -> str:
        """Return a year: "neunzehn hundert achtzig", "zwei tausend sechs und zwanzig"."""
        if len(year) == 4 and int(year[:2]) in _CENTURIES:  # noqa: PLR2004
            rest = int(year[2:])
            return f"{_SMALL[int(year[:2])]} hundert" + (f" {_below_thousand(rest)}" if rest else "")
        return self.whole(year)

    def time(self, time: Time) -> str:
        """Return a time: "vierzehn Uhr dreißig"; with seconds "ein Uhr zwei Minuten drei Sekunden"."""
        words = [f"{_before_noun(time.hours)} Uhr"]
        if time.seconds is not None:
            words += [self.counted(str(time.minutes or 0), "Minute", "Minuten")] if time.minutes else []
            words += [self.counted(str(time.seconds), "Sekunde", "Sekunden")] if time.seconds else []
        elif time.minutes:
            words.append(self.cardinal(time.minutes))
        return " ".join(filter(None, [*words, time.part, time.zone]))

    def fraction(self, whole: str, numerator: str, denominator: str) -> str:
        """Return a fraction: "drei viertel", "ein ein halb", "zwei zwei drittel"."""
        above, below = int(numerator), int(denominator)
        if below == 2:  # noqa: PLR2004
            name = "halb" if above == 1 else "halbe"
        elif below == 1 or len(denominator) > LONGEST_NUMBER:
            name = f"durch {self.whole(denominator)}"
        else:
            name = self.ordinal(below).removesuffix("er") + "el"
        said = f"{_before_noun(above)} {name}"
        return f"{_before_noun(int(whole))} {said}" if whole else said

    def phone(self, groups: list[str]) -> str:
        """Return a telephone number; the code of a country is a number, long groups get a pause."""
        said = []
        for at, group in enumerate(groups):
            if at == 1 and group == "0" and groups[0].startswith("+"):
                continue  # "+49 (0)30": the zero is dialled within the country only
            rest = group
            if group.startswith("+"):
                code, rest = country_code(group[1:])
                said.append(f"plus {self.digits(code) if len(code) > 2 else self.cardinal(int(code))}")  # noqa: PLR2004
            area = at == 0 and rest[:1] == "0" and len(rest) <= _AREA  # "03341" without a pause
            parts = [rest] if area else in_threes(rest)
            said += [self.digits(part) for part in parts]
        return ", ".join(said)


def _feminine(unit: str) -> bool:
    first = unit.partition(" ")[0].lower()
    return first.endswith(_FEMININE_UNITS) and not first.endswith(("byte", "joule", "promille"))


def _one(feminine: bool, scan: Scan) -> str:  # noqa: FBT001
    """Return "ein" before a noun, in the case that the preposition requires."""
    if scan.before in DATIVE:
        return "einer" if feminine else "einem"
    return "eine" if feminine else "einen" if scan.before in _ACCUSATIVE else "ein"


def _single(scan: Scan, end: int, *, noun: bool) -> str | None:
    """Return the "ein" of "1 Paket" and "1 rote Zwiebel", or None if nothing is counted."""
    if noun:
        return _one(of_noun(scan, end) == "e", scan)
    adjective = _ADJECTIVE.match(scan.text, end)
    counted = adjective and adjective[1].lower() not in scan.table.openers and scan.last_word() not in _NOT_COUNTED
    return (
        "einen"
        if adjective and counted and adjective[1].endswith("en")
        else (_one(adjective[1][-1] == "e", scan) if adjective and counted else None)
    )


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_before_noun(hundreds)} hundert"] if hundreds else []
    tens, ones = divmod(rest, 10)
    if rest < len(_SMALL):
        words += [_SMALL[rest]] if rest or not hundreds else []
    else:
        words.append(f"{_before_noun(ones)} und {_TENS[tens]}" if ones else _TENS[tens])
    return " ".join(words)


def _before_noun(number: int) -> str:
    """Return a number before another number word or a noun: "ein", not "eins"."""
    if number >= 1000:  # noqa: PLR2004
        return _GERMAN.cardinal(number)
    return _below_thousand(number).removesuffix("s") if number % 100 == 1 else _below_thousand(number)


_GERMAN = GermanGrammar(GERMAN)


def grammar(region: str) -> Grammar:
    """Return the grammar of every German-speaking region."""
    return _GERMAN
