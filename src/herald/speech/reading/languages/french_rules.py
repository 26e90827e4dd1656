"""Rules of French alone: ordinals, telephone numbers in pairs, days in a row, "M." for "Monsieur"."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.grammar import Date
from herald.speech.reading.languages.romance_numbers import ordinal, romance
from herald.speech.reading.languages.romance_rules import ROMANCE_RULES, announced, phones, roman_value
from herald.speech.reading.rule import DIGIT, WORD, Rule, Rules

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

_MONTHS, _DAYS = 12, 31
_ENDINGS = r"ers?|r?es?|[èe]res?|(?:i?[èe])?mes?|ndes?|nds?"
FRENCH_RULES = Rules(
    phones(
        r"0\d(?:[ .-]?\d\d){4}",
        r"\(?\+\d{1,3}\)?(?:[ .-]?\(0\))?[ .-]?\d(?:[ .-]?\d\d){4}",
        r"00\d\d[ .-]?\d(?:[ .-]?\d\d){4}",
        r"0[ ]?8\d\d[ .]\d{3}[ .]\d{3}",
    )
)


@FRENCH_RULES.rule("phone", (DIGIT,), r"[13]\d{3}(?!\w|[.,]\d| \d)")
def _short_phone(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "3949" after "appelez le" in pairs."""
    called = announced(scan, romance(scan).lists.phone_words) or any(one.kind == "phone" for one in scan.tokens[-4:])
    return scan.grammar.phone([match[0]]) if scan.last_word() in ("le", "au") and called else None


@FRENCH_RULES.rule(
    "title",
    (WORD,),
    r"M\.(?=\s+(?:(?-i:[A-ZÀ-Ý])(?:\.|[^\W\d_])|(?:le|la|l')\s?[^\W\d_]|et\s+(?-i:M(?:me|lle|\.))))",
    needs="M",
)
def _monsieur(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "M. Durand"; the end of "C P A M. Le bureau" is a letter."""
    lettered = len(scan.written_before().rstrip(".")) == 1
    return "monsieur" if scan.text[match.start()] == "M" and not lettered else None


@FRENCH_RULES.rule("title", (WORD,), r"(?-i:St(e?))-(?=[^\W\d_]{3})", needs="-")
def _saint(match: re.Match[str], scan: "Scan") -> str:
    return "sainte" if match[1] else "saint"


FRENCH_RULES.append(
    Rule(
        "ordinal", (DIGIT,), rf"(?P<number>\d{{1,3}}(?: \d{{3}})+|\d{{1,9}})\s?(?P<ending>{_ENDINGS})(?![\w'])", ordinal
    )
)


@FRENCH_RULES.rule(
    "number", (DIGIT,), r"(?P<first>\d{1,2})\s?(?P<unit>[hj])\s?/\s?(?P<last>\d{1,2})(?:\s?[hj])?(?![\w/])", needs="/"
)
def _always(match: re.Match[str], scan: "Scan") -> str:
    """Read "7j/7" and "24h/24"."""
    noun = "heures" if match["unit"].lower() == "h" else "jours"
    first, last = scan.grammar.cardinal(int(match["first"])), scan.grammar.cardinal(int(match["last"]))
    return f"{first} {noun} sur {last}"


@FRENCH_RULES.rule("ordinal", (WORD,), r"(?P<numeral>[ivx]{1,5})(?:e|[èe]me|er|re)(?!\w)", needs="IVX")
def _century(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "XXe", "XIXème"."""
    return scan.grammar.ordinal(roman_value(match["numeral"])) if match["numeral"].isupper() else None


@FRENCH_RULES.rule(
    "date",
    (DIGIT,),
    r"(?P<days>\d{1,2}(?:[/-]\d{1,2}){0,6})[/-](?=\d{1,2}(?:er)?\s(?P<name>[^\W\d_]{3,12}))",
    needs="/-",
)
def _days(match: re.Match[str], scan: "Scan") -> tuple[str, int] | None:
    """Read the days of "les 17/18/19 mars"; the last one belongs to the date, which is read by other rules."""
    if match["name"].lower() not in scan.grammar.month_numbers:
        return None
    days = [int(day) for day in re.findall(r"\d+", match["days"])]
    return (" ".join(map(scan.grammar.day, days)), match.end("days")) if max(days) <= _DAYS and min(days) else None


@FRENCH_RULES.rule("date", (DIGIT,), r"(?P<day>\d{2})\.(?P<month>\d{2})(?![\w%]|[.,]\d|\s?[€$£%])", needs=".")
def _dotted_date(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "17.06", which is no decimal in French."""
    day, month = int(match["day"]), int(match["month"])
    if not (1 <= day <= _DAYS and 1 <= month <= _MONTHS):
        return None
    return scan.grammar.date(Date(day, month, day_first=True))


FRENCH_RULES.extend(ROMANCE_RULES)
