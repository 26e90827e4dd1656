"""The languages of Kokoro's speakers."""

import re

_KANA_OR_KANJI = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]"
"""Compiled when it is needed: its ranges take longer than those of most patterns."""
JAPANESE = "ja"
LANGUAGES = {"a": "en-US", "b": "en-GB", "e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja", "p": "pt-BR"}
"""Supported languages, by the first letter of a speaker's name. Speakers of Chinese ("z") speak the others."""


def language_of(text: str, language: str | None, speaker: str) -> str:
    """Return the BCP 47 language of a text: the given one, or a guess.

    Text with kana or Chinese characters is Japanese, other text in the language of the speaker, except that speakers of
    Japanese and Chinese speak American English.
    """
    if language:
        return language
    if re.search(_KANA_OR_KANJI, text):
        return JAPANESE
    return LANGUAGES.get(speaker[:1], "en-US").replace(JAPANESE, "en-US")
