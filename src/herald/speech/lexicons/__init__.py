"""Lexicons: how a tenant's words are said.

    lexicon.py      entries of one language, and where they match in a text
    files.py        reads JSON, CSV and PLS, and writes JSON and PLS
    pls.py          the Pronunciation Lexicon Specification of the W3C, parsed safely

A lexicon is applied before any rule of the reading: herald.speech.reading.reader. Its phonemes are those of
herald.speech.ipa.
"""

from herald.speech.lexicons.lexicon import Entry, Lexicon

__all__ = ["Entry", "Lexicon"]
