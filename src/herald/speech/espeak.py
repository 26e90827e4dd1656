"""Phonemize text with espeak-ng, through the extension module of piper-tts."""

import re
import threading
import unicodedata
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any

_CLAUSE_ENDS = (",", ":", ";")
_PAUSE = ";"
"""Replaces an ellipsis and an opening "¡" or "¿", for which Piper's bridge returns a clause without punctuation."""
_WITHOUT_MARKS = ("cmn", "yue", "hak")
"""Chinese: the bridge drops all punctuation of the script, and the voices were trained without it."""
_ELLIPSIS_BEFORE_MARK = re.compile(r"(?<=\w)\s*(?:\.{3}|…)[.…]*\s*(?=[?!])")
"""espeak-ng would drop the mark, and with it the intonation of a question."""
_FOREIGN = re.compile(r"\([^()]+\)")
"""espeak-ng's markers of language switches, such as "(en)"."""
_LOCK = threading.Lock()
"""espeak-ng keeps its state in globals and is not thread-safe."""


def load(language: str) -> None:
    """Load a language ahead of its first text; raise RuntimeError if espeak-ng does not support it."""
    with _LOCK:
        _bridge().set_voice(language)


def sentences(language: str, text: str) -> list[list[str]]:
    """Return the phonemes of each sentence, with punctuation, in NFD as piper-tts writes them.

    Unlike piper-tts, which joins the words around an ellipsis, this inserts a pause. Raise RuntimeError if espeak-ng
    does not support the language.
    """
    with _LOCK:
        _bridge().set_voice(language)
        clauses = _bridge().get_phonemes(_ELLIPSIS_BEFORE_MARK.sub("", text))
    unmarked = "" if language.startswith(_WITHOUT_MARKS) else _PAUSE
    found: list[list[str]] = [[]]
    for phonemes, marked, closes in clauses:
        end = marked or (unmarked if phonemes and not closes else "")
        space = " " if end in _CLAUSE_ENDS else ""
        found[-1] += unicodedata.normalize("NFD", _FOREIGN.sub("", phonemes) + end + space)
        if closes:
            found.append([])
    return found if found[-1] else found[:-1]


def read(language: str, text: str) -> str:
    """Return the phonemes of all sentences without punctuation, words separated by spaces."""
    with _LOCK:
        _bridge().set_voice(language)
        clauses = _bridge().get_phonemes(text)
    return " ".join(_FOREIGN.sub("", phonemes) for phonemes, _, _ in clauses)


@cache
def _bridge() -> Any:  # noqa: ANN401  an untyped module
    """Load the extension module alone; importing its package loads Piper's engine and doubles the start time."""
    spec = _extension()
    bridge = module_from_spec(spec)
    spec.loader.exec_module(bridge)  # type: ignore[union-attr]
    bridge.initialize(str(Path(str(spec.origin)).with_name("espeak-ng-data")))
    return bridge


def _extension() -> ModuleSpec:
    package = find_spec("piper")
    found = package and PathFinder.find_spec("espeakbridge", package.submodule_search_locations)
    if not found:
        raise ModuleNotFoundError(
            "piper-tts is not installed, or lacks its extension module espeakbridge.", name="piper"
        )
    return found
