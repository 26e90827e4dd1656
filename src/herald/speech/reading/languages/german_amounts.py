"""German amounts and measures: "12,50 Euro", "Fr. 1'250.–", "1,5 Mio. km", "½ Stunde", "500-g-Packung"."""

import re

from herald.speech.reading.languages.german_ordinals import DATIVE, ending_of
from herald.speech.reading.rule import DIGIT, MINUS, SIGN, WORD, Rule, Rules
from herald.speech.reading.rules.money import per_unit
from herald.speech.reading.scanner import Scan

GERMAN_AMOUNTS = Rules()


@GERMAN_AMOUNTS.rule(
    "money",
    DIGIT + SIGN,
    rf"{MINUS}(?:(?P<foreign>\d{{1,6}}\.\d{{2}})|(?P<number><num>)(?:,[-–—]{{1,2}})?"
    r"(?:\s?(?P<magnitude>Mio|Mrd|Bio|Tsd|Millionen|Million|Milliarden|Milliarde)\.?)?)\s?"
    r"(?P<symbol>TEUR|T€|Euro|Dollar|Franken|Pfund|Cent|Ct\.?|S?Fr\.|Rp\.?|EUR|CHF|USD|[€$£])(?![\w$€£])",
)
def _amount(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "12,50 Euro", "5,- €", "12.50 €" and "2 bis 3 Euro" by its last part."""
    symbol, currencies = match["symbol"], scan.table.currencies
    currency = currencies.get(symbol) or currencies.get(symbol.title()) or currencies.get(symbol.upper())
    if currency is None:
        return None
    number = match["number"] if match["number"] else match["foreign"].replace(".", ",")
    said = scan.grammar.money(number, currency, (match["magnitude"] or "").lower())
    per, end = per_unit(scan, match.end())
    return scan.grammar.signed(match["minus"], said) + per, end


@GERMAN_AMOUNTS.rule(
    "number",
    DIGIT + SIGN,
    rf"{MINUS}(?P<number><num>)\s?(?P<magnitude>Mio|Mrd|Bio|Tsd)(?P<unit>)(?!\.?\s?[€$£]|\.?\s(?:EUR|USD|CHF)|\w)\.?",
)
@GERMAN_AMOUNTS.rule(
    "measure",
    DIGIT + SIGN,
    rf"{MINUS}(?P<number><num>)\s?(?P<magnitude>[^\W\d_]{{3,10}}\.?)\s(?P<unit>°?[^\W\d_]{{1,5}}(?:/[a-z]{{1,3}})?)(?!\w)",
)
def _large(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1,5 Mio." and "1,5 Mio. km"."""
    magnitude = scan.table.magnitudes.get(match["magnitude"].lower())
    unit = scan.table.units.get(match["unit"] or "")
    if not magnitude or (match["unit"] and not unit):
        return None
    said = f"{scan.grammar.multiplier(match['number'])} {magnitude[0 if scan.grammar.is_one(match['number']) else 1]}"
    said = f"{said} {unit[1]}" if unit else said
    return scan.grammar.signed(match["minus"], said)


@GERMAN_AMOUNTS.rule("fraction", DIGIT, r"(?P<whole>\d{1,4})\s{0,2}½(?:\s{1,2}(?P<unit>[^\W\d_]{1,5})(?!\w)\.?)?", "½")
def _and_half(match: re.Match[str], scan: Scan) -> tuple[str, int]:
    """Read "2 ½ Std."."""
    unit = scan.table.units.get(match["unit"] or "") or scan.table.units.get((match["unit"] or "").lower())
    said = scan.grammar.fraction(match["whole"], "1", "2")
    return (f"{said} {unit[1]}", match.end()) if unit else (said, scan.text.index("½", match.start()) + 1)


_DEPOSITS = ("kaution", "provision", "courtage", "makler")
_HALVES = {
    "er": ("ein halber", "einem halben"), "es": ("ein halbes", "einem halben"), "e": ("eine halbe", "einer halben"),
}  # fmt: skip
"""By the ending of an adjective before the noun; the second after a preposition with the dative."""


@GERMAN_AMOUNTS.rule("fraction", DIGIT + SIGN, r"(?:1/2|½)(?=\s{0,2}(?P<noun>[^\W\d_]{1,24}\.?))", "/½")
def _half(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    """Read the number of "1/2 Tablette", and "½ l" as a whole."""
    written, end = match["noun"], match.end("noun")
    names = next(
        (scan.table.units[key] for key in (written, written.lower(), written.rstrip(".")) if key in scan.table.units),
        None,
    )
    if not names and not written[0].isupper():
        return None
    said = _HALVES[ending_of(names[0] if names else written)][scan.before in DATIVE]
    if scan.before in ("zum", "vom", "beim", "zur", "dem", "der"):
        said = "halben"  # "zum 1/2 Preis"
    return (f"{said} {names[0]}", end) if names and scan.text[end : end + 1] != "^" else said


@GERMAN_AMOUNTS.rule(
    "measure",
    DIGIT + SIGN,
    rf"{MINUS}(?:(?P<whole>\d{{1,6}})\s)?(?P<numerator>\d{{1,3}})/(?P<denominator>\d{{1,3}})\s?(?P<unit>[^\W\d_]{{1,5}})(?!\w)\.?",
    "/",
)
def _part(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1/2 l" and "1 1/2 Std."."""
    unit = scan.table.units.get(match["unit"]) or scan.table.units.get(match["unit"].lower())
    if not unit or not int(match["denominator"]):
        return None
    said = scan.grammar.fraction(match["whole"] or "", match["numerator"], match["denominator"])
    said = f"{said} {unit[1 if match['whole'] or int(match['numerator']) > 1 else 0]}"
    return scan.grammar.signed(match["minus"], said)


@GERMAN_AMOUNTS.rule("money", SIGN, r"[,.][-–—]{1,2}(?![\w-])", "-–—")
def _no_cents(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Leave out the dash of "EUR 45,-"; "45,-" alone is an amount."""
    kind = scan.kind
    if kind not in ("money", "number"):
        return None
    per, end = per_unit(scan, match.end())
    return ("" if kind == "money" else scan.table.currencies["€"].many) + per, end


@GERMAN_AMOUNTS.rule("money", SIGN, r"[-–],(?P<cents>\d\d)(?!\w)", "-–")
def _only_cents(match: re.Match[str], scan: Scan) -> str:
    """Read "-,99"."""
    return scan.grammar.money(f"0,{match['cents']}", scan.table.currencies["€"])


_SWISS = r"(?P<number>\d{1,3}(?:'\d{3})+|\d{1,6})"


@GERMAN_AMOUNTS.rule(
    "money", WORD, rf"(?P<symbol>CHF|S?Fr\.)\s?(?:{_SWISS}|-)(?:\.(?P<cents>\d\d|[-–—]{{1,2}}))?(?![\w']|[.,]\d)"
)
def _swiss(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "Fr. 1'250.50", "CHF 45.–" and "Fr. -.80"."""
    return _francs(match, scan) if match["number"] or match["cents"] else None


def _francs(match: re.Match[str], scan: Scan) -> tuple[str, int]:
    cents = (match["cents"] or "").strip("-–—")
    number = (match["number"] or "0").replace("'", "") + (f",{cents}" if cents else "")
    per, end = per_unit(scan, match.end())
    return scan.grammar.money(number, scan.table.currencies["CHF" if match["symbol"] == "CHF" else "Fr."]) + per, end


# Read "1'250.50 CHF".
GERMAN_AMOUNTS.append(
    Rule("money", DIGIT, rf"{_SWISS}(?:\.(?P<cents>\d\d))?\s?(?P<symbol>CHF|S?Fr\.|Franken)(?!\w)", _francs, "'")
)


@GERMAN_AMOUNTS.rule(
    "percent", DIGIT + SIGN, r"(?P<sign>[-−+])?(?P<number><num>)\s?%(?P<points>-P(?:kt\.|unkten?)|\s?vol(?!\w)\.?)", "%"
)
def _points(match: re.Match[str], scan: Scan) -> str:
    """Read "0,25 %-Pkt." and "12,5 % Vol."."""
    name = ("Prozentpunkt", "Prozentpunkte") if match["points"][0] == "-" else ("Volumenprozent", "Volumenprozent")
    return scan.grammar.signed(match["sign"], scan.grammar.counted(match["number"], *name))


@GERMAN_AMOUNTS.rule(
    "measure", DIGIT + SIGN, r"(?P<high>[-–−]?\d{1,2})\s?/\s?(?P<low>[-–−]?\d{1,2})\s?°(?:\s?C(?!\w))?", "°"
)
def _high_and_low(match: re.Match[str], scan: Scan) -> str:
    """Read the temperatures "4/–1°" of a day."""
    minus = f"{scan.table.minus} "
    high, low = (
        (minus if not one[0].isdigit() else "") + scan.grammar.counted(one.lstrip("-–−"), *scan.table.units["°"])
        for one in (match["high"], match["low"])
    )
    return f"{high}, {low}"


@GERMAN_AMOUNTS.rule("measure", DIGIT, r"(?P<number>\d{1,3})\s?(?P<unit>(?-i:[NT]))\.(?=[,;)/]|\s(?-i:[a-zäöü]))", ".")
def _stay(match: re.Match[str], scan: Scan) -> str:
    """Read "3 N. in Wien" and "3 T."; "5 N. Das" are newtons."""
    return scan.grammar.counted(match["number"], *(("Nacht", "Nächte") if match["unit"] == "N" else ("Tag", "Tage")))


@GERMAN_AMOUNTS.rule("number", DIGIT, r"(?P<full>\d{1,3})/(?P<reduced>\d{1,3})(?=\s?(?:€|EUR))", "/")
def _prices(match: re.Match[str], scan: Scan) -> str | None:
    """Read the prices "8/5 €"."""
    if int(match["full"]) <= int(match["reduced"]):
        return None
    return f"{scan.grammar.whole(match['full'])}, {scan.grammar.whole(match['reduced'])}"


@GERMAN_AMOUNTS.rule("fraction", DIGIT, r"(?P<above>\d)/(?P<below>\d)-(?=(?-i:[A-ZÄÖÜ][a-zäöü]))", "/")
def _majority(match: re.Match[str], scan: Scan) -> str | None:
    """Read the beginning of "2/3-Mehrheit"."""
    if not 0 < int(match["above"]) < int(match["below"]):
        return None
    return scan.grammar.fraction("", match["above"], match["below"])


@GERMAN_AMOUNTS.rule("measure", DIGIT, r"(?P<number><num>)\s?U/min(?!\w)\.?", "/")
def _turns(match: re.Match[str], scan: Scan) -> str:
    return f"{scan.grammar.counted(match['number'], 'Umdrehung', 'Umdrehungen')} pro Minute"


@GERMAN_AMOUNTS.rule("measure", DIGIT, r"(?P<number><num>)\s?(?:\"|'')(?=[\s,;.!?)-]|\Z)", "\"'")
def _inches(match: re.Match[str], scan: Scan) -> str | None:
    """Read "55 Zoll" of a screen; unless the mark closes a quotation."""
    quoted = scan.text[max(0, match.start() - 200) : match.start()].count('"') % 2
    return None if quoted else scan.grammar.counted(match["number"], *scan.table.units["in."])


@GERMAN_AMOUNTS.rule("measure", DIGIT, r"(?P<number><num>)\s?Bd\.(?P<of>(?=\s(?-i:[A-ZÄÖÜ])[a-z]))?", ".")
def _bunches(match: re.Match[str], scan: Scan) -> str:
    """Read "1 Bd. Petersilie" and "2 Bd."."""
    return scan.grammar.counted(match["number"], *(("Bund", "Bund") if match["of"] is not None else ("Band", "Bände")))


@GERMAN_AMOUNTS.rule("measure", DIGIT, r"(?P<number><num>)\s?(?-i:N?[KM]?MM|NKM)(?!\w)")
def _rents(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Kaution 3 MM"."""
    if "Kaution" not in scan.after(match) and scan.recent_words(4).isdisjoint(_DEPOSITS):
        return None
    return scan.grammar.counted(match["number"], "Monatsmiete", "Monatsmieten")


@GERMAN_AMOUNTS.rule("measure", DIGIT, r"(?P<number><num>)\s?kWh\s?/\s?\(?m\^2\s?[•*]?\s?a(?!\w)\)?", "^")
def _yearly(match: re.Match[str], scan: Scan) -> str:
    """Read "124,5 kWh/(m²·a)"."""
    return f"{scan.grammar.counted(match['number'], *scan.table.units['kWh'])} pro Quadratmeter und Jahr"


GERMAN_AMOUNTS.phrases("code", DIGIT, "-−", {
    r"(?P<mark>[1-6])(?P<sign>[-−])(?=[\s,;.)]|\Z)": "{mark:whole} {.minus}",  # "Note 2-"
}, where=lambda scan: scan.last_word().endswith(("note", "noten", "eine")))  # fmt: skip


_SIZED = r"(?P<number><num>)(?P<dash>-?)(?P<unit>[^\W\d_]{1,5}|[€%])\.?-(?=(?-i:[A-ZÄÖÜ][a-zäöü]))"


@GERMAN_AMOUNTS.rule("measure", DIGIT, _SIZED, "-")
def _sized(match: re.Match[str], scan: Scan) -> str | None:
    """Read the beginning of "500-g-Packung" and "10-€-Gutschein"."""
    if not match["dash"] and match["unit"] in scan.table.units_apart:
        return None  # "4K-Fernseher"
    unit = scan.table.units.get(match["unit"]) or scan.table.units.get(f"{match['unit'].lower()}.")
    name = unit[1] if unit else scan.table.symbols.get(match["unit"])
    return f"{scan.grammar.number(match['number'])} {name}" if name else None


@GERMAN_AMOUNTS.rule("measure", DIGIT + SIGN, rf"{MINUS}(?P<number><num>)\s?°\s(?P<scale>(?-i:[CF]))(?!\w)", "°")
def _degrees(match: re.Match[str], scan: Scan) -> str:
    """Read "20° C"."""
    said = scan.grammar.counted(match["number"], *scan.table.units[f"°{match['scale']}"])
    return scan.grammar.signed(match["minus"], said)
