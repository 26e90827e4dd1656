"""The request to speak, in the shape of OpenAI's `POST /v1/audio/speech` with fields of our own."""

import json
from typing import Any, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from herald.errors import BodyTooLarge, InvalidRequest, TextTooLong, UnsupportedMediaType

_BYTES_PER_CHARACTER = 12
"""A character outside Unicode's first plane, written in JSON as two escapes."""
_BYTES_BESIDE_TEXT = 4_096
"""Room for all other fields of a request."""


class SpeechRequest(BaseModel):
    """A text to speak, and how."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    input: str = Field(description="The text to speak.")
    voice: str = Field(
        default="alloy",
        max_length=128,
        description="A voice of GET /v1/voices, `voice:speaker` for one of its speakers, or one of OpenAI's names.",
    )
    response_format: str = Field(
        default="mp3", description="mp3, opus, flac, wav, pcm, ulaw, alaw, wav_ulaw or wav_alaw."
    )
    speed: float = Field(default=1.0, ge=0.25, le=4.0, description="1.0 is the voice's own speed.")
    sample_rate: int | None = Field(
        default=None, description="Hz. Left out: the voice's own, 24000 for pcm, 8000 for ulaw and alaw."
    )
    model: str = Field(
        default="herald", max_length=64, description="Any; the voice decides. Taken for OpenAI's clients."
    )
    instructions: str | None = Field(
        default=None, max_length=4_096, description="Taken for OpenAI's clients; these voices follow none."
    )
    stream_format: Literal["audio"] = Field(default="audio", description="Only audio here.")


def max_body_bytes(max_characters: int) -> int:
    """The largest body that can hold a text of the allowed length."""
    return max_characters * _BYTES_PER_CHARACTER + _BYTES_BESIDE_TEXT


def parse_speech_request(body: bytes, headers: dict[str, str], *, max_characters: int) -> SpeechRequest:
    """Read a request from an HTTP body; `headers` have lower-case names.

    InvalidInput of an exact kind for whatever is wrong with it. No message repeats what was sent.
    """
    check_headers(headers)
    if len(body) > max_body_bytes(max_characters):
        raise BodyTooLarge(f"The body is over {max_body_bytes(max_characters)} bytes. Send the text in parts.")
    request = _validated(parse_json_object(body))
    if len(request.input) > max_characters:
        raise TextTooLong(
            f"The text has {len(request.input)} characters; at most {max_characters} are spoken at once. "
            "Send it in parts, cut between sentences.",
            param="input",
        )
    return request


def check_headers(headers: dict[str, str]) -> None:
    """UnsupportedMediaType unless the body is plain JSON."""
    media_type, _, parameters = headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != "application/json":
        raise UnsupportedMediaType("Send JSON, with the header Content-Type: application/json.")
    charset = parameters.lower().replace(" ", "").replace('"', "").partition("charset=")[2]
    if charset not in {"", "utf-8", "utf8"}:
        raise UnsupportedMediaType("Send JSON in UTF-8.")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMediaType("Send the body uncompressed, without Content-Encoding.")


def parse_json_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object strictly: UTF-8, no key twice, no NaN, no depth that a parser chokes on."""
    try:
        value = json.loads(body.decode(), object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise InvalidRequest("The body is not UTF-8.", code="invalid_json") from None
    except json.JSONDecodeError as error:
        raise InvalidRequest(
            f"The body is not JSON: {error.msg}, line {error.lineno} column {error.colno}.", code="invalid_json"
        ) from None
    except (ValueError, RecursionError):
        raise InvalidRequest(
            "The body is not usable JSON: too deep, or a number too long.", code="invalid_json"
        ) from None
    if not isinstance(value, dict):
        raise InvalidRequest("The body is JSON, but not an object: {...}.", code="invalid_json")
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise InvalidRequest("A key stands twice in the body.", code="invalid_json")
    return value


def _no_constant(_: str) -> NoReturn:
    raise InvalidRequest("NaN and Infinity are no JSON numbers.", code="invalid_json")


def _validated(value: dict[str, Any]) -> SpeechRequest:
    try:
        return SpeechRequest.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    param = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = ", ".join(SpeechRequest.model_fields)
        raise InvalidRequest(f"There is a field that Herald does not know. Fields: {known}.", code="unknown_field")
    if first["type"] == "missing":
        raise InvalidRequest(f"The field '{param}' is missing.", param=param, code="missing_field")
    raise InvalidRequest(f"{param}: {first['msg']}.", param=param)
