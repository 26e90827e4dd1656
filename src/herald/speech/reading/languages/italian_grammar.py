"""Put numbers, dates and times into Italian words."""

from herald.speech.reading.grammar import Grammar, Time
from herald.speech.reading.languages.italian_rules import ITALIAN_RULES
from herald.speech.reading.languages.italian_table import ITALIAN
from herald.speech.reading.languages.italian_words import WORDS
from herald.speech.reading.languages.romance_grammar import RomanceGrammar
from herald.speech.reading.scanner import Scan

_SMALL = [
    "zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici",
    "tredici", "quattordici", "quindici", "sedici", "diciassette", "diciotto", "diciannove",
]  # fmt: skip
_TENS = ["zero", "dieci", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta"]
_LARGE = (
    ("un milione", "milioni"), ("un miliardo", "miliardi"), ("un bilione", "bilioni"), ("un biliardo", "biliardi"),
    ("un trilione", "trilioni"), ("un triliardo", "triliardi"), ("un quadrilione", "quadrilioni"),
    ("un quadriliardo", "quadriliardi"), ("un quintilione", "quintilioni"), ("un quintiliardo", "quintiliardi"),
)  # fmt: skip
_ORDINALS = ["zero", "primo", "secondo", "terzo", "quarto", "quinto", "sesto", "settimo", "ottavo", "nono", "decimo"]
_PER = {
    **{unit: f"al {unit}" for unit in ("giorno", "mese", "chilo", "minuto", "secondo", "litro")},
    **{unit: f"all'{unit}" for unit in ("ora", "anno")},
    **{unit: f"a {unit}" for unit in ("notte", "persona", "settimana")},
}
"""What follows an amount for each unit."""
_VOWELS = tuple("aeiouàèéìòù")
_TAKES_UNO = ("z", "x", "y", "gn", "ps", "pn", "sb", "sc", "sd", "sf", "sg", "sl", "sm", "sn", "sp", "sq", "st", "sv")


class ItalianGrammar(RomanceGrammar):
    """Italian."""

    extra_rules = ITALIAN_RULES
    times_ten = "per dieci alla"
    first_day = "primo"
    hours_count = True
    version = "versione"
    weekday_end = " "

    def is_feminine(self, noun: str, *, several: bool) -> bool:
        """Return whether the ending of a noun is a feminine one; only "one" has a gender."""
        return (
            not several
            and noun.endswith(("a", "zione", "sione", "gione", "tà", "tù", "trice", "ie"))
            and not noun.endswith("ma")
        )

    def of(self, noun: str) -> str:
        """Return a noun after "milione"."""
        return "d'ora" if noun == "ora" else f"di {noun}"

    def joined(self, number: str, noun: str) -> str:
        """Return a number before a noun: "un'ora", "uno yen"."""
        if number == "una" and noun.startswith(_VOWELS):
            return f"un'{noun}"
        if number == "un" and noun.startswith(_TAKES_UNO):
            return f"uno {noun}"
        return f"{number} {noun}"

    def plural(self, word: str) -> str:
        """Return an adjective in the plural."""
        return f"{word[:-1]}i"

    def cardinal(self, number: int, gender: str = "") -> str:
        """Return the words of a number: "trecento sessantanove", "quarantatremila"."""
        if number == 1 and gender:
            return "una" if gender == "f" else "un"
        millions = self.grouped(number, lambda below: _below_thousand(below) if below > 1 else "", _LARGE)
        groups = [group.strip() for group in millions]
        thousands, rest = divmod(number % 1_000_000, 1000)
        if thousands:
            groups.append("mille" if thousands == 1 else f"{_below_thousand(thousands, accent=False)}mila")
        if rest or not groups:
            groups.append(_below_thousand(rest))
        return " ".join(groups)

    def ordinal(self, number: int, gender: str = "") -> str:
        """Return the words of an ordinal: "ventitreesimo", "prima"."""
        if number < len(_ORDINALS):
            said = _ORDINALS[number]
        else:
            cardinal = self.cardinal(number).removeprefix("un ")
            if number % 1000 == 0 and number % 1_000_000:
                said = cardinal.replace("mila", "mill").removesuffix("e") + "esimo"
            else:
                keeps = cardinal.endswith(("sei", "tré", " tre"))
                said = (cardinal.replace("tré", "tre") if keeps else cardinal[:-1]) + "esimo"
        return f"{said[:-1]}a" if gender == "f" else said

    def ordinal_written(self, number: str, ending: str) -> str:
        """Return "1ª" as "prima"."""
        return self.ordinal(int(number), "f" if "ª" in ending or ending == "a" else "")

    def decimal(self, whole: str, fraction: str) -> str:
        """Return a decimal; up to three digits after the comma are read as a number: "virgola trentadue"."""
        zeros = len(fraction) - len(fraction.lstrip("0"))
        rest = fraction[zeros:]
        said = ["zero"] * zeros
        if rest:
            said.append(self.cardinal(int(rest)) if len(rest) <= 3 else self.digits(rest))  # noqa: PLR2004
        return f"{self.whole(whole or '0')} {self.table.point} {' '.join(said)}"

    def time(self, time: Time) -> str:
        """Return a time: "dodici e trenta"; with seconds the units are said."""
        words = ["una" if time.hours == 1 else self.cardinal(time.hours)]
        if time.seconds is not None:
            minutes = self.counted(str(time.minutes or 0), "minuto", "minuti")
            words.append(f"e {minutes} e {self.counted(str(time.seconds), 'secondo', 'secondi')}")
        elif time.minutes:
            words.append(f"e {self.cardinal(time.minutes)}")
        return " ".join(filter(None, (*words, time.part, time.zone)))

    def hours(self, first: Time, last: Time, scan: Scan) -> str:
        """Return the words of opening hours: "dalle nove alle tredici"."""
        to = "all'" if last.hours == 1 else "alle "
        if scan.last_word() in ("le", "l'") and scan.recent_words(2) & {"tra", "fra"}:
            to = f"e {'l' if last.hours == 1 else 'le '}{chr(39) if last.hours == 1 else ''}"
        said = f"{self.time(first)} {to}{self.time(last)}"
        if scan.last_word() in self.lists.clock_words:
            return said
        return f"dall'{said}" if first.hours == 1 else f"dalle {said}"

    def per(self, unit: str) -> str:
        """Return what follows an amount for each unit: "al mese", "all'ora"; units of physics take "per"."""
        return _PER.get(unit) or f"{self.table.per} {unit}"

    def fraction(self, whole: str, numerator: str, denominator: str) -> str:
        """Return a fraction: "tre quarti", "uno e mezzo"."""
        if int(denominator) <= 1:
            return f"{self.whole(numerator)} {self.table.symbols['/']} {self.whole(denominator)}"
        below = "mezzo" if denominator == "2" else self.ordinal(int(denominator))
        single = int(numerator) == 1
        part = f"{'un' if single else self.whole(numerator)} {below if single else self.plural(below)}"
        if not whole:
            return part
        return f"{self.whole(whole)} e {'mezzo' if (numerator, denominator) == ('1', '2') else part}"

    def half(self, noun: str) -> str:
        """Return the word for "half a" before a noun: "mezza"."""
        return "mezza" if self.gender(noun, several=False) else "mezzo"

    def before_noun(self, number: str, noun: str) -> str | None:
        """Return "una", "un" or "uno" before a noun; other numbers have no gender."""
        lower = noun.lower()
        if number != "1" or lower in self.lists.no_nouns or not noun.islower():
            return None
        if self.gender(noun, several=False):
            return "un" if lower.startswith(_VOWELS) else "una"  # "un'ora" sounds so
        return "uno" if lower.startswith(_TAKES_UNO) else "un"

    def roman(self, number: int, noun: str) -> str | None:
        """Return a Roman numeral: "Giovanni ventitreesimo", "secolo ventesimo", "capitolo quarto"."""
        return self.ordinal(number, self.gender(noun, several=False))


def _below_hundred(number: int, *, accent: bool = True) -> str:
    if number < len(_SMALL):
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    if not ones:
        return _TENS[tens]
    # "ventuno", "ventotto" lose a vowel; "ventitré" has an accent at the end of a word.
    head = _TENS[tens][:-1] if ones in (1, 8) else _TENS[tens]
    return f"{head}{'tré' if ones == 3 and accent else _SMALL[ones]}"  # noqa: PLR2004


def _below_thousand(number: int, *, accent: bool = True) -> str:
    hundreds, rest = divmod(number, 100)
    said = [("" if hundreds == 1 else _SMALL[hundreds]) + "cento"] if hundreds else []
    if rest or not hundreds:
        said.append(_below_hundred(rest, accent=accent))
    # Separate words: in "centosessanta" the synthesizer would voice the s.
    return " ".join(said)


_ITALIAN = ItalianGrammar(ITALIAN, WORDS)


def grammar(region: str) -> Grammar:
    """Return the grammar, which is the same in all regions."""
    return _ITALIAN
