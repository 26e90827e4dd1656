"""espeak-ng, through the extension module that piper-tts brings: text in, phonemes out, sentence by sentence."""

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
"""What an ellipsis is to espeak-ng, and an opening "¡" or "¿". Piper's bridge knows neither, and gives them no end."""
_WITHOUT_MARKS = ("cmn", "yue", "hak")
"""Chinese: the bridge knows none of the marks of its script, so that its voices have learnt to speak without."""
_ELLIPSIS_BEFORE_MARK = re.compile(r"(?<=\w)\s*(?:\.{3}|…)[.…]*\s*(?=[?!])")
"""espeak-ng would drop the mark, by which a question would be none."""
_FOREIGN = re.compile(r"\([^()]+\)")
"""Set around words of another language, as in "(en)"."""
_LOCK = threading.Lock()
"""espeak-ng holds its state in globals: never two phonemisations at once in one process."""


def load(language: str) -> None:
    """Load what a language needs, which else its first text does; RuntimeError where espeak-ng does not know it."""
    with _LOCK:
        _bridge().set_voice(language)


def sentences(language: str, text: str) -> list[list[str]]:
    """The phonemes of each sentence as piper-tts writes them, in Unicode's decomposed form (NFD), with punctuation.

    Where piper-tts would join the words around an ellipsis to one, there is a pause. RuntimeError where espeak-ng
    does not know the language.
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


@cache
def _bridge() -> Any:  # noqa: ANN401  a module without types
    """The extension alone: the package around it imports a whole engine, which takes as long as loading ours."""
    spec = _extension()
    bridge = module_from_spec(spec)
    spec.loader.exec_module(bridge)  # type: ignore[union-attr]
    bridge.initialize(str(Path(str(spec.origin)).with_name("espeak-ng-data")))
    return bridge


def _extension() -> ModuleSpec:
    package = find_spec("piper")
    found = package and PathFinder.find_spec("espeakbridge", package.submodule_search_locations)
    if not found:
        raise ModuleNotFoundError("piper-tts is not installed, or not with its bridge to espeak-ng.", name="piper")
    return found
