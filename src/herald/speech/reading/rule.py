"""A rule: what a construct looks like, and what is said for it."""

import re
from collections.abc import Callable, Collection, Mapping
from string import Formatter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

type Say = Callable[[re.Match[str], Scan], str | tuple[str, int] | None]
"""Returns the words for a match, with the end of the token if it isn't the match's; or None if it isn't such a
construct after all, so that the next rule is tried."""

MINUS = r"(?P<minus>[-−])?"
"""The pattern of a sign before a number; `Grammar.signed` reads it."""
DIGIT, SIGN, WORD = ("digit",), ("sign",), ("word",)
"""What a construct may start with: a digit; a sign such as "$", "-" or "#"; a letter; DIGIT + SIGN is either of
two. Lower-case words start a rule only if the grammar's `starters` has them."""


_OF_INTEGERS = frozenset({"cardinal", "ordinal", "day"})
"""Methods of the grammar whose numbers are integers; others take digits as they are written."""


class Rule(NamedTuple):
    """A kind of token. In the pattern, <num> stands for a number as the language writes it, without sign.

    Patterns are matched at the start of a token, with re.IGNORECASE. They must be linear in the text's length: bound
    every repetition of what another repetition can match.
    """

    kind: str
    starts: tuple[str, ...]
    pattern: str
    say: "Say"
    needs: str = ""
    """Characters of which the next few words must have one; saves looking, and compiling, in most places."""


class Rules(list[Rule]):
    """Rules in the order in which they are tried."""

    def rule[Reads: Say](
        self, kind: str, starts: tuple[str, ...], pattern: str, needs: str = ""
    ) -> Callable[[Reads], Reads]:
        """Add a rule, whose words the decorated function returns."""

        def add(say: Reads) -> Reads:
            self.append(Rule(kind, starts, pattern, say, needs))
            return say

        return add

    def phrase(  # noqa: PLR0913  as `rule`, with the words and what must be before
        self,
        kind: str,
        starts: tuple[str, ...],
        pattern: str,
        words: str | Mapping[str, str],
        needs: str = "",
        *,
        after: Collection[str] = (),
        last: Collection[str] = (),
        unless: Collection[str] = (),
        where: "Callable[[Scan], object] | None" = None,
    ) -> None:
        """Add a rule by a template (see `template`), or by the words for what the group "name" matches in lower case.

        It applies after a token of one of the kinds `after`, after one of the words `last` but none of `unless`, and
        `where` a condition on the scan is true.
        """
        fill = template(words) if isinstance(words, str) else lambda match, _: words.get(match["name"].lower())

        def say(match: re.Match[str], scan: "Scan") -> str | None:
            refused = (after and scan.kind not in after) or (last and scan.last_word() not in last)
            if refused or (unless and scan.last_word() in unless) or (where and not where(scan)):
                return None
            return fill(match, scan)

        self.append(Rule(kind, starts, pattern, say, needs))

    def phrases(
        self,
        kind: str,
        starts: tuple[str, ...],
        needs: str,
        rows: Mapping[str, str],
        **where: Any,  # noqa: ANN401  as `phrase`
    ) -> None:
        """Add several phrases, each with its pattern and its words; `where` are the conditions of all."""
        for pattern, words in rows.items():
            self.phrase(kind, starts, pattern, words, needs, **where)


def template(words: str) -> "Callable[[re.Match[str], Scan], str | None]":
    """Return the function that fills fields with the groups of a match.

    "{number:whole}" is said by a method of the grammar, "{0}" is the match as it is written, "{letter:upper}" in
    capitals, "{number:counted,hour,hours}" with a noun, "{number:unit,km}" with a unit,
    "{name:weekday}" the weekday of a short name. "{.to}" and "{.symbols[&]}" are words of the table.
    """
    parsed = Formatter().parse(words)
    pieces: list[tuple[str, ...]] = [(text, field or "", *(how or "").split(",")) for text, field, how, _ in parsed]
    if not any(field for _, field, *_ in pieces):
        return lambda _match, _scan: words
    return lambda match, scan: "".join(text + _field(match, scan, *field) for text, *field in pieces)


def _field(match: re.Match[str], scan: "Scan", name: str, how: str, *arguments: str) -> str:
    if not name:
        return ""
    if name.startswith("."):
        attribute, _, key = name[1:].rstrip("]").partition("[")
        found = getattr(scan.table, attribute)
        return str(found[key] if key else found)
    text = match[int(name) if name.isdigit() else name] or ""
    said: str
    match how:
        case "":
            said = text
        case "lower" | "upper":
            said = getattr(text, how)()
        case "unit":
            said = scan.grammar.counted(text, *scan.table.units[arguments[0]])
        case "weekday":
            said = scan.table.weekdays[scan.table.weekday_short[text.lower()]]
        case _:
            said = getattr(scan.grammar, how)(int(text) if how in _OF_INTEGERS else text, *arguments)
    return said
