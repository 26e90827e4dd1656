"""A rule: what a construct looks like, and what is said for it."""

import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, NamedTuple

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

    def rule(self, kind: str, starts: tuple[str, ...], pattern: str, needs: str = "") -> Callable[[Say], Say]:
        """Add a rule, whose words the decorated function returns."""

        def add(say: Say) -> Say:
            self.append(Rule(kind, starts, pattern, say, needs))
            return say

        return add

    def phrase(  # noqa: PLR0913  as `rule`, with the words and what must be before
        self,
        kind: str,
        starts: tuple[str, ...],
        pattern: str,
        words: str,
        needs: str = "",
        *,
        after: tuple[str, ...] = (),
        last: Collection[str] = (),
    ) -> None:
        """Add a rule that always says the same words, where it is after a token of these kinds, or these last words."""

        def say(_: re.Match[str], scan: "Scan") -> str | None:
            fits = (not after or scan.kind in after) and (not last or scan.last_word() in last)
            return words if fits else None

        self.append(Rule(kind, starts, pattern, say, needs))
