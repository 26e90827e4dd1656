"""Scan a text into tokens. The first rule that matches determines the words."""

import re
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache

from herald.speech.reading import structure
from herald.speech.reading.grammar import Grammar
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule
from herald.speech.reading.table import Table
from herald.speech.reading.token import Fixed, Token

_WORD = Lazy(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_PLAIN_AFTER = Lazy(r"[\s,;!?)\"]|\.(?!\w)|:(?![\w/])|\Z")
"""Text after a word that no rule needs to match."""
_NEXT_WORDS = Lazy(r"(?:\s[^\W\d_]+){1,5}")
_LETTERS = Lazy(r"[^\W\d_]+")
_DIGITS = Lazy(r"\d+")
_NEAR = Lazy(r"\S*(?:\s+\S+){0,3}")
"""The next few words, which must contain one of the characters that a rule needs."""
_NEAREST = 80
_MARKS = frozenset(".,;:!?")
"""Marks that no rule needs to match if a space follows."""
_MOST = 400
"""Maximum characters of a match. Nobody writes longer constructs."""


class Scan:
    """A text while it is scanned. Rules use it to inspect the context of a match."""

    def __init__(self, text: str, grammar: Grammar, fixed: Sequence[Fixed] = ()) -> None:
        self.text = text
        self.grammar = grammar
        self.table = grammar.table
        self.tokens: list[Token] = []
        self._fixed = [*fixed, Fixed(len(text), len(text), "")]
        self._word_end = 0

    @cached_property
    def shouted(self) -> bool:
        """Whether the whole text is written in capitals, so that capitals mean nothing."""
        words = _WORD.findall(self.text)
        capitals = sum(word.isupper() for word in words if len(word) > 1)
        return capitals > 2 and capitals > 4 * sum(not word.isupper() for word in words)  # noqa: PLR2004

    @property
    def before(self) -> str:
        """The words of the previous token in lower case; "" at the start of a sentence or after a pause."""
        return self.tokens[-1].words.lower() if self.tokens and self.tokens[-1].spoken else ""

    @property
    def kind(self) -> str:
        """The kind of the previous token; "" at the start."""
        return self.tokens[-1].kind if self.tokens else ""

    @property
    def opens(self) -> bool:
        """Whether a sentence begins here."""
        return not self.tokens or self.tokens[-1].kind in {"end", "paragraph"}

    @property
    def counts(self) -> bool:
        """Whether a unit may follow here: after a fraction, "million", "48k" or "per"."""
        last = self.tokens[-1] if self.tokens else None
        if last is None or last.kind not in {"fraction", "word", "number"}:
            return False
        if last.kind == "number":
            return self.text[last.end - 1].isalpha() and last.words.endswith(
                (*self.table.magnitudes_anywhere.values(),)
            )
        if last.words == self.table.per:
            return True
        return last.kind == "fraction" or (len(last.words) > 3 and last.words in self.table.magnitudes)  # noqa: PLR2004

    def written_before(self, *, skip_pause: bool = False) -> str:
        """Return the previous token as written; "" if it is a pause."""
        at = -2 if skip_pause and self.tokens and self.tokens[-1].kind == "pause" else -1
        last = self.tokens[at] if len(self.tokens) >= -at else None
        return self.text[last.start : last.end] if last and last.spoken else ""

    def last_word(self) -> str:
        """Return the previous word as written, in lower case; skip a comma."""
        return self.written_before(skip_pause=True).lower().rstrip(".")

    def names_code(self) -> bool:
        """Return whether one of the last few words announces a code: "your code is", "card ending in"."""
        for back, token in enumerate(self.tokens[:-6:-1]):
            if token.kind in {"end", "paragraph"} or (token.kind == "pause" and token.words != ":"):
                return False
            if token.kind == "code" and back:  # the announced code has passed
                return False
            written = self.text[token.start : token.end].lower()
            if written in self.table.code_words or written.endswith(self.table.code_endings):
                return True
        return False

    def recent_words(self, most: int) -> set[str]:
        """Return up to `most` last words of the sentence as written, in lower case."""
        words: set[str] = set()
        for token in self.tokens[: -most - 1 : -1]:
            if token.kind in {"end", "paragraph"}:
                break
            words.add(self.text[token.start : token.end].lower())
        return words

    def is_code(self, end: int) -> bool:
        """Return whether the next few words after a number make it a code: "4821 is your code"."""
        following = _NEXT_WORDS.match(self.text, end)
        return following is not None and not self.table.codes_after.isdisjoint(following[0].lower().split())

    def dials(self) -> bool:
        """Return whether the last few words announce a number to dial: "call us at"."""
        return not self.recent_words(4).isdisjoint(self.table.dialled_after)

    def announced(self, names: frozenset[str]) -> bool:
        """Return whether one of the last few words of the sentence is in `names`."""
        for token in self.tokens[:-5:-1]:
            if token.kind in {"end", "paragraph"}:
                return False
            if self.text[token.start : token.end].lower().rstrip(".") in names:
                return True
        return False

    def plays(self) -> bool:
        """Return whether a score is likely here: "won 3-1"."""
        return self.last_word() in self.table.score_words or bool(self.tokens and self.tokens[-1].kind == "date")

    def at_line_start(self, at: int) -> bool:
        """Return whether only spaces and bullets precede a position in its line."""
        before = self.text[max(0, at - 20) : at].replace("\r", "\n")
        return not before.rpartition("\n")[2].strip(" \t•*-") and (at < 20 or "\n" in before)  # noqa: PLR2004

    def number_at(self, at: int, symbol: str) -> tuple[str, int] | None:
        """Return the number, after an optional symbol, that begins at a position, and its end.

        A magnitude may follow, as in "1.5M", but no other letters, as in "2nd".
        """
        if self.text.startswith(symbol, at):
            at += len(symbol)
        match = number(self.grammar).match(self.text, at)
        name = _LETTERS.match(self.text, match.end()) if match else None
        if not match or (name and name[0].lower() not in self.table.magnitudes):
            return None
        return match[0], match.end()

    def after(self, match: re.Match[str]) -> str:
        """Return the next few characters after a match."""
        return self.text[match.end() : match.end() + 40]

    def run(self) -> list[Token]:
        """Return the tokens. Their spans are those of the folded text."""
        at, nearest = 0, 0
        while at < len(self.text):
            fixed = self._fixed[nearest]
            if at >= fixed.start and at < len(self.text):
                if fixed.words:
                    self.tokens.append(Token(fixed.start, fixed.end, fixed.kind, fixed.words, fixed.ipa))
                at, nearest = max(at, fixed.end), nearest + 1
                continue
            at = self._step(at, fixed.start)
        while self.tokens and self.tokens[-1].kind in {"pause", "paragraph"}:
            self.tokens.pop()
        return self.tokens

    def add(self, start: int, end: int, kind: str, words: str) -> None:
        """Add a token, unless it has no words."""
        if words:
            self.tokens.append(Token(start, end, kind, words))

    def _step(self, at: int, limit: int) -> int:
        """Add the token that starts here, and return where the next one may start."""
        text, one = self.text, self.text[at]
        if one.isspace():
            return structure.skip_spaces(self, at, limit)
        word = self._word(at, limit) if one.isalpha() else None
        if word and not self.counts and self._plain(word, limit):
            self.add(at, word.end(), "word", word[0])
            return word.end()
        starts = WORD if word else DIGIT if one.isdigit() else SIGN
        mark = one in _MARKS and (at + 1 == limit or text[at + 1].isspace())
        stop = min(limit, at + _MOST)
        for rule, pattern in () if mark else self._rules(starts, at, stop):
            match = pattern.match(text, at, stop)
            said = rule.say(match, self) if match else None
            if match and said is not None:
                words, end = said if isinstance(said, tuple) else (said, match.end())
                self.add(at, min(end, limit), rule.kind, self.grammar.agree(words, rule.kind, self))
                return structure.after_rule(self, rule.kind, min(end, limit))
        if word:
            self.add(at, word.end(), "word", word[0])
            return word.end()
        if digits := _DIGITS.match(text, at, limit):
            self.add(at, digits.end(), "number", self.grammar.digits(digits[0]))
            return digits.end()
        return structure.read_sign(self, at, limit)

    def _word(self, at: int, limit: int) -> re.Match[str] | None:
        """Return the word that starts here.

        If a rule has read the first part of a word, match at most _MOST characters of the rest: matching all of it
        after each part of "Mon-Mon-Mon-…" would take quadratic time.
        """
        word = _WORD.match(self.text, at, limit if at >= self._word_end else min(limit, at + _MOST))
        if word:
            self._word_end = max(self._word_end, word.end())
        return word

    def _rules(self, starts: tuple[str, ...], at: int, stop: int) -> list[tuple[Rule, Lazy]]:
        """Return the rules that may match here."""
        near = _NEAR.match(self.text, at, min(stop, at + _NEAREST))
        return rules_with(self.grammar, starts, frozenset(near[0]) & needed(self.grammar) if near else frozenset())

    def _plain(self, word: re.Match[str], limit: int) -> bool:
        lower = word[0].lower()
        if (
            lower in self.grammar.starters
            or (lower in self.grammar.dotted and self.text.startswith(".", word.end()))
            or lower.endswith(self.grammar.starter_endings)
            or (word[0] != lower and not word[0][1:].islower())
        ):
            return False
        return word.end() == limit or _PLAIN_AFTER.match(self.text, word.end()) is not None


@cache
def rules_of(grammar: Grammar, starts: tuple[str, ...]) -> list[tuple[Rule, Lazy]]:
    """Return the rules whose constructs may start with one of these, in order."""
    from herald.speech.reading.rules import ALL  # noqa: PLC0415  rules need the scanner's types

    numeral = number_pattern(grammar.table)
    rules = (rule for rule in (*grammar.extra_rules, *ALL) if starts[0] in rule.starts)
    return [(rule, Lazy(rule.pattern.replace("<num>", numeral), re.IGNORECASE)) for rule in rules]


@cache
def needed(grammar: Grammar) -> frozenset[str]:
    """Return the characters that any rule needs."""
    return frozenset("".join(rule.needs for starts in (DIGIT, SIGN, WORD) for rule, _ in rules_of(grammar, starts)))


@lru_cache(maxsize=1024)
def rules_with(grammar: Grammar, starts: tuple[str, ...], near: frozenset[str]) -> list[tuple[Rule, Lazy]]:
    """Return the rules that need no character, or one of those in `near`."""
    return [one for one in rules_of(grammar, starts) if not one[0].needs or not near.isdisjoint(one[0].needs)]


@cache
def number(grammar: Grammar) -> Lazy:
    """Return the pattern of a number that is not part of a longer word or number."""
    return Lazy(rf"{number_pattern(grammar.table)}(?![\d_]|[.,]\d)")


def number_pattern(table: Table) -> str:
    """Return the pattern of a number in the notation of the language: "1,234.5", "1234", ".5"."""
    mark, groups = re.escape(table.decimal_mark), re.escape(table.group_marks)
    # "1.000,50" in English, and the like: two marks tell which is which.
    foreign = rf"\d{{1,3}}(?:{mark}\d{{3}})+[{groups}]\d{{1,2}}(?!\d)|"
    # India: "1,00,000".
    short = r"(?:,\d\d){0,4}" if table.group_marks == "," else ""
    return rf"(?:{foreign}\d{{1,3}}{short}(?:[{groups}]\d{{3}})+(?!\d)(?:{mark}\d+)?|\d+(?:{mark}\d+)?|{mark}\d+)"
