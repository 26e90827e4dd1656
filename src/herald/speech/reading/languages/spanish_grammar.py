"""Put numbers, dates and times into Spanish words."""

from functools import cache, cached_property

from herald.speech.reading.grammar import LONGEST_NUMBER, Grammar, Time
from herald.speech.reading.languages.forms import inflect_adjective
from herald.speech.reading.languages.spanish_nouns import BEFORE_WOMEN, MASCULINE_SIDES, OF_WOMEN, gender_after
from herald.speech.reading.languages.spanish_rules import SPANISH_RULES, STARTERS
from herald.speech.reading.languages.spanish_table import spanish
from herald.speech.reading.rules.codes import country_code, in_threes
from herald.speech.reading.rules.numbers import SHORTEST_NAMED_CODE, in_groups
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import Currency

_SMALL = (
    *("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"),
    *("trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno"),
    *("veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho"),
    "veintinueve",
)
_TENS = ("", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_HUNDREDS = (
    *("", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos"),
    *("ochocientos", "novecientos"),
)
_LARGE = ("millón", "billón", "trillón", "cuatrillón", "quintillón")
_ORDINAL_ONES = ("", "primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno")
_ORDINAL_TENS = (
    *("", "décimo", "vigésimo", "trigésimo", "cuadragésimo", "quincuagésimo", "sexagésimo", "septuagésimo"),
    *("octogésimo", "nonagésimo"),
)
_ORDINAL_HUNDREDS = (
    *("", "centésimo", "ducentésimo", "tricentésimo", "cuadringentésimo", "quingentésimo", "sexcentésimo"),
    *("septingentésimo", "octingentésimo", "noningentésimo"),
)
_PARTS = {2: "medio", 3: "tercio"}
_PLAIN = str.maketrans("áéíóú", "aeiou")
_THIS_CENTURY = 50
"""Lower years of two digits are in this century."""
_LATE = 8
"""First hour after noon that is night."""
_SHORTEST_DIALLED = 4
"""Digits of a number that is dialled: "llame al 1004"."""
_LONG = 5
"""Digits from which a number without group marks is more likely a code than a quantity."""


class SpanishGrammar(Grammar):
    """Spanish of Spain and America. Genders are "m" ("un"), "f" ("una"); "" is counting ("uno")."""

    extra_rules = SPANISH_RULES
    times_ten = "por diez elevado a"
    first_day = "primero"
    version = "versión"
    date_join = " de "

    @cached_property
    def starters(self) -> frozenset[str]:
        """Lower-case words at which a rule may begin."""
        weekdays, months = (
            (*self.table.weekdays, *self.table.weekday_short),
            (*self.table.months, *self.table.month_short),
        )
        ranges = {f"{first}-{last}" for names in (weekdays, months) for first in names for last in names}
        return super().starters | STARTERS | ranges

    def cardinal(self, number: int, gender: str = "") -> str:
        """Return the words of a number: "mil doscientos treinta y cuatro"."""
        higher, rest = divmod(number, 10**6)
        words = [_below_million(rest, gender)] if rest or not number else []
        for one in _LARGE:
            higher, group = divmod(higher, 10**6)
            if group:
                many = f"{one.removesuffix('ón')}ones"
                words.insert(0, f"un {one}" if group == 1 else f"{_below_million(group, 'm')} {many}")
        return " ".join(words)

    def ordinal(self, number: int, gender: str = "") -> str:
        """Return the words of an ordinal; the gender "er" is the form before a noun: "primer"."""
        words = _ordinal_words(number) if 0 < number < 10**6 else [self.cardinal(number)]
        if gender == "er" and words[-1] == "undécimo":
            words[-1] = "decimoprimero"
        if gender == "f":
            words = [f"{word[:-1]}a" if word.endswith("o") else word for word in words]
        if gender == "er" and words[-1].endswith(("primero", "tercero")):
            words[-1] = words[-1][:-1]
        return " ".join(words)

    def ordinal_written(self, number: str, ending: str) -> str:
        """Return an ordinal that is written with an ending: "1.ª", "3er", "2do"."""
        if len(number) > LONGEST_NUMBER:
            return self.digits(number)
        one = ending.removesuffix("s")
        form = "er" if one == ending and one.endswith("er") else "f" if one.endswith(("a", "ª")) else "m"
        return self.ordinal(int(number), form) + ("s" if one != ending else "")

    def bare_number(self, number: str, scan: Scan, end: int, *, signed: bool) -> str | None:
        """Return a number without a unit: codes digit by digit, quantities in the gender of what they count."""
        gender, noun = gender_after(scan, end)
        if not number.isdigit():
            return self.number(number, gender if gender == "f" or not self.parts(number)[1] else "")
        digits = number
        year = len(digits) == _SHORTEST_DIALLED and digits[:2] in ("19", "20") and scan.last_word() != "al"
        if len(digits) >= _SHORTEST_DIALLED and not noun and not year and scan.dials():
            return in_groups(digits, scan)
        coded = len(digits) >= SHORTEST_NAMED_CODE and scan.names_code()
        if coded or digits[0] == "0" or scan.last_word() in scan.table.dialled_after or scan.is_code(end):
            return None
        alone = not scan.tokens and not scan.text[end:].strip()
        quantity = len(digits) < _LONG or signed or alone or noun.endswith("s") or digits.endswith("0000")
        return self.whole(digits, gender) if quantity else in_groups(digits, scan)

    def number(self, number: str, gender: str = "") -> str:
        """Return a number as words, decimals in pairs: "tres coma catorce dieciséis"."""
        whole, fraction = self.parts(number)
        if not fraction:
            return self.whole(whole, gender)
        if len(fraction) == 3 and fraction[0] != "0":  # noqa: PLR2004  "0,350 kg"
            return f"{self.whole(whole or '0', gender)} {self.table.point} {self.whole(fraction, gender)}"
        pairs = [fraction[at : at + 2] for at in range(0, len(fraction), 2)]
        after = [self.whole(pair, gender) if pair[0] != "0" or len(pair) == 1 else self.digits(pair) for pair in pairs]
        if gender == "f" and after[-1].endswith("uno"):
            after[-1] = f"{after[-1][:-1]}a"
        return f"{self.whole(whole or '0', gender)} {self.table.point} {' '.join(after)}"

    def decimal(self, whole: str, fraction: str) -> str:
        """Return a decimal."""
        return self.number(f"{whole}{self.table.decimal_mark}{fraction}")

    def counted(self, number: str, one: str, many: str, gender: str = "") -> str:
        """Return a number with what is counted: "una hora", "un metro"; "uno por ciento"."""
        if one.startswith("por "):
            return f"{self.number(number)} {many}"
        form = gender or ("f" if one.partition(" ")[0].endswith(("a", "ión", "ad")) else "m")
        if self.parts(number)[1] and form == "m":
            form = ""
        return f"{self.number(number, form)} {one if self.is_one(number) else many}"

    def multiplier(self, number: str) -> str:
        """Return a number before "millón"."""
        said = self.number(number, "" if self.parts(number)[1] else "m")
        return said.removesuffix("o") if said.endswith(" uno") else said

    def money(self, number: str, currency: Currency, magnitude: str = "") -> str:
        """Return an amount of money: "veintiún euros", "dos millones de euros"."""
        if magnitude:
            one, many = self.table.magnitudes[magnitude]
            of = "" if one == "mil" else "de "
            return f"{self.multiplier(number)} {one if self.is_one(number) else many} {of}{currency.many}"
        forms = currency._replace(gender=currency.gender or "m", minor_gender=currency.minor_gender or "m")
        said = super().money(number, forms)
        # "un millón de euros"
        name = f" {currency.many}"
        round_ = said.endswith((f"illón{name}", f"illones{name}"))
        return f"{said.removesuffix(name)} de{name}" if round_ else said

    def powered(self, names: tuple[str, str], word: str) -> tuple[str, str]:
        """Return a unit squared or cubed: "metros cuadrados"."""
        return f"{names[0]} {word}", f"{names[1]} {word}s"

    def agree(self, words: str, kind: str, scan: Scan) -> str:
        """Inflect the words of a rule as the preceding words require: "del uno al quince de mayo"."""
        if kind == "date" and scan.last_word() == "del":
            return words.replace(f" {self.table.to} ", f" {self.table.to}l ", 1)
        if words in OF_WOMEN and scan.last_word() in BEFORE_WOMEN:
            return OF_WOMEN[words]
        if words in ("derecha", "izquierda") and scan.before in MASCULINE_SIDES:
            return f"{words[:-1]}o"
        if words in ("máximo", "mínimo") and not scan.recent_words(8).isdisjoint(("temperatura", "temp.", "edad")):
            return f"{words[:-1]}a"
        return inflect_adjective(words, kind, scan)

    def year(self, year: str) -> str:
        """Return a year; one of two digits is within fifty years: "dos mil veintiséis"."""
        return self.whole(year if len(year) > 2 else f"{'20' if int(year) < _THIS_CENTURY else '19'}{year}")  # noqa: PLR2004

    def per(self, unit: str) -> str:
        """Return what follows an amount for each unit: "al mes", but "por persona"."""
        return f"al {unit}" if unit in ("mes", "año", "día") else f"{self.table.per} {unit}"

    def time(self, time: Time) -> str:
        """Return a time: "dos y media de la tarde", "catorce y cinco"."""
        bare = not (time.hours or time.minutes or time.part)
        words = ["cero horas" if bare else self.cardinal(time.hours, "f")]
        if time.minutes:
            named = {15: "cuarto", 30: "media"}
            words.append(f"y {named.get(time.minutes) or self.cardinal(time.minutes)}")
        if time.seconds:
            words.append(f"y {self.counted(str(time.seconds), 'segundo', 'segundos')}")
        if time.part == "am":
            words.append("de la noche" if time.hours == 12 else "de la mañana")  # noqa: PLR2004  midnight
        elif time.part == "pm":
            words.append("de la noche" if _LATE <= time.hours < 12 else "de la tarde")  # noqa: PLR2004  noon
        return " ".join(filter(None, [*words, time.zone]))

    def fraction(self, whole: str, numerator: str, denominator: str) -> str:
        """Return a fraction: "dos tercios", "uno y medio", "un veintiunavo"."""
        above, below = int(numerator), int(denominator)
        name = _part(below)
        if name is None:
            said = f"{self.cardinal(above)} sobre {self.cardinal(below)}"
        elif below == 2 and above == 1:  # noqa: PLR2004
            said = name
        else:
            said = f"{self.cardinal(above, 'm')} {name if above == 1 else f'{name}s'}"
        return f"{self.whole(whole)} y {said}" if whole else said

    def phone(self, groups: list[str]) -> str:
        """Return a telephone number; the code of a country is a number, long groups get a pause."""
        said = []
        for group in groups:
            rest = group
            if group.startswith("+"):
                code, rest = country_code(group[1:])
                said.append(f"{self.table.plus} {self.digits(code) if len(code) > 2 else self.cardinal(int(code))}")  # noqa: PLR2004
            said += [self.digits(part) for part in in_threes(rest)]
        return ", ".join(said)


def _below_thousand(number: int, gender: str) -> str:
    if number == 100:  # noqa: PLR2004
        return "cien"
    hundreds, rest = divmod(number, 100)
    words = [_HUNDREDS[hundreds].replace("tos", "tas") if gender == "f" else _HUNDREDS[hundreds]] if hundreds else []
    if rest < len(_SMALL):
        words += [_SMALL[rest]] if rest or not hundreds else []
    else:
        tens, ones = divmod(rest, 10)
        words.append(f"{_TENS[tens]} y {_SMALL[ones]}" if ones else _TENS[tens])
    said = " ".join(words)
    if not gender or not said.endswith("uno"):
        return said
    if gender == "f":
        return f"{said[:-1]}a"
    return f"{said[:-3]}ún" if said.endswith("veintiuno") else said[:-1]


def _below_million(number: int, gender: str) -> str:
    thousands, rest = divmod(number, 1000)
    words = []
    if thousands:
        words.append("mil" if thousands == 1 else f"{_below_thousand(thousands, gender or 'm')} mil")
    if rest or not thousands:
        words.append(_below_thousand(rest, gender))
    return " ".join(words)


def _ordinal_words(number: int) -> list[str]:
    """Return the words of an ordinal below a million, masculine."""
    thousands, rest = divmod(number, 1000)
    words = []
    if thousands:
        words.append(f"{'' if thousands == 1 else _below_thousand(thousands, 'm').replace(' ', '')}milésimo")
    hundreds, rest = divmod(rest, 100)
    tens, ones = divmod(rest, 10)
    words += [_ORDINAL_HUNDREDS[hundreds]] if hundreds else []
    if rest in (11, 12):
        words.append("undécimo" if rest == 11 else "duodécimo")  # noqa: PLR2004
    elif tens in (1, 2) and ones:
        # One word, with the accent on its last part only: "vigesimoséptimo".
        words.append(("decim" if tens == 1 else "vigesim") + ("" if ones == 8 else "o") + _ORDINAL_ONES[ones])  # noqa: PLR2004
    else:
        words += [word for word in (_ORDINAL_TENS[tens], _ORDINAL_ONES[ones]) if word]
    return words


def _part(below: int) -> str | None:
    """Return the name of the parts of a whole, or None if "sobre" is clearer."""
    if below <= 10:  # noqa: PLR2004
        return _PARTS.get(below) or (_ordinal_words(below)[0] if below > 1 else None)
    if below < 100:  # noqa: PLR2004
        name = _below_thousand(below, "").translate(_PLAIN).replace(" y ", "i")
        return f"{name.removesuffix('a').removesuffix('o') if name.endswith(('a', 'uno')) else name}avo"
    if below < 1000 and not below % 100:  # noqa: PLR2004
        return _ORDINAL_HUNDREDS[below // 100]
    for size, name in ((10**3, "milésimo"), (10**6, "millonésimo")):
        many = below // size
        if 0 < many < 1000 and not below % size:  # noqa: PLR2004
            return f"{'' if many == 1 else _below_thousand(many, 'm').replace(' ', '')}{name}"
    return None


@cache
def grammar(region: str) -> Grammar:
    """Return the grammar of a region."""
    return SpanishGrammar(spanish(region))
