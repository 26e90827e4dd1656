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
