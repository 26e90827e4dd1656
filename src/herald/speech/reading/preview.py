"""Show how a text will be said, without speaking it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from herald.errors import NothingToSpeak
from herald.speech.offsets import Offsets, offsets_of
from herald.speech.reading.markup import TextFormat, detect
from herald.speech.reading.reader import joined, read
from herald.speech.ssml.document import begins_ssml
from herald.speech.text import speakable

if TYPE_CHECKING:
    from herald.speech.lexicons.lexicon import Lexicon


def preview(
    text: str,
    language: str,
    *,
    text_format: TextFormat | None = None,
    offsets: Offsets = "characters",
    lexicons: Sequence["Lexicon"] = (),
) -> dict[str, Any]:
    """Return the reading of a text as JSON: its sentences and their tokens, with spans of the text.

    Without `text_format` it is recognized. Raise the same InvalidInput as synthesis would, and InvalidRequest for a
    language that Herald does not read.
    """
    speakable(text, lexicons, language)
    known = text_format or ("ssml" if begins_ssml(text) else detect(text))
    reading = read(text, language, text_format=known, lexicons=lexicons)
    sentences = [tokens for tokens in reading.sentences() if any(token.spoken for token in tokens)]
    if not sentences:
        raise NothingToSpeak("Nothing to speak: no part of the text has a sound.", param="input")
    at = offsets_of(text, offsets)
    return {
        "object": "reading",
        "language": language,
        "text_format": known,
        "spoken": reading.words,
        "sentences": [
            {
                **_span(text, tokens[0].start, tokens[-1].end, at),
                "spoken": joined(tokens),
                "tokens": [
                    {
                        **_span(text, token.start, token.end, at),
                        "kind": token.kind,
                        "words": token.words,
                        "ipa": token.ipa or None,
                    }
                    for token in tokens
                ],
            }
            for tokens in sentences
        ],
    }


def _span(text: str, start: int, end: int, at: Sequence[int]) -> dict[str, Any]:
    return {"text": text[start:end], "text_start": at[start], "text_end": at[end]}
