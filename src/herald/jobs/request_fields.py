"""Fields that several requests share: pauses, the format of the text, and variants that clients of OpenAI's API send.

These clients send null for an omitted field, a voice as an object, and fields without effect.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from herald.errors import InvalidRequest
from herald.speech.pauses import LONGEST_PAUSE, Pauses
from herald.speech.reading.markup import TextFormat, detect
from herald.speech.ssml.document import begins_ssml, characters
from herald.speech.text import refuse_stray_ssml

_MOST_OF_A_NAME = 128
_NULL = {"type": "null"}
_KOKORO = "Accepted for Kokoro-FastAPI clients."


def _named(value: object) -> object:
    """Return the name in `{"id": name}`, the form in which OpenAI's API names custom voices."""
    if not isinstance(value, dict):
        return value
    if list(value) != ["id"]:
        raise PydanticCustomError("voice", 'A voice must be a name, or an object with it: {"id": "..."}')
    return value["id"]


VoiceName = Annotated[
    str,
    BeforeValidator(_named),
    Field(max_length=_MOST_OF_A_NAME),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": _MOST_OF_A_NAME},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["id"],
                    "properties": {"id": {"type": "string", "maxLength": _MOST_OF_A_NAME}},
                },
            ]
        }
    ),
]


def allow_null(schema: dict[str, Any]) -> None:
    """Add null to the values of the optional fields in a model's JSON schema, as NullIsOmitted accepts it."""
    for name, field in schema.get("properties", {}).items():
        about = {key: field.pop(key) for key in ("description", "default") if key in field}
        choices = field.pop("anyOf") if "anyOf" in field else [dict(field)] if field else []
        if name not in schema.get("required", []) and choices and _NULL not in choices:
            choices = [*choices, _NULL]
        if len(choices) > 1:
            field.clear()
            field["anyOf"] = choices
        field.update(about)


class NullIsOmitted(BaseModel):
    """A request in which null means that an optional field is omitted, as serializers of many languages send it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, json_schema_extra=allow_null)

    @model_validator(mode="before")
    @classmethod
    def _omit_nulls(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        fields = cls.model_fields
        return {
            name: given
            for name, given in value.items()
            if given is not None or name not in fields or fields[name].is_required()
        }


class FieldsWithoutEffect(NullIsOmitted):
    """Fields of speech requests that clients of similar servers send. The response names them in X-Herald-Warning."""

    user: Any = Field(default=None, description="Ignored. Accepted for OpenAI clients.")
    stream: Any = Field(default=None, description="Ignored: the StreamUrl streams, and the ApiUrl does not.")
    language: Any = Field(default=None, description="Ignored, as the voice determines the language.")
    lang_code: Any = Field(default=None, description=f"Ignored, as the voice determines the language. {_KOKORO}")
    volume_multiplier: Any = Field(default=None, description=f"Ignored. {_KOKORO}")
    normalization_options: Any = Field(default=None, description=f"Ignored: texts are always read. {_KOKORO}")
    download_format: Any = Field(default=None, description=f"Ignored. {_KOKORO}")
    return_download_link: Any = Field(default=None, description=f"Ignored. {_KOKORO}")


_USUAL = Pauses()

type _Milliseconds = Annotated[int, Field(ge=0, le=round(LONGEST_PAUSE * 1000))]


class PauseSettings(NullIsOmitted):
    """Milliseconds of silence that are added to those of the voice. Voices that run on CPU support them."""

    sentence: _Milliseconds = Field(default=round(_USUAL.sentence * 1000), description="After a sentence.")
    paragraph: _Milliseconds = Field(default=round(_USUAL.paragraph * 1000), description="Between paragraphs.")
    lead_in: _Milliseconds = Field(
        default=round(_USUAL.lead_in * 1000),
        description="Before the first word; telephones and browsers often swallow the first moments of a sound.",
    )
    tail: _Milliseconds = Field(default=round(_USUAL.tail * 1000), description="After the last word.")

    @property
    def seconds(self) -> Pauses:
        """The pauses for synthesis."""
        return Pauses(
            sentence=self.sentence / 1000,
            paragraph=self.paragraph / 1000,
            lead_in=self.lead_in / 1000,
            tail=self.tail / 1000,
        )


USUAL_PAUSES = PauseSettings()


def are_usual(pause: PauseSettings) -> bool:
    """Return whether pauses are the default ones, which scripts and keys omit."""
    return pause == USUAL_PAUSES


InputTypeName = Annotated[
    Literal["ssml", "text"] | None,
    Field(
        description="`ssml`: the text is an SSML document; `text`: its tags are text. Default: SSML if it begins with "
        "`<speak`."
    ),
]


def format_of(text: str, text_format: TextFormat | None, input_type: str | None) -> TextFormat:
    """Return the format of a text, given the fields of its request; raise InvalidRequest if they conflict.

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
    """Return the number of characters without the tags of SSML; raise InvalidSsml for a faulty document."""
    return characters(text) if text_format == "ssml" else len(text)
