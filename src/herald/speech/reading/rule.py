"""Define rules: the pattern of a construct, and the words to say for it."""

import re
from collections.abc import Callable, Collection, Mapping
from string import Formatter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

type Say = Callable[[re.Match[str], Scan], str | tuple[str, int] | None]
"""Returns the words for a match, with the end of the token if it differs from that of the match; or None if the match
is not such a construct, so that the next rule is tried."""

MINUS = r"(?P<minus>[-−])?"
"""The pattern of a sign before a number; `Grammar.signed` reads it."""
DIGIT, SIGN, WORD = ("digit",), ("sign",), ("word",)
"""The first character of a construct: a digit, a sign such as "$", "-" or "#", or a letter. DIGIT + SIGN allows both.
A lower-case word starts a rule only if it is in the grammar's `starters`."""


_OF_INTEGERS = frozenset({"cardinal", "ordinal", "day"})
"""Methods of the grammar that take an integer; others take a string of digits."""


class Rule(NamedTuple):
    """A kind of token. In the pattern, <num> matches a number in the notation of the language, without its sign.

    Patterns are matched at the start of a token, with re.IGNORECASE. They must be linear in the text's length: bound
    every repetition of what another repetition can match.
    """

    kind: str
    starts: tuple[str, ...]
    pattern: str
    say: "Say"
    needs: str = ""
    """The next few words must contain one of these characters. This saves matching, and compiling, most patterns."""


class Rules(list[Rule]):
    """Rules in the order in which they are tried."""

    def rule[Reads: Say](
        self, kind: str, starts: tuple[str, ...], pattern: str, needs: str = ""
    ) -> Callable[[Reads], Reads]:
        """Add a rule whose words are returned by the decorated function."""

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
        """Add a rule whose words are a template (see `template`), or a mapping from the group "name" in lower case.

        It applies only after a token of a kind in `after`, after a word in `last` and not in `unless`, and if `where`
        returns true for the scan.
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
        """Add several phrases by pattern and words, with the same conditions `where`."""
        for pattern, words in rows.items():
            self.phrase(kind, starts, pattern, words, needs, **where)


def template(words: str) -> "Callable[[re.Match[str], Scan], str | None]":
    """Return a function that fills the fields of a template with the groups of a match.

    "{number:whole}" applies a method of the grammar, "{letter:upper}" capitals, "{number:counted,hour,hours}" a noun,
    and "{number:unit,km}" a unit. "{name:weekday}" is the weekday of a short name, "{0}" the match as written.
    "{.to}" and "{.symbols[&]}" are words of the table.
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
