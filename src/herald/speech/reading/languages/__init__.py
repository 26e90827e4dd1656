"""Find the grammars of the languages that Herald reads."""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from herald.speech.reading.grammar import Grammar

_GRAMMARS = {
    "de": "german_grammar", "en": "english_grammar", "es": "spanish_grammar", "fr": "french_grammar",
    "it": "italian_grammar", "pt": "portuguese_grammar",
}  # fmt: skip
"""Modules by primary subtag; each has a function `grammar(region: str) -> Grammar`."""
_WITH_COMMA = frozenset({
    "bg", "ca", "cs", "da", "el", "eu", "fi", "hu", "id", "is", "lt", "lv", "nb", "nl", "no", "pl", "ro", "ru", "sk",
    "sl", "sq", "sr", "sv", "tr", "uk", "vi",
})  # fmt: skip
"""Languages of espeak-ng, without a table, in which it reads 1,5 as a decimal; in most of them, 1.500 is 1500."""


def decimal_mark(language: str) -> str:
    """Return the decimal mark of a language: a point or a comma."""
    grammar = find_grammar(language)
    if grammar:
        return grammar.table.decimal_mark
    return "," if language.replace("_", "-").partition("-")[0].lower() in _WITH_COMMA else "."


@cache
def find_grammar(language: str) -> "Grammar | None":
    """Return the grammar of a language such as "en-US", "en_GB", "en-gb-x-rp" or "pt-br"; None if there is none."""
    primary, *rest = language.replace("_", "-").split("-")
    module = _GRAMMARS.get(primary.lower())
    if module is None:
        return None
    region = next((part.upper() for part in rest if len(part) == 2), "")  # noqa: PLR2004  ISO 3166
    made: Grammar = import_module(f"herald.speech.reading.languages.{module}").grammar(region)
    return made
