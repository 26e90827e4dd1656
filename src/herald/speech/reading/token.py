"""Tokens: spans of a text, each with the words to say."""

from typing import NamedTuple


class Delivery(NamedTuple):
    """The delivery of a token, set by markup."""

    rate: float = 1.0
    """Factor of the speed."""
    volume: float = 1.0
    """Factor of the samples; 0 is silent."""
    pitch: float = 1.0
    """Factor of the pitch."""
    language: str = ""
    """BCP 47 tag of the words, if it differs from that of the text."""
    seconds: float = 0.0
    """Duration of a break or a bleep."""


PLAIN = Delivery()
"""The delivery of text without markup."""


class Token(NamedTuple):
    """A span of the original text (code points, end exclusive), its kind, and the words to say for it.

    The words of pauses are marks: "pause" one of , ; : and "end" one of . ? !, after which a new sentence
    begins. "paragraph" has no words. Other kinds are words: "word", "money", "date", ... SSML adds "break" with its
    duration as words, "mark" with its name, and "bleep".
    """

    start: int
    end: int
    kind: str
    words: str
    ipa: str = ""
    """Pronunciation of the words, if given (herald.speech.ipa)."""
    delivery: Delivery = PLAIN

    @property
    def spoken(self) -> bool:
        """Whether it is spoken; false for pauses."""
        return self.kind not in PAUSES


MARKS = frozenset({"pause", "end"})
"""Kinds whose words are punctuation after the previous words."""
PAUSES = MARKS | {"paragraph", "break", "mark", "bleep"}


class Fixed(NamedTuple):
    """A span of the original text whose words are given by a lexicon or by markup. Rules do not match inside it.

    Without words, it is silent, and only prevents rules from matching across it.
    """

    start: int
    end: int
    words: str
    kind: str = "fixed"
    ipa: str = ""
    """The pronunciation of the words, if it is given; words separated by spaces (herald.speech.ipa)."""
