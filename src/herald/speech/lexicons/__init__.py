"""Lexicons: how a tenant's words are spoken.

    lexicon.py      entries of one language, and where they match in a text
    files.py        reads JSON, CSV and PLS, and writes JSON and PLS
    pls.py          the Pronunciation Lexicon Specification of the W3C, parsed safely

herald.speech.reading.reader applies lexicons before its rules. Phonemes are in the notation of herald.speech.ipa.
"""

from herald.speech.lexicons.lexicon import Entry, Lexicon

__all__ = ["Entry", "Lexicon"]
