"""Put numbers, dates, times and amounts into words: the defaults, which languages override."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import Rule
from herald.speech.reading.table import Currency, Table

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

LONGEST_NUMBER = 36
"""Maximum digits of a number that is put into words; longer ones are read digit by digit."""
MONTHS, DAYS = 12, 31
"""Maximum month and day of a date."""
HOURS, MINUTES = 24, 59
"""Maximum hour, as in "24:00", and minute of a time of day. The maximum second equals the maximum minute."""
_LONGEST_SPELLED = 3
"""Maximum letters of an unknown word in capitals that is spelled; longer ones are often words."""
VOWELS = frozenset("aeiouyáéíóúàèìòùâêîôûäëïöüãõåæøœı")
_SYLLABLES = Lazy(r"(?=.{5})(?:[^aeiou]{0,2}[aeiou]{1,2}){2,6}[^aeiou]{0,2}")


class Date(NamedTuple):
    """A date. Missing parts are None; `day_first` states whether the day is written before the month."""

    day: int | None
    month: int
    year: str | None = None
    weekday: int | None = None
    day_first: bool = False


class Time(NamedTuple):
    """A time of day. `part` and `zone` are the spoken forms of "am" or "pm" and of the time zone, or ""."""

    hours: int
    minutes: int | None = None
    seconds: int | None = None
    part: str = ""
    zone: str = ""


class Grammar(ABC):
    """Puts values into words. Numbers are passed as strings of digits, to preserve leading zeros."""

    extra_rules: Sequence[Rule] = ()
    """Rules for this language only, tried before the shared ones."""

    def __init__(self, table: Table) -> None:
        self.table = table

    @abstractmethod
    def cardinal(self, number: int, gender: str = "") -> str:
        """Return the words of a number from 0 to 10 ** LONGEST_NUMBER - 1."""

    @abstractmethod
    def ordinal(self, number: int, gender: str = "") -> str:
        """Return the words of an ordinal."""

    @cached_property
    def starters(self) -> frozenset[str]:
        """Lower-case words at which a rule may begin; all other lower-case words are spoken unchanged."""
        table = self.table
        names = (
            table.month_short,
            table.weekday_short,
            table.titles,
            table.suffixes,
            table.chat,
            (key for key in (*table.abbreviations, *table.before_number) if "." not in key),
            (key.lower() for key in table.currencies),
            (sign for sign in table.symbols if sign.isalpha()),
            (month.lower() for month in table.months),
            (weekday.lower() for weekday in table.weekdays),
        )
        return frozenset(name for group in names for name in group)

    @cached_property
    def dotted(self) -> frozenset[str]:
        """Lower-case words at which a rule may begin if a dot follows."""
        return frozenset(key.split(".")[0] for key in (*self.table.abbreviations, *self.table.before_number))

    starter_endings: tuple[str, ...] = ()
    """Endings of words at which a rule may begin, such as the "str" of the German "Hauptstr."."""

    def agree(self, words: str, kind: str, scan: "Scan") -> str:
        """Inflect the words of a rule as the preceding words require: "am dritten April", not "dritter"."""
        return words

    def bare_number(self, number: str, scan: "Scan", end: int, *, signed: bool) -> str | None:
        """Return a number without a unit, which ends at `end`.

        None leaves it to the shared choice between a year, a code and a quantity.
        """
        return None

    version = "version"
    """Spoken form of the "v" in "v2.0"."""

    @cached_property
    def version_point(self) -> str:
        """Spoken form of the dots in a version. Only in some languages is it that of a decimal mark."""
        return self.table.point if self.table.decimal_mark == "." else self.table.dot

    date_article = ""
    """Article that `date` puts before a day, unless the text already has it: "the "."""

    @cached_property
    def maths(self) -> dict[str, str]:
        """Signs between two numbers of a calculation, and their spoken forms."""
        signs, minus = self.table.symbols, self.table.minus
        said = {sign: signs[sign] for sign in "=+×÷≈≠≤≥<>±"}
        return {**said, "*": signs["×"], "-": minus, "−": minus, **self.table.maths}

    @cached_property
    def month_numbers(self) -> dict[str, int]:
        """Months by their names and short names in lower case."""
        return {**self.table.month_short, **{name.lower(): at for at, name in enumerate(self.table.months, 1)}}

    @cached_property
    def weekday_numbers(self) -> dict[str, int]:
        """Weekdays by their names and short names in lower case."""
        return {**self.table.weekday_short, **{name.lower(): at for at, name in enumerate(self.table.weekdays)}}

    def day_alone(self, day: int) -> str:
        """Return the words of the first day in a range of days."""
        return self.day(day)

    def is_ordinal(self, number: str, ending: str) -> bool:
        """Return whether an ending fits a number: "1st", not "1th"."""
        return True

    def ordinal_written(self, number: str, ending: str) -> str:
        """Return an ordinal that is written with an ending."""
        return self.ordinal(int(number)) if len(number) <= LONGEST_NUMBER else self.digits(number)

    def powered(self, names: tuple[str, str], word: str) -> tuple[str, str]:
        """Return a unit squared or cubed, in singular and plural."""
        return f"{word} {names[0]}", f"{word} {names[1]}"

    times_ten = "times ten to the power of"
    """Between a number in scientific notation and its exponent."""

    def scientific(self, base: str, exponent: str) -> str:
        """Return a number in scientific notation."""
        return f"{base} {self.times_ten} {exponent}"

    def spelled(self, letters: str) -> str:
        """Return letters one by one, so that the synthesizer says their names."""
        return " ".join(self.table.symbols.get(letter) or letter.upper() for letter in letters)

    def must_spell(self, word: str, *, shouted: bool = False) -> bool:
        """Return whether a word in capitals is read letter by letter."""
        table = self.table
        if word in table.acronyms_said or (shouted and word.lower() in table.common_capitals):
            return False
        if word in table.acronyms_spelled or not set(word.lower()) & VOWELS:
            return True
        return not shouted and len(word) <= _LONGEST_SPELLED and word.lower() not in table.common_capitals

    def pronounceable(self, word: str) -> bool:
        """Return whether capitals within a code are more likely a word, as in "SAVE20"."""
        return word.lower() in self.table.common_capitals or _SYLLABLES.fullmatch(word.lower()) is not None

    def capitals(self, word: str) -> str:
        """Return a word in capitals, spelled or as a word."""
        if self.must_spell(word):
            return self.spelled(word)
        return word.lower() if word.lower() in self.table.common_capitals else word

    def digits(self, digits: str) -> str:
        """Return digits one by one."""
        return " ".join(self.table.digits[int(digit)] for digit in digits)

    def whole(self, digits: str, gender: str = "") -> str:
        """Return a whole number as words; digit by digit if it has a leading zero or no name."""
        if len(digits) > LONGEST_NUMBER or (len(digits) > 1 and digits[0] == "0"):
            return self.digits(digits)
        return self.cardinal(int(digits), gender)

    def parts(self, number: str) -> tuple[str, str]:
        """Return the digits before and after the decimal mark of a number in the notation of the language."""
        marks = [one for one in number if not one.isdigit()]
        decimal = self.table.decimal_mark
        if len(marks) > 1 and marks[-1] in self.table.group_marks and marks[0] == decimal:
            decimal = marks[-1]  # "1.000,50" in English
        whole, _, fraction = number.rpartition(decimal) if decimal in marks else (number, "", "")
        return "".join(filter(str.isdigit, whole)), fraction

    def number(self, number: str, gender: str = "") -> str:
        """Return the words of a number in the notation of the language, such as "1,234.5"."""
        whole, fraction = self.parts(number)
        if not fraction:
            return self.whole(whole, gender)
        return self.decimal(whole, fraction)

    def decimal(self, whole: str, fraction: str) -> str:
        """Return a decimal; `whole` is "" in ".5"."""
        before = self.whole(whole) if whole else self.table.digits[0]
        return f"{before} {self.table.point} {self.digits(fraction)}"

    def year(self, year: str) -> str:
        """Return a year."""
        return self.whole(year)

    def decade(self, year: str) -> str | None:
        """Return the words of a decade such as "1990s", or None in languages without this notation."""
        return None

    def multiplier(self, number: str) -> str:
        """Return a number before a magnitude such as "million"."""
        return self.number(number)

    def is_one(self, number: str) -> bool:
        """Return whether this number is followed by the singular."""
        return self.parts(number) == ("1", "")

    def counted(self, number: str, one: str, many: str, gender: str = "") -> str:
        """Return a number with the noun that it counts."""
        return f"{self.number(number, gender)} {one if self.is_one(number) else many}"

    def per(self, unit: str) -> str:
        """Return the words for "per" and a unit after an amount: "per month"."""
        return f"{self.table.per} {unit}"

    def money(self, number: str, currency: Currency, magnitude: str = "") -> str:
        """Return an amount of money. `magnitude` is a key of the table's magnitudes, or ""."""
        if magnitude:
            one, many = self.table.magnitudes[magnitude]
            return f"{self.multiplier(number)} {one if self.is_one(number) else many} {currency.many}"
        whole, fraction = self.parts(number)
        hundredths = (fraction.rstrip("0") or "0").ljust(2, "0")
        if not fraction or not int(fraction):
            return f"{self.whole(whole or '0', currency.gender)} {currency.one if whole == '1' else currency.many}"
        if not currency.minor_one or len(hundredths) > 2:  # noqa: PLR2004  hundredths have two digits
            return f"{self.decimal(whole, fraction)} {currency.many}"
        minor = currency.minor_one if int(hundredths) == 1 else currency.minor_many
        cents = f"{self.cardinal(int(hundredths), currency.minor_gender)} {minor}"
        if not whole.strip("0"):
            return cents
        major = f"{self.whole(whole, currency.gender)} {currency.one if whole == '1' else currency.many}"
        return self.join_money(major, cents)

    def join_money(self, major: str, minor: str) -> str:
        """Return an amount of two units: "twenty dollars fifty cents"."""
        return f"{major} {minor}"

    def signed(self, sign: str | None, said: str) -> str:
        """Return a number or an amount, preceded by the word for its sign, if any."""
        names = {"+": self.table.plus, "±": self.table.plus_minus}
        return f"{names.get(sign, self.table.minus)} {said}" if sign else said

    date_join = " "
    """Between the day, the month and the year."""
    weekday_end = ", "
    """Between a weekday and its date."""

    def date(self, date: Date) -> str:
        """Return a date, day first."""
        weekday = f"{self.table.weekdays[date.weekday]}{self.weekday_end}" if date.weekday is not None else ""
        words = [self.day(date.day)] if date.day is not None else []
        words.append(self.table.months[date.month - 1])
        if date.year is not None:
            words.append(self.year(date.year))
        return weekday + self.date_join.join(words)

    first_day: str | None = None
    """Word for the first day of a month, in languages where the other days are cardinals; None if all are ordinals."""

    def day(self, day: int) -> str:
        """Return a day of a date."""
        if self.first_day and day == 1:
            return self.first_day
        return self.ordinal(day) if self.first_day is None else self.cardinal(day)

    @abstractmethod
    def time(self, time: Time) -> str:
        """Return a time of day."""

    @abstractmethod
    def fraction(self, whole: str, numerator: str, denominator: str) -> str:
        """Return a fraction, with the whole number before it or ""."""

    def telephone(self, groups: list[str]) -> str:
        """Return a telephone number of groups of digits and groups of letters, such as "1-800-FLOWERS"."""
        runs = groupby(groups, str.isalpha)
        return ", ".join(", ".join(run) if is_word else self.phone(list(run)) for is_word, run in runs)

    def phone(self, groups: list[str]) -> str:
        """Return the groups of digits of a telephone number; "+49" is a group with a sign."""
        said = [
            f"{self.table.plus} {self.digits(group[1:])}" if group.startswith("+") else self.digits(group)
            for group in groups
        ]
        return (", " if self.table.phone_pause else " ").join(said)
