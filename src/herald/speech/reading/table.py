"""Define the table of a language: its words and marks, without grammar."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def positions(text: str, first: int = 0) -> dict[str, int]:
    """Return the position of each name in a text such as "mon tue|tues"; "-" is a position without a name."""
    places = enumerate(text.split(), first)
    return {name: at for at, names in places for name in names.split("|") if name != "-"}


def spread[Value](mapping: Mapping[str, Value]) -> dict[str, Value]:
    """Return a mapping with one entry for each name in a key such as "hr|hrs"."""
    return {name: value for names, value in mapping.items() for name in names.split("|")}


class Currency(NamedTuple):
    """A currency: singular and plural of its name and of its hundredth. Without a hundredth, decimals are read."""

    one: str
    many: str
    minor_one: str = ""
    minor_many: str = ""
    gender: str = ""
    """Gender of the main unit, in languages whose numbers agree with it: "f"."""
    minor_gender: str = ""


_NONE: Mapping[str, Any] = MappingProxyType({})


class Table(NamedTuple):
    """The words of a language. Keys are in lower case, except where noted; values are spoken unchanged."""

    language: str = ""
    """Primary BCP 47 subtag: "en"."""
    region: str = ""
    """Region where it matters: "US", "GB"."""

    # Numbers
    decimal_mark: str = "."
    group_marks: str = ","
    """Characters between groups of three digits; a space allows "1 000 000"."""
    digits: tuple[str, ...] = ()
    """The words for 0 to 9, as in a telephone number."""
    point: str = ""
    """The word for the decimal mark."""
    minus: str = ""
    plus: str = ""
    plus_minus: str = ""
    magnitudes: Mapping[str, tuple[str, str]] = _NONE
    """Words and abbreviations after a number, with their singular and plural: "bn": ("billion", "billion")."""
    magnitudes_anywhere: Mapping[str, str] = _NONE
    """Abbreviated magnitudes that need no currency next to them: "k"."""
    named_numbers: Mapping[str, str] = _NONE
    """Complete numbers, as written, with a special reading: "24/7", "401(k)", "911"."""
    ordinal_endings: tuple[str, ...] = ()
    """Endings of ordinals written with digits: "st", "nd", "º"; longest first."""

    # Dates and times
    months: tuple[str, ...] = ()
    """The twelve names, in the form that is used in dates."""
    month_short: Mapping[str, int] = _NONE
    """Abbreviated names, without dot, and their number: "jan": 1."""
    weekdays: tuple[str, ...] = ()
    """Monday to Sunday."""
    weekday_short: Mapping[str, int] = _NONE
    """Abbreviated names, without dot, and their position: "mon": 0."""
    weekday_words: frozenset[str] = frozenset()
    """The entries of `weekday_short` that are also words: "sat", "sun"."""
    weekday_refused_after: frozenset[str] = frozenset()
    """Words after which a capitalized one of them is not a weekday: "the Sun". Empty if capitals mean nothing."""
    date_order: str = ""
    """Order of numeric dates: "mdy" or "dmy"."""
    dotted_dates: bool = False
    """Whether "1.2.26" is a date."""
    date_words: frozenset[str] = frozenset()
    """Words directly before a day and month without a year: "on", "by". Elsewhere "3/14" is a fraction."""
    day_parts: Mapping[str, str] = _NONE
    """Abbreviations after a time, without dots and spaces: "am": "AM"; "Uhr": "Uhr"."""
    time_zones: Mapping[str, str] = _NONE
    """Time zones and their spoken forms: "utc": "UTC"."""

    # Money
    currencies: Mapping[str, Currency] = _NONE
    """Currencies by symbol and by ISO code, both as written: "$", "US$", "USD"."""

    articles: frozenset[str] = frozenset()
    """Words before an amount that describes a noun, in the singular: "a $5 deal"."""

    # Units
    units: Mapping[str, tuple[str, str]] = _NONE
    """Unit symbols directly after a number, case-sensitive, with singular and plural."""
    units_attached: frozenset[str] = frozenset()
    """Units that are also words, so they must directly follow the number: "in"."""
    units_apart: frozenset[str] = frozenset()
    """Units that must have a space before them, because they are also letters of codes: "A"."""
    per: str = ""
    """Between two units: "kilometers per hour"."""
    per_units: Mapping[str, str] = _NONE
    """Units after an amount and a slash: "mo": "month"."""
    by: str = "by"
    """Between dimensions: "2x4"."""
    square: str = ""
    """Before a unit: "square meters"."""
    cubic: str = ""

    # Ranges, signs
    to: str = ""
    """Between the ends of a range."""
    symbols: Mapping[str, str] = _NONE
    """Signs between spaces or words, and their spoken forms: "&": "and"."""
    after_number: Mapping[str, tuple[str, str]] = _NONE
    """Signs directly after a number, with singular and plural: "%": ("percent", "percent")."""
    squared: str = ""
    """After a number: "five squared"."""
    cubed: str = ""
    power: str = ""
    """Between a number and its exponent: "to the power of"."""
    maths: Mapping[str, str] = _NONE
    """Signs between two numbers of a calculation whose spoken forms differ from those in `symbols`."""

    # Words
    abbreviations: Mapping[str, str] = _NONE
    """Abbreviations with their dots, in lower case: "approx.": "approximately". Their dot ends no
    sentence unless they are also in `closing`."""
    titles: Mapping[str, str] = _NONE
    """Before a name, with or without dot: "dr": "doctor"."""
    plain_too: frozenset[str] = frozenset()
    """Abbreviations that are also words at the end of a sentence ("sun."), so they need something after them."""
    titles_bare: frozenset[str] = frozenset()
    """Titles that need no dot."""
    suffixes: Mapping[str, str] = _NONE
    """After a name, with or without dot: "jr": "Junior"."""
    before_names: frozenset[str] = frozenset()
    """Words in lower case after which a letter with a dot is an initial: "with J. Smith"."""
    lettered: frozenset[str] = frozenset()
    """Nouns in lower case after which a letter with a dot is not an initial: "Plan B. Then"."""
    closing: frozenset[str] = frozenset()
    """Abbreviations that may end a sentence."""
    ending: frozenset[str] = frozenset()
    """Abbreviations that are never followed by a name, so a capital after their dot begins a sentence: "aprox."."""
    openers: frozenset[str] = frozenset()
    """Words that begin a sentence if they are capitalized and follow the dot of an abbreviation: "The", "Please"."""
    name_articles: frozenset[str] = frozenset()
    """The entries of `openers` that also begin names: no sentence begins if a capital follows: "Av. La Paz"."""
    capitals_begin: bool = False
    """Whether a capital after a unit's dot begins a sentence, because only names and sentences have capitals."""
    before_number: Mapping[str, str] = _NONE
    """Abbreviations that are ordinary words unless a number follows: "no.": "number", "p.": "page"."""
    before_number_only: frozenset[str] = frozenset()
    """The entries of `before_number` without a dot that must be capitalized."""
    acronyms_said: frozenset[str] = frozenset()
    """Words in capitals that are pronounced as words: "NASA"."""
    acronyms_spelled: frozenset[str] = frozenset()
    """Words in capitals that are spelled although they could be words: "US", "ETA"."""
    common_capitals: frozenset[str] = frozenset()
    """Short everyday words (lower case) that are not spelled when written in capitals: "free"."""
    chat: Mapping[str, str] = _NONE
    """Unambiguous abbreviations used in chats."""
    letters: Mapping[str, str] = _NONE
    """Respellings that make the synthesizer say the name of a letter that is also a word."""
    alphabet: str = ""
    """Letters besides a to z that the synthesizer can read; others lose their diacritics."""

    # Telephones, codes, links
    phone_pause: bool = True
    """Whether the groups of a telephone number are separated by pauses."""
    extension: str = "extension"
    extension_words: frozenset[str] = frozenset({"ext", "ext.", "x"})
    code_words: frozenset[str] = frozenset()
    """Words before a number that is read digit by digit: "code", "PIN"."""
    code_endings: tuple[str, ...] = ()
    """Endings of compounds that act like `code_words`: the German "Kundennummer"."""
    before_quantity: frozenset[str] = frozenset()
    """Words between one of `code_words` and a counted noun, whose number is not a code: "an order of 120 plates"."""
    before_fraction: frozenset[str] = frozenset()
    """Words of `before_number` that a fraction may follow: "circa 1/12"."""
    dialled_after: frozenset[str] = frozenset()
    """Words before a short number that is dialled: "call", "text"."""
    before_time: frozenset[str] = frozenset()
    """Words before a time of day, not a duration: "at 09:00:00"."""
    greetings: frozenset[str] = frozenset()
    """Words before a name that may be in capitals: "Hello PAT"."""
    year_words: frozenset[str] = frozenset()
    """Words before a year, even if a noun follows: "in"."""
    decade_words: frozenset[str] = frozenset()
    """Words before a decade of two digits: "the 90s"."""
    month_words: frozenset[str] = frozenset()
    """Months (lower case) that are also other words: "may"."""
    score_words: frozenset[str] = frozenset()
    """Words before a score such as "3-1": "won"."""
    codes_after: frozenset[str] = frozenset()
    """Words after a number that make it a code: "4821 is your code"."""
    range_words: frozenset[str] = frozenset()
    """Words that may begin a range: "noon-1pm"."""
    file_endings: frozenset[str] = frozenset()
    """Extensions of file names: "pdf"."""
    number_sign: str = "number"
    """For "#3" and "No. 3"."""
    hashtag: str = "hashtag"
    at: str = "at"
    dot: str = "dot"
    link_signs: Mapping[str, str] = _NONE
    """Signs in addresses of the web and of e-mail: "/": "slash"."""
    domains: frozenset[str] = frozenset()
    """Top-level domains by which an address without "www" is recognised."""
    domains_spelled: frozenset[str] = frozenset()
    """The entries of `domains` that could be words, but are spelled: "it", "us"."""

    # Doses and forms, where a language has the rules (languages/doses.py, languages/forms.py)
    over: str = ""
    """Between the values of a blood pressure: "120/80"."""
    pressure_words: frozenset[str] = frozenset()
    """Words shortly before a blood pressure without its unit."""
    slash: str = ""
    """Between two numbers that are not a fraction: "875/125 mg", "39/2015"."""
    times: tuple[str, str] = ("", "")
    """For "1x" and "3x" a day."""
    every: str = ""
    """Before a span of time: "5 ml/8 h"."""
    routes: Mapping[str, str] = _NONE
    """Abbreviations of how a medicine is given, without dots, as they are written: "im"."""
    more: str = ""
    """For ">" before a number: "orders > 50"."""
    less: str = ""
    both: tuple[str, str] = ("", "")
    """Between two forms of a word, in the singular and in the plural: "Estimado/a"."""
    of: str = ""
    """Between the numbers of an instalment: "3/12"."""
    out_of: str = ""
    """Between the points of a mark: "7,5/10"."""
    instalments: frozenset[str] = frozenset()
    """Words directly before an instalment, or a page of several."""
    expiry_words: frozenset[str] = frozenset()
    """Words shortly before the month of an expiry: "03/27"."""
    law_words: frozenset[str] = frozenset()
    """Words shortly before the number and the year of a law: "39/2015"."""
    of_year: str = ""
    """Between the number and the year of a law."""


class RomanceWords(NamedTuple):
    """Additional words of French, Italian and Portuguese that affect numbers next to them. All are in lower case."""

    feminine: frozenset[str] = frozenset()
    """Words after a number that are feminine despite their ending."""
    masculine: frozenset[str] = frozenset()
    """Words after a number that are not feminine despite their ending, or not nouns."""
    clock_words: frozenset[str] = frozenset()
    """Words before a time, so that "14.30" is one."""
    phone_words: frozenset[str] = frozenset()
    """Words shortly before a telephone number: "call"."""
    no_nouns: frozenset[str] = frozenset()
    """Words after a number that are not counted by it: "for"."""
    ordinal_nouns: frozenset[str] = frozenset()
    """Words after "1°" that make it an ordinal instead of degrees: "floor"."""
    chapters: frozenset[str] = frozenset()
    """Nouns before a Roman numeral: "chapter"."""
    starters: frozenset[str] = frozenset()
    """Further lower-case words at which a rule may begin."""
