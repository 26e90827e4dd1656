"""Put numbers, dates and times into French words."""

import re
from functools import cached_property

from herald.speech.reading.grammar import Grammar, Time
from herald.speech.reading.languages.french_rules import FRENCH_RULES
from herald.speech.reading.languages.french_table import FRENCH
from herald.speech.reading.languages.french_words import FEMININE_ENDINGS, WORDS
from herald.speech.reading.languages.romance_grammar import RomanceGrammar
from herald.speech.reading.patterns import Lazy

_SMALL = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
]  # fmt: skip
_TENS = ["zéro", "dix", "vingt", "trente", "quarante", "cinquante", "soixante", "septante", "quatre-vingt", "nonante"]
_LARGE = tuple(
    (name, f"{name}s") for size in ("m", "b", "tr", "quadr", "quint") for name in (f"{size}illion", f"{size}illiard")
)
_COUNTRY = Lazy(r"\+(1|2[1-69]\d|3[578]\d|59\d|68\d|\d\d)(\d{6,10})")
_NAMED = {"2": ("demi", "demis"), "3": ("tiers", "tiers"), "4": ("quart", "quarts")}


class FrenchGrammar(RomanceGrammar):
    """French; "septante" and "nonante" in Belgium and Switzerland."""

    extra_rules = FRENCH_RULES
    times_ten = "fois dix puissance"
    first_day = "premier"
    weekday_end = " "
    counts_in_tens = False

    @cached_property
    def dotted(self) -> frozenset[str]:
        """Lower-case words at which a rule may begin if a dot follows, with their article: "l'art."."""
        return super().dotted | {f"{article}'{name}" for article in "ld" for name in super().dotted}

    def is_feminine(self, noun: str, *, several: bool) -> bool:
        """Return whether the ending of a noun is a feminine one."""
        return noun.removesuffix("s").endswith(FEMININE_ENDINGS)

    def of(self, noun: str) -> str:
        """Return a noun after "million": "d'euros"."""
        return f"d'{noun}" if noun[0] in "aeiouéèêh" else f"de {noun}"

    def is_one(self, number: str) -> bool:
        """Return whether the singular follows: below two."""
        whole, fraction = self.parts(number)
        return len(whole) < 3 and int(whole or "0") < 2 and (whole, fraction) != ("0", "")  # noqa: PLR2004

    def cardinal(self, number: int, gender: str = "") -> str:
        """Return the words of a number: "deux cent vingt et un"."""
        groups = self.grouped(number, self._below_thousand, _LARGE)
        thousands, rest = divmod(number % 1_000_000, 1000)
        if thousands:
            # "quatre-vingts" and "deux cents" lose their s before "mille".
            head = self._below_thousand(thousands)
            groups.append("mille" if thousands == 1 else f"{_unmarked(head)} mille")
        if rest or not groups:
            groups.append(self._below_thousand(rest))
        said = " ".join(groups)
        return f"{said}e" if gender == "f" and said.endswith("un") else said

    def _below_thousand(self, number: int) -> str:
        hundreds, rest = divmod(number, 100)
        said = ["cent" if hundreds == 1 else f"{_SMALL[hundreds]} cent{'' if rest else 's'}"] if hundreds else []
        if rest or not hundreds:
            said.append(self._below_hundred(rest))
        return " ".join(said)

    def _below_hundred(self, number: int) -> str:
        if number < len(_SMALL):
            return _SMALL[number]
        tens, ones = divmod(number, 10)
        if tens in (7, 9) and not self.counts_in_tens:
            tens, ones = tens - 1, ones + 10
        if not ones:
            return "quatre-vingts" if tens == 8 else _TENS[tens]  # noqa: PLR2004
        if ones in (1, 11) and tens != 8:  # noqa: PLR2004
            return f"{_TENS[tens]} et {_SMALL[ones]}"
        return f"{_TENS[tens]}-{_SMALL[ones]}"

    def ordinal(self, number: int, gender: str = "") -> str:
        """Return the words of an ordinal: "vingt et unième"."""
        if number == 1:
            return "première" if gender == "f" else "premier"
        said = _unmarked(self.cardinal(number))
        if said.endswith("cinq"):
            return f"{said}uième"
        if said.endswith("neuf"):
            return f"{said[:-1]}vième"
        return f"{said.removesuffix('e')}ième"

    def ordinal_written(self, number: str, ending: str) -> str:
        """Return "1re" as "première", "2nd" as "second"."""
        if ending in ("nd", "nds", "nde", "ndes", "d", "de", "des"):
            return f"second{ending.lstrip('nd')}"
        said = self.ordinal(int(number), "f" if ending.startswith(("r", "è", "iè")) and number == "1" else "")
        return f"{said}s" if ending.endswith("s") else said

    def decimal(self, whole: str, fraction: str) -> str:
        """Return a decimal; the digits after the comma are read as numbers: "trois virgule quatorze"."""
        if len(fraction) > 1 and not fraction.strip("0"):
            return self.whole(whole or "0")  # "2,00 %"
        zeros = len(fraction) - len(fraction.lstrip("0"))
        rest = fraction[zeros:]
        said = ["zéro"] * zeros
        if len(rest) in (1, 2, 3):
            said.append(self.cardinal(int(rest)))
        elif len(rest) == 4 and rest[2] != "0":  # noqa: PLR2004
            said += [self.cardinal(int(rest[:2])), self.cardinal(int(rest[2:]))]
        elif rest:
            said.append(self.digits(rest))
        return f"{self.whole(whole or '0')} {self.table.point} {' '.join(said)}"

    def time(self, time: Time) -> str:
        """Return a time: "quatorze heures trente"."""
        hours = f"{self.cardinal(time.hours, 'f')} heure{'' if time.hours < 2 else 's'}"  # noqa: PLR2004
        words = [hours]
        if time.seconds is not None:
            words.append(self.counted(str(time.minutes or 0), "minute", "minutes"))
            words.append(f"et {self.counted(str(time.seconds), 'seconde', 'secondes')}")
        elif time.minutes:
            words.append(self.cardinal(time.minutes, "f"))
        return " ".join(filter(None, (*words, time.part, time.zone)))

    def fraction(self, whole: str, numerator: str, denominator: str) -> str:
        """Return a fraction: "trois quarts", "un et demi"."""
        single = int(numerator) == 1
        if denominator.strip("0") == "1" and len(denominator) == 1:
            part = f"{self.whole(numerator)} {self.table.symbols['/']} {self.whole(denominator)}"
        else:
            ordinal = self.ordinal(int(denominator))
            one, many = _NAMED.get(denominator, (ordinal, f"{ordinal}s"))
            part = f"{self.whole(numerator)} {one if single else many}"
        if not whole:
            return part
        return f"{self.whole(whole)} et {'demi' if (numerator, denominator) == ('1', '2') else part}"

    def phone(self, groups: list[str]) -> str:
        """Return a telephone number in pairs, as the French do."""
        said = []
        if groups[0][0] == "+" and groups[1:2] == ["0"]:
            groups = [groups[0], *groups[2:]]  # "+33 (0)1": the zero is not dialled
        if (code := _COUNTRY.fullmatch(groups[0])) is not None:
            groups = [f"+{code[1]}", code[2], *groups[1:]]  # "+33612345678"
        for group in groups:
            digits = group.removeprefix("+")
            if len(digits) == 4 and digits.startswith("08"):  # noqa: PLR2004  "0825"
                said.append(f"{self.digits('0')} {self.cardinal(int(digits))}")
                continue
            size = 3 if len(digits) == 3 and digits[0] != "0" else 2  # noqa: PLR2004
            # An odd group begins with a single digit: "1 23 45".
            head = [digits[0]] if len(digits) % 2 and size == 2 else []  # noqa: PLR2004
            pairs = head + [digits[at : at + size] for at in range(len(head), len(digits), size)]
            words = ", ".join(self._pair(pair) for pair in pairs)
            said.append(f"{self.table.plus} {words}" if group[0] == "+" else words)
        return ", ".join(said)

    def _pair(self, digits: str) -> str:
        return self.digits(digits) if digits[0] == "0" else self.cardinal(int(digits))

    def half(self, noun: str) -> str:
        """Return the word for "half a" before a noun: "une demi"."""
        return f"{'une' if self.gender(noun, several=False) else 'un'} demi"

    def roman(self, number: int, noun: str) -> str | None:
        """Return a Roman numeral: "Louis quatorze", "François premier"; "taille XL" has none."""
        if noun in ("taille", "tailles"):
            return None
        return self.ordinal(1) if number == 1 and noun not in self.lists.chapters else self.cardinal(number)


class TensGrammar(FrenchGrammar):
    """French of Belgium and Switzerland."""

    counts_in_tens = True


def _unmarked(said: str) -> str:
    """Return a number without the plural s of its last word."""
    return re.sub(r"(vingt|cent|llion|lliard)s$", r"\1", said)


_FRENCH, _TENS_FRENCH = FrenchGrammar(FRENCH, WORDS), TensGrammar(FRENCH, WORDS)


def grammar(region: str) -> Grammar:
    """Return the grammar of a region."""
    return _TENS_FRENCH if region in ("BE", "CH") else _FRENCH
