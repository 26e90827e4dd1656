"""Tokens: spans of a text, each with the words to say."""

from typing import NamedTuple


class Token(NamedTuple):
    """A span of the original text (code points, end exclusive), its kind, and the words that are said for it.

    Kinds of pauses have a mark as their words: "pause" one of , ; : and "end" one of . ? !, after which a new sentence
    begins. "paragraph" has no words. Other kinds are words: "word", "money", "date", ...
    """

    start: int
    end: int
    kind: str
    words: str
    ipa: str = ""
    """Their pronunciation, if it is given (herald.speech.ipa)."""

    @property
    def spoken(self) -> bool:
        """Whether it is spoken, so not a pause."""
        return self.kind not in PAUSES


PAUSES = frozenset({"pause", "end", "paragraph"})


class Fixed(NamedTuple):
    """A span of the original text whose words are given, by a lexicon or by markup; no rule looks into it."""

    start: int
    end: int
    words: str
    kind: str = "fixed"
    ipa: str = ""
    """The pronunciation of the words, if it is given; words separated by spaces (herald.speech.ipa)."""
