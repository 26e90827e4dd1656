"""Compile the patterns of the reading in advance: `make patterns` writes herald/speech/reading/patterns.bin."""

import gc
import pkgutil
import re
from array import array
from importlib import import_module
from unittest.mock import patch

from herald.speech import reading
from herald.speech.reading.languages import find_grammar
from herald.speech.reading.patterns import FILE, CompiledPattern, Key, Lazy, pack
from herald.speech.reading.rule import DIGIT, SIGN, WORD
from herald.speech.reading.scanner import number, rules_of

LANGUAGES = ("en", "en-GB", "de", "es", "es-MX", "es-PE", "fr", "it", "pt", "pt-PT")
"""All grammars with numbers of their own."""


def patterns() -> set[Key]:
    """Return all patterns of the reading, with their flags."""
    for module in pkgutil.walk_packages(reading.__path__, f"{reading.__name__}."):
        import_module(module.name)
    for language in LANGUAGES:
        if grammar := find_grammar(language):
            number(grammar)
            for starts in (DIGIT, SIGN, WORD):
                rules_of(grammar, starts)
    return {one.key for one in gc.get_objects() if isinstance(one, Lazy)}


def compile_all() -> dict[Key, CompiledPattern]:
    """Return the arguments with which Python makes each pattern."""
    compiler = re._compiler  # type: ignore[attr-defined]  # there is no public way
    found = sorted(patterns())  # before the patch: what is compiled under it would stay in the cache of `re`
    with patch.object(compiler._sre, "compile", lambda *arguments: arguments):
        made = {key: compiler.compile(*key) for key in found}
    return {
        key: CompiledPattern(int(flags), array("I", code).tobytes(), groups, dict(names), numbers)
        for key, (_, flags, code, groups, names, numbers) in made.items()
    }


if __name__ == "__main__":
    FILE.write_bytes(pack(compile_all()))
