"""Put numbers, dates and times into Portuguese words, in Brazil and in Portugal."""

from collections.abc import Mapping

from herald.speech.reading.grammar import Grammar, Time
from herald.speech.reading.languages.portuguese_rules import PORTUGUESE_RULES
from herald.speech.reading.languages.portuguese_table import BRAZILIAN, EUROPEAN, EUROPEAN_NUMBERS
from herald.speech.reading.languages.portuguese_words import WORDS
from herald.speech.reading.languages.romance_grammar import RomanceGrammar

_SMALL = [
    "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze", "treze",
    "catorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove",
]  # fmt: skip
_TENS = ["zero", "dez", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"]
_HUNDREDS = [
    "zero", "cento", "duzentos", "trezentos", "quatrocentos", "quinhentos", "seiscentos", "setecentos", "oitocentos",
    "novecentos",
]  # fmt: skip
_LARGE = tuple(
    (f"{stem}ão", f"{stem}ões")
    for stem in ["milh", "bilh", "trilh", "quatrilh", "quintilh", "sextilh", "setilh", "octilh", "nonilh", "decilh"]
)
_LARGE_EUROPEAN = tuple((f"{stem}ão", f"{stem}ões") for stem in ["milh", "bili", "trili", "quatrili", "quintili"])
_ORDINAL_ONES = ["", "primeiro", "segundo", "terceiro", "quarto", "quinto", "sexto", "sétimo", "oitavo", "nono"]
_ORDINAL_TENS = [
    "", "décimo", "vigésimo", "trigésimo", "quadragésimo", "quinquagésimo", "sexagésimo", "septuagésimo", "octogésimo",
    "nonagésimo",
]  # fmt: skip
_ORDINAL_HUNDREDS = [
    "", "centésimo", "ducentésimo", "trecentésimo", "quadringentésimo", "quingentésimo", "sexcentésimo",
    "septingentésimo", "octingentésimo", "noningentésimo",
]  # fmt: skip
_NAMED = {2: "meio", 3: "terço"}
_NOON = 12
_TWELVE_HOURS = {"da tarde": range(13, 20), "da noite": range(18, 24)}
"""Hours that are said up to twelve before a part of the day."""


class PortugueseGrammar(RomanceGrammar):
    """Brazilian Portuguese."""

    extra_rules = PORTUGUESE_RULES
    times_ten = "vezes dez elevado a"
    first_day = "primeiro"
    version = "versão"
    date_join = " de "
    names: Mapping[str, str] = {}
    """Numbers that are said otherwise in Portugal."""

    def is_feminine(self, noun: str, *, several: bool) -> bool:
        """Return whether the ending of a noun is a feminine one."""
        if several:
            return not noun.endswith("gramas") and noun.endswith(
                ("as", "ções", "sões", "xões", "stões", "idões", "dades", "gens", "tudes")
            )
        return not noun.endswith("grama") and noun.endswith(
            ("a", "ção", "são", "xão", "stão", "idão", "dade", "gem", "tude")
        )

    def of(self, noun: str) -> str:
        """Return a noun after "milhão"."""
        return f"de {noun}"

    def cardinal(self, number: int, gender: str = "") -> str:
        """Return the words of a number: "mil duzentos e trinta e quatro", "dois mil e um"."""
        groups = self._millions(number)
        thousands, rest = divmod(number % 1_000_000, 1000)
        if thousands:
            groups.append("mil" if thousands == 1 else f"{self._below_thousand(thousands, gender)} mil")
        if rest or not groups:
            groups.append(self._below_thousand(rest, gender))
        last = number
        while last and not last % 1000:
            last //= 1000
        last %= 1000
        # "e" before the last group if it is one word: "mil e cem", "mil e dez", but "mil cento e dez".
        joined = " e " if len(groups) > 1 and last and (last < 100 or not last % 100) else " "  # noqa: PLR2004
        return joined.join((" ".join(groups[:-1]), groups[-1])).strip()

    def _millions(self, number: int) -> list[str]:
        return self.grouped(number, self._below_thousand, _LARGE)

    def _below_thousand(self, number: int, gender: str = "") -> str:
        hundreds, rest = divmod(number, 100)
        if number == 100:  # noqa: PLR2004
            return "cem"
        said = [_HUNDREDS[hundreds]] if hundreds else []
        tens, ones = divmod(rest, 10)
        if rest and rest < len(_SMALL):
            said.append(_SMALL[rest])
        elif rest:
            said += [_TENS[tens], _SMALL[ones]] if ones else [_TENS[tens]]
        if not said:
            return _SMALL[0]
        words = [self.names.get(word, word) for word in said]
        if gender == "f":
            words = [{"um": "uma", "dois": "duas"}.get(word, word.replace("entos", "entas")) for word in words]
        return " e ".join(words)

    def ordinal(self, number: int, gender: str = "") -> str:
        """Return the words of an ordinal: "vigésimo primeiro"."""
        thousands, rest = divmod(number, 1000)
        words = []
        if thousands:
            words.append("milésimo" if thousands == 1 else f"{self.cardinal(thousands)} milésimo")
        hundreds, below = divmod(rest, 100)
        words += [_ORDINAL_HUNDREDS[hundreds], _ORDINAL_TENS[below // 10], _ORDINAL_ONES[below % 10]]
        said = " ".join(filter(None, words)) or _SMALL[0]
        return (
            " ".join(f"{word[:-1]}a" if word.endswith("o") else word for word in said.split())
            if gender == "f"
            else said
        )

    def ordinal_written(self, number: str, ending: str) -> str:
        """Return "1ª" as "primeira"."""
        return self.ordinal(int(number), "f" if ending.rstrip("s").endswith(("ª", "a")) else "")

    def time(self, time: Time) -> str:
        """Return a time: "catorze horas e trinta"; "da tarde" makes it "duas horas e trinta"."""
        twelve = time.hours in _TWELVE_HOURS.get(time.part, ())
        hours = time.hours - _NOON if twelve else time.hours
        words = [f"{self.cardinal(hours, 'f')} hora{'' if hours == 1 else 's'}"]
        if time.seconds is not None:
            minutes = self.counted(str(time.minutes or 0), "minuto", "minutos")
            words.append(f"e {minutes} e {self.counted(str(time.seconds), 'segundo', 'segundos')}")
        elif time.minutes:
            words.append(f"e {self.cardinal(time.minutes)}")
        return " ".join(filter(None, (*words, time.part, time.zone)))

    def fraction(self, whole: str, numerator: str, denominator: str) -> str:
        """Return a fraction: "três quartos", "três onze avos", "um e meio"."""
        below = int(denominator)
        if below <= 1:
            return f"{self.whole(numerator)} {self.table.symbols['/']} {self.whole(denominator)}"
        single = int(numerator) == 1
        if below <= 10 or denominator.strip("0") == "1":  # noqa: PLR2004
            name = _NAMED.get(below) or self.ordinal(below)
            part = f"{self.whole(numerator)} {name if single else self.plural(name)}"
        else:
            part = f"{self.whole(numerator)} {self.cardinal(below)} avos"
        if not whole:
            return part
        return f"{self.whole(whole)} e {'meio' if (numerator, denominator) == ('1', '2') else part}"

    def join_money(self, major: str, minor: str) -> str:
        """Return an amount of two units: "doze reais e cinco centavos"."""
        return f"{major} e {minor}"

    def per(self, unit: str) -> str:
        """Return what follows an amount for each unit: "ao dia", but "por mês"."""
        return "ao dia" if unit == "dia" else f"{self.table.per} {unit}"

    def half(self, noun: str) -> str:
        """Return the word for "half a" before a noun: "meia"."""
        return "meia" if self.gender(noun, several=False) else "meio"

    def roman(self, number: int, noun: str) -> str | None:
        """Return a Roman numeral: ordinals up to ten, cardinals above; "capítulo quatro", "século vinte"."""
        if noun in self.lists.chapters and noun not in ("século", "séc"):
            return self.cardinal(number)
        return self.ordinal(number) if number <= 10 else self.cardinal(number)  # noqa: PLR2004


class EuropeanGrammar(PortugueseGrammar):
    """Portuguese of Portugal and Africa: "dezasseis", "mil milhões"."""

    names = EUROPEAN_NUMBERS
    first_day = "um"

    def _millions(self, number: int) -> list[str]:
        """Return the groups of six digits: "mil duzentos milhões"."""
        groups: list[str] = []
        number //= 1_000_000
        for one, many in _LARGE_EUROPEAN:
            number, group = divmod(number, 1_000_000)
            if group:
                groups.insert(0, f"{self.cardinal(group)} {one if group == 1 else many}")
        return groups


_BRAZILIAN, _EUROPEAN = PortugueseGrammar(BRAZILIAN, WORDS), EuropeanGrammar(EUROPEAN, WORDS)


def grammar(region: str) -> Grammar:
    """Return the grammar of a region: Brazil's without one."""
    return _BRAZILIAN if region in ("", "BR") else _EUROPEAN
