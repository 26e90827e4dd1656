"""Put numbers into words: the part that French, Italian and Portuguese share."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property

from herald.speech.reading.grammar import Grammar, Time
from herald.speech.reading.languages.forms import inflect_adjective
from herald.speech.reading.languages.romance_rules import ROMANCE_RULES
from herald.speech.reading.rule import Rule
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import Currency, RomanceWords, Table


class RomanceGrammar(Grammar):
    """Numbers agree with what they count; large numbers take "of" before it; dates are said day first."""

    extra_rules: Sequence[Rule] = ROMANCE_RULES
    version = "version"
    hours_count = False
    """Whether "24 h" is more likely a duration than a time."""

    def __init__(self, table: Table, words: RomanceWords) -> None:
        super().__init__(table)
        self.lists = words

    @abstractmethod
    def is_feminine(self, noun: str, *, several: bool) -> bool:
        """Return whether a noun, or an adjective in its place, is certainly feminine."""

    @abstractmethod
    def of(self, noun: str) -> str:
        """Return a noun after "million": "d'euros"."""

    @abstractmethod
    def half(self, noun: str) -> str:
        """Return the word for "half a" before a noun: "un demi"."""

    @abstractmethod
    def roman(self, number: int, noun: str) -> str | None:
        """Return the words of a Roman numeral after a noun or a name, or None for other letters."""

    @cached_property
    def starters(self) -> frozenset[str]:
        """Lower-case words at which a rule may begin."""
        short = (self.table.weekday_short, self.table.month_short)
        ranges = {f"{first}-{last}" for names in short for first in names for last in names}
        return super().starters | {"n", "nº"} | ranges | self.lists.starters

    @cached_property
    def starter_endings(self) -> tuple[str, ...]:  # type: ignore[override]
        """Endings of words at which a rule may begin: "lun-mer-ven"."""
        return tuple(f"-{name}" for name in self.table.weekday_short)

    def gender(self, noun: str, *, several: bool) -> str:
        """Return "f" for a noun that is certainly feminine, or ""."""
        lower = noun.lower()
        if lower in self.lists.masculine or lower in self.lists.no_nouns:
            return ""
        return "f" if lower in self.lists.feminine or self.is_feminine(lower, several=several) else ""

    def counted(self, number: str, one: str, many: str, gender: str = "") -> str:
        """Return a number with what is counted; its first word has the gender."""
        single = self.is_one(number)
        noun = one if single else many
        agreed = gender or self.gender(noun.split(" ")[0], several=not single) or "m"
        whole, fraction = self.parts(number)
        if fraction:
            return f"{self.number(number)} {noun}"
        if len(whole) > 6 and not int(whole) % 1_000_000:  # noqa: PLR2004
            return f"{self.whole(whole, agreed)} {self.of(noun)}"
        return self.joined(self.whole(whole or "0", agreed), noun)

    def before_noun(self, number: str, noun: str) -> str | None:
        """Return a whole number, of digits only, before a word, or None if the word changes nothing."""
        gender = self.gender(noun, several=number != "1")
        return self.whole(number, gender) if gender else None

    def agree(self, words: str, kind: str, scan: Scan) -> str:
        """Inflect the words of a rule as the preceding words require."""
        return inflect_adjective(words, kind, scan)

    def hours(self, first: Time, last: Time, scan: Scan) -> str:
        """Return the words of opening hours."""
        return f"{self.time(first)} {self.table.to} {self.time(last)}"

    def joined(self, number: str, noun: str) -> str:
        """Return a number before a noun."""
        return f"{number} {noun}"

    def powered(self, names: tuple[str, str], word: str) -> tuple[str, str]:
        """Return a unit squared or cubed; the word follows the unit and agrees in number."""
        return f"{names[0]} {word}", f"{names[1]} {self.plural(word)}"

    def plural(self, word: str) -> str:
        """Return an adjective in the plural."""
        return f"{word}s"

    def money(self, number: str, currency: Currency, magnitude: str = "") -> str:
        """Return an amount of money. "Five million euros" needs an "of"."""
        if magnitude:
            one, many = self.table.magnitudes[magnitude]
            whole, fraction = self.parts(number)
            if one == self.table.magnitudes["k"][0] and len(fraction) <= 3:  # noqa: PLR2004  "2,5 k" is 2500
                return self.counted(whole + fraction.ljust(3, "0"), currency.one, currency.many, currency.gender)
            return f"{self.multiplier(number)} {one if self.is_one(number) else many} {self.of(currency.many)}"
        whole, fraction = self.parts(number)
        hundredths = fraction.ljust(2, "0")
        if not fraction.strip("0"):
            return self.counted(whole or "0", currency.one, currency.many, currency.gender or "m")
        if not currency.minor_one or len(hundredths.rstrip("0")) > 2:  # noqa: PLR2004  hundredths have two digits
            return f"{self.decimal(whole, fraction)} {currency.many}"
        hundredths = hundredths[:2].lstrip("0")
        cents = self.counted(hundredths, currency.minor_one, currency.minor_many, currency.minor_gender or "m")
        if not whole.strip("0"):
            return cents
        return self.join_money(self.counted(whole, currency.one, currency.many, currency.gender or "m"), cents)

    def year(self, year: str) -> str:
        """Return a year; two digits are said as a number."""
        return self.cardinal(int(year)) if len(year) == 2 else self.whole(year)  # noqa: PLR2004

    def grouped(self, number: int, below: Callable[[int], str], names: tuple[tuple[str, str], ...]) -> list[str]:
        """Return the words of a number's groups of three digits from the million on, the highest first."""
        groups: list[str] = []
        number //= 1_000_000
        for one, many in names:
            number, group = divmod(number, 1000)
            if group:
                groups.insert(0, f"{below(group)} {one if group == 1 else many}")
        return groups
