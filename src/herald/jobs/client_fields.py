"""What clients of OpenAI's API send beyond what Herald uses: null, a voice as an object, and fields without effect."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

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
