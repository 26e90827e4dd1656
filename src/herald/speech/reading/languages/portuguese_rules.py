"""Rules of Portuguese alone: telephone numbers, numbers of taxpayers, times with a part of the day."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.grammar import Time
from herald.speech.reading.languages.romance_numbers import ordinal
from herald.speech.reading.languages.romance_rules import ROMANCE_RULES, phones
from herald.speech.reading.rule import DIGIT, WORD, Rule, Rules

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

_HOURS = 24
PORTUGUESE_RULES = Rules(
    phones(
        r"\(?\+\d{1,3}\)?[ .-]?\(?\d{2,3}\)?[ .-]?\d{3,5}[ .-]?\d{3,4}(?:[ .-]\d{3})?",
        r"\(0?\d{2}\)\s?\d{4,5}[ .-]?\d{4}",
        r"0?\d{2}[ .-]\d{4,5}[ .-]\d{4}",
        r"(?!(?:19|20)\d\d-(?:19|20)\d\d)\d{4,5}-\d{4}",
        r"0[38]00[ .-]?\d{3}[ .-]?\d{3,4}",
        announced_only=(r"[289]\d{2}[ .]?\d{3}[ .]?\d{3}", r"\d{10,11}", r"\d{4,5} \d{4}"),
    )
)


@PORTUGUESE_RULES.rule(
    "time",
    (DIGIT,),
    r"(?P<hours>\d{1,2})(?:h|[:h](?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?)\s?(?:min)?\s?da\s(?P<part>manhã|tarde|noite|madrugada)(?!\w)",
    needs="hH:",
)
def _part_of_day(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "15h da tarde" as "três horas da tarde"."""
    minutes, seconds = match["minutes"], match["seconds"]
    if int(match["hours"]) >= _HOURS:
        return None
    part = f"da {match['part'].lower()}"
    return scan.grammar.time(
        Time(int(match["hours"]), int(minutes) if minutes else None, int(seconds) if seconds else None, part)
    )


@PORTUGUESE_RULES.rule(
    "code", (DIGIT,), r"\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}(?!\w)", needs="-"
)
def _registered(match: re.Match[str], scan: "Scan") -> str:
    """Read the number of a taxpayer (CPF, CNPJ) in its groups."""
    return ", ".join(scan.grammar.digits(group) for group in re.findall(r"\d+", match[0]))


@PORTUGUESE_RULES.rule("date", (DIGIT,), r"(?P<number>[2-6])\.?ª(?:\s|-)feira(?!\w)", needs="ª")
def _numbered_weekday(match: re.Match[str], scan: "Scan") -> str:
    """Read "3.ª feira"."""
    return scan.table.weekdays[int(match["number"]) - 2]


@PORTUGUESE_RULES.rule("code", (DIGIT,), r"\d{4}-\d{3}(?=\s(?-i:[A-ZÀ-Ý]))", needs="-")
def _postal_code(match: re.Match[str], scan: "Scan") -> str:
    """Read "1250-142 Lisboa"."""
    return ", ".join(scan.grammar.digits(group) for group in match[0].split("-"))


@PORTUGUESE_RULES.rule(
    "address",
    (WORD,),
    r"(?-i:R)\.(?=\s(?:(?-i:[A-ZÀ-Ý])[^\W\d_]{1,20}\.?\s?|d[aeo]s?\s){1,6},\s?(?:n\.?º\s?)?\d)",
    needs=".",
)
def _street(match: re.Match[str], scan: "Scan") -> str:
    """Read "R. Augusta, 1200"."""
    return "rua"


@PORTUGUESE_RULES.rule("word", (WORD,), r"(?:segunda|terça|quarta|quinta|sexta)-feiras?(?![\w-])", needs="-")
def _unchanged(match: re.Match[str], scan: "Scan") -> str:
    """Keep the hyphen of "terça-feira"."""
    return match[0].lower() if scan.shouted else match[0]


PORTUGUESE_RULES.append(Rule("ordinal", (DIGIT,), r"(?P<number>\d{1,2})(?P<ending>[oa])(?=\s[^\W\d_]{3})", ordinal))


PORTUGUESE_RULES.extend(ROMANCE_RULES)
