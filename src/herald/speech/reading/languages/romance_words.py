"""Lists of words that French, Italian and Portuguese need besides their tables."""

from typing import NamedTuple

from herald.speech.reading.table import words


class RomanceWords(NamedTuple):
    """Words by what they mean for the numbers around them; all in lower case."""

    feminine: frozenset[str] = frozenset()
    """Words after a number that are feminine, though their ending doesn't show it."""
    masculine: frozenset[str] = frozenset()
    """Words after a number that are not feminine, though their ending looks so, or that are no nouns."""
    clock_words: frozenset[str] = frozenset()
    """Words before a time, so that "14.30" is one."""
    phone_words: frozenset[str] = frozenset()
    """Words shortly before a telephone number: "call"."""
    no_nouns: frozenset[str] = frozenset()
    """Words after a number that it doesn't count: "for"."""
    ordinal_nouns: frozenset[str] = frozenset()
    """Words after "1°" that make it an ordinal, rather than degrees: "floor"."""
    chapters: frozenset[str] = frozenset()
    """Nouns before a Roman numeral: "chapter"."""
    starters: frozenset[str] = frozenset()
    """Further lower-case words at which a rule may begin."""


PROVIDERS = words(
    "gmail google yahoo hotmail outlook live icloud apple amazon netflix facebook instagram twitter linkedin youtube "
    "whatsapp nvidia microsoft paypal samsung booking airbnb uber spotify libero virgilio alice orange free laposte "
    "wanadoo uol terra bol sapo"
)
"""Names in addresses that everybody knows by their sound."""
