"""Rules for lengths and sides of French alone: "1m75", "55 x 35 x 25 cm", "écran 15,6"", "22 repas x 3 €"."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, WORD, Rules
from herald.speech.reading.rules.measures import BETWEEN_SIDES
from herald.speech.reading.table import words

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

_LENGTHS = ("mètre", "mètres")
_SCREENS = words(
    "écran écrans tv télé roues roue vélo vtt pc tablette moniteur dalle téléviseur téléviseurs jantes ordinateur"
)
_UNIT_AFTER = Lazy(r"\s?([mc]m)(?!\w)")
FRENCH_SIZES = Rules()


# Read "dim. 30x20x12 cm", which is no Sunday.
FRENCH_SIZES.phrase("abbreviation", (WORD,), r"dim\.(?=\s?:?\s?\d{1,3}(?:,\d)?\s?[x×])", "dimensions", needs=".")


@FRENCH_SIZES.rule("word", (WORD,), r"x(?=\s[^\W\d_]{1,12}\.?\s?\d)", needs="xX")
def _by(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the sign of "1,20 m x largeur 0,80 m" and "L. 210 x P. 95"."""
    return scan.table.by if scan.tokens and scan.tokens[-1].kind in ("number", "measure") else None


@FRENCH_SIZES.rule("word", (WORD,), r"x(?=\s?<num>(?!\w*/)(?P<paid>\s?[€$£])?)", needs="xX")
def _times(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the sign of "22 repas x 3,45 €", of "taille XL x 2" and of "1,20 m x 0,80 m"."""
    kinds = [token.kind for token in scan.tokens[-2:]]
    if kinds[-1:] == ["measure"] or kinds == ["measure", "pause"]:
        return (
            scan.table.by
            if not match["paid"] and any(one.endswith(_LENGTHS) for one in scan.before.split(" "))
            else "fois"
        )
    return "fois" if kinds and kinds[-1] in ("money", "word", "acronym", "abbreviation") else None


@FRENCH_SIZES.rule(
    "measure", (WORD,), r"(?P<side>(?-i:[LPH]))\.?\s?(?P<number>\d{1,3})(?![\w-]|[.,]\d)(?P<by>(?=\s?[x×]))?"
)
def _side(match: re.Match[str], scan: "Scan") -> str | tuple[str, int] | None:
    """Read "L. 210 x P. 95 x H. 85 cm" and "L80 x P35", where "P." is no page."""
    if match["by"] is None and scan.before != scan.table.by:
        return None
    unit = _UNIT_AFTER.match(scan.text, match.end())
    if not unit:
        return f"{match['side']} {scan.grammar.whole(match['number'])}"
    length = scan.grammar.counted(match["number"], *scan.table.units[unit[1].lower()])
    return f"{match['side']} {length}", unit.end()


@FRENCH_SIZES.rule(
    "measure", (DIGIT,), r"(?P<whole>\d{1,2})(?:,(?P<part>\d\d)\s?(?-i:m)|\s?(?-i:m)\s?(?P<more>\d\d))(?![\w^/])"
)
def _length(match: re.Match[str], scan: "Scan") -> str:
    """Read "1,75 m" and "1m75", and "0,80 m" in centimetres."""
    part = int(match["part"] or match["more"])
    if match["whole"] == "0":
        return scan.grammar.counted(str(part), *scan.table.units["cm"])
    metres = scan.grammar.counted(match["whole"], *scan.table.units["m"])
    return f"{metres} {scan.grammar.cardinal(part)}" if part else metres


@FRENCH_SIZES.rule(
    "measure",
    (DIGIT,),
    r"(?P<before><num>(?:\s?[x×]\s?<num>){1,2})\s?[x×]\s?(?P<number><num>)\s?(?P<unit>[mcd]?m|km)(?![\w^])",
    needs="xX×",
)
def _dimensions(match: re.Match[str], scan: "Scan") -> str:
    """Read "55 x 35 x 25 cm"."""
    names = scan.table.units[match["unit"].lower()]
    numbers = [scan.grammar.number(one) for one in BETWEEN_SIDES.split(match["before"])]
    return f" {scan.table.by} ".join([*numbers, scan.grammar.counted(match["number"], *names)])


@FRENCH_SIZES.rule("measure", (DIGIT,), r"(?P<number>\d{1,3}(?:,\d)?)\s?\"(?!\w)", needs='"')
def _inches(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the size of a screen, as in "écran 27"" with the sign of inches."""
    known = "," in match["number"] or scan.announced(_SCREENS)
    return scan.grammar.counted(match["number"], "pouce", "pouces") if known else None
