"""Phonemize text with espeak-ng, through the extension module of piper-tts."""

import re
import threading
import unicodedata
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any

from herald.speech.ipa import CLOSE, GIVEN, OPEN

_CLAUSE_ENDS = (",", ":", ";")
_PAUSE = ";"
"""Inserted for an ellipsis and an opening "¡" or "¿", for which Piper's bridge returns a clause without punctuation."""
_WITHOUT_MARKS = ("cmn", "yue", "hak")
"""Chinese: the bridge drops all punctuation of the script, and the voices were trained without it."""
_ELLIPSIS_BEFORE_MARK = re.compile(r"(?<=\w)\s*(?:\.{3}|…)[.…]*\s*(?=[?!])")
"""espeak-ng would drop the mark, and with it the intonation of a question."""
_FOREIGN = re.compile(r"\([^()]+\)")
"""espeak-ng's markers of language switches, such as "(en)"."""
_DOTS_IN_WORDS = re.compile(r"(?<!\d)\.(?=\S)|(?<=\s)\.(?=\s)")
_MOST_DOTS = 30
_LONG_NUMBER = re.compile(r"\d{15}(?=\d)")
_LONG_WORD = re.compile(r"\S{40}(?=\S)")
_REGIONS = frozenset({"en-us", "en-gb", "pt-br", "fr-be", "fr-ch"})
"""Languages of espeak-ng with a region."""
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


def name_of(language: str) -> str:
    """Return espeak-ng's name of a language (BCP 47)."""
    lower = language.replace("_", "-").lower()
    primary, _, region = lower.partition("-")
    if primary == "es" and region not in {"", "es"}:
        return "es-419"
    return lower if lower in _REGIONS else "en-us" if primary == "en" else primary


def make_safe(text: str) -> str:
    """Break up text that makes espeak-ng 1.52 drop the rest of a sentence, or overrun its buffers and crash.

    Its limits are 160 bytes per word, 30 digits per number, and about 60 dots inside the words of a sentence. It speaks
    each of these dots as a word.
    """
    if len(_DOTS_IN_WORDS.findall(text)) > _MOST_DOTS:
        # Twice: after the first pass the last dot of each "..." is isolated, and 150 isolated dots crash too.
        text = _DOTS_IN_WORDS.sub(" ", _DOTS_IN_WORDS.sub(" ", text))
    parts = GIVEN.split(text)
    parts[::2] = [_LONG_WORD.sub(r"\g<0> ", _LONG_NUMBER.sub(r"\g<0>, ", part)) for part in parts[::2]]
    parts[1::2] = [f"{OPEN}{given}{CLOSE}" for given in parts[1::2]]
    return "".join(parts)


@cache
def _bridge() -> Any:  # noqa: ANN401  an untyped module
    """Load only the extension module; importing its package would load Piper's engine and double the start time."""
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
