"""The words of odd texts, which are read again where signs have kept abbreviations apart: "sec.gommex½"."""

from herald.speech.reading import spoken_form

_MOST_READINGS = 5


def settled(text, language):
    """Read a text, and what is said for it, at most five times, until nothing changes; return the words."""
    for _ in range(_MOST_READINGS):
        before, text = text, spoken_form(text, language)
        if text == before:
            break
    return text
