"""The format of a request's text: plain, Markdown, HTML or SSML; and its characters."""

from typing import Annotated, Literal

from pydantic import Field

from herald.errors import InvalidRequest
from herald.speech.reading.markup import TextFormat, detect
from herald.speech.ssml.document import begins_ssml, characters
from herald.speech.text import refuse_stray_ssml

InputTypeName = Annotated[
    Literal["ssml", "text"] | None,
    Field(
        description="`ssml`: the text is an SSML document; `text`: its tags are text. Default: SSML if it begins with "
        "`<speak`."
    ),
]


def format_of(text: str, text_format: TextFormat | None, input_type: str | None) -> TextFormat:
    """Return the format of a text, given the fields of its request; raise InvalidRequest if they exclude each other.

    Raise SsmlNotSupported for a text with SSML tags that is not an SSML document, unless it is sent as text.
    """
    if is_ssml(text, input_type):
        if text_format is not None:
            raise InvalidRequest(
                "An SSML document has no text_format. Remove it, or send input_type 'text'.", param="text_format"
            )
        return "ssml"
    if input_type is None:
        refuse_stray_ssml(text)
    return text_format or detect(text)


def is_ssml(text: str, input_type: str | None) -> bool:
    """Return whether a text is an SSML document, given the field input_type of its request."""
    return input_type == "ssml" or (input_type is None and begins_ssml(text))


def characters_of(text: str, text_format: TextFormat) -> int:
    """Return the characters that count: those of the text without the tags of SSML. Raise InvalidSsml."""
    return characters(text) if text_format == "ssml" else len(text)
