"""The sound of English endings: -s, -ed and -ing."""

from collections.abc import Callable

from herald.speech.misaki.stress import VOWELS

_FLAPPED_AFTER = VOWELS | {"ɹ"}
_SIBILANTS, _VOICELESS = "szʃʒʧʤ", "ptkfθsʃʧ"


def _plural(sound: str) -> str:
    if sound[-1] in _SIBILANTS:
        return sound + "ᵻz"
    return sound + ("s" if sound[-1] in _VOICELESS else "z")


def _past(sound: str) -> str:
    if sound[-1] in "td":
        return _flapped(sound) + "ᵻd"
    return sound + ("t" if sound[-1] in _VOICELESS else "d")


def _continuous(sound: str) -> str:
    return _flapped(sound) + "ɪŋ"


def _flapped(sound: str) -> str:
    """Return a stem before a vowel: American English flaps a final t."""
    return sound[:-1] + "T" if sound[-1] == "t" and sound[-2:-1] in _FLAPPED_AFTER else sound


INFLECTIONS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("'s", "", _plural),
    ("s'", "s", str),
    ("ies", "y", _plural),
    ("es", "", _plural),
    ("s", "", _plural),
    ("ied", "y", _past),
    ("ed", "", _past),
    ("d", "", _past),
    ("ing", "", _continuous),
    ("ing", "e", _continuous),
)
"""Ending of a form, the ending of its stem, and the change of the sound; in the order in which they are tried."""
