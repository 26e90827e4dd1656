"""Strict parsing and validation of HTTP request bodies.

Error messages never repeat what was sent, except the names of unknown fields.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn, get_args

from pydantic import BaseModel, ValidationError

from herald.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType

_BYTES_PER_CHARACTER = 12
"""The worst case: a character outside the Basic Multilingual Plane, escaped in JSON as a surrogate pair."""
_REPLACEMENT = "\ufffd"
"""API Gateway may substitute this for invalid UTF-8. Rejecting it makes both front ends behave alike."""
_BYTES_BESIDE_TEXT = 4_096
"""Allowance for all other fields of a request."""

_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")


def max_body_bytes(max_characters: int, beside_text: int = _BYTES_BESIDE_TEXT) -> int:
    """Return the size in bytes of the largest body that a text of `max_characters` can produce.

    `beside_text` is the allowance in bytes for all other fields.
    """
    return max_characters * _BYTES_PER_CHARACTER + beside_text


def parse_body(body: bytes, headers: Mapping[str, str], *, max_bytes: int) -> dict[str, Any]:
    """Return the object in a JSON body. `headers` have lower-case names.

    Raise UnsupportedMediaType for headers that check_headers rejects, BodyTooLarge for more than `max_bytes`, and
    InvalidRequest with the code invalid_json for anything but a JSON object.
    """
    check_headers(headers)
    if len(body) > max_bytes:
        raise BodyTooLarge(f"The body exceeds the limit of {max_bytes} bytes. Send the text in parts.")
    return parse_json_object(body)


def check_headers(headers: Mapping[str, str]) -> None:
    """Raise UnsupportedMediaType unless the headers declare uncompressed JSON in UTF-8."""
    media_type = headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != "application/json":
        raise UnsupportedMediaType("The body must be JSON. Set the header Content-Type: application/json.")
    check_encoding(headers)


def check_encoding(headers: Mapping[str, str]) -> None:
    """Raise UnsupportedMediaType unless the headers declare an uncompressed body in UTF-8."""
    parameters = headers.get("content-type", "").partition(";")[2]
    charset = parameters.lower().replace(" ", "").replace('"', "").partition("charset=")[2].partition(";")[0]
    if charset not in {"", "utf-8", "utf8"}:
        raise UnsupportedMediaType("The body must be in UTF-8. Remove the charset parameter, or set it to utf-8.")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMediaType("Compressed bodies are not supported. Send the body without Content-Encoding.")


def parse_json_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object strictly: reject invalid UTF-8, duplicate keys, NaN, Infinity and excessive nesting."""
    try:
        text = body.decode()
        if _REPLACEMENT in text:
            raise InvalidRequest(
                "The body is not valid UTF-8, or contains the replacement character U+FFFD, which marks text lost in "
                "decoding. Send the original text in UTF-8.",
                code="invalid_json",
            )
        value = json.loads(text, object_pairs_hook=_unique_keys, parse_constant=reject_constant)
    except UnicodeDecodeError:
        raise InvalidRequest("The body is not valid UTF-8.", code="invalid_json") from None
    except json.JSONDecodeError as error:
        raise InvalidRequest(
            f"The body is not JSON: {error.msg}, line {error.lineno} column {error.colno}.", code="invalid_json"
        ) from None
    except (ValueError, RecursionError):
        raise InvalidRequest(
            "The JSON body is nested too deeply, or contains a number with too many digits.", code="invalid_json"
        ) from None
    if not isinstance(value, dict):
        raise InvalidRequest("The body must be a JSON object: {...}.", code="invalid_json")
    return value


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise InvalidRequest("The body has a duplicate key. Send each key once.", code="invalid_json")
    return value


def reject_constant(_: str) -> NoReturn:
    """Raise InvalidRequest for NaN and Infinity, which Python's parser accepts."""
    raise InvalidRequest("NaN and Infinity are not valid JSON numbers.", code="invalid_json")


def validated[Model: BaseModel](model: type[Model], value: dict[str, Any], *, whole: str = "The body") -> Model:
    """Validate an object against a model. Raise InvalidRequest for the first validation error only.

    `whole` is the name of the object in messages.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    kind, message, location = first["type"], first["msg"], first["loc"]
    if kind == "extra_forbidden":
        raise _unknown_field(location[:-1], model, whole, name=str(location[-1]))
    if kind == "string_unicode" and (not location or isinstance(location[-1], int)):
        # A field name with a lone surrogate: pydantic cannot decode it, and reports only the object that contains it.
        raise _unknown_field(location, model, whole)
    if kind in {"missing_field", "invalid_request"}:  # raised by a model's own validator
        raise InvalidRequest(message, param=first.get("ctx", {}).get("param"), code=kind)
    param, _ = _known_field(location, model)
    if kind == "missing":
        raise InvalidRequest(f"The field '{param}' is required.", param=param, code="missing_field")
    raise InvalidRequest(f"{param or whole}: {message}.", param=param)


def _unknown_field(inside: tuple[int | str, ...], model: type[BaseModel], whole: str, name: str = "") -> InvalidRequest:
    """Return the error for an unknown field. It repeats the name only if that is an identifier."""
    param, part = _known_field(inside, model)
    place = f"'{param}'" if param else whole
    shown = f"the unknown field '{name}'" if _FIELD_NAME.fullmatch(name) else "an unknown field"
    known = ", ".join(part.model_fields)
    return InvalidRequest(f"{place} has {shown}. Known fields: {known}.", param=param, code="unknown_field")


def _known_field(location: tuple[int | str, ...], model: type[BaseModel]) -> tuple[str | None, type[BaseModel]]:
    """Return the path of the field at a location, such as "dialogue.3.voice", and its model if it has one.

    The path ends before the first unknown name, because the caller chooses the keys of metadata.
    """
    names = []
    for name in location:
        if isinstance(name, str):
            if name not in model.model_fields:
                break
            model = _model_in(model.model_fields[name].annotation) or model
        names.append(str(name))
    return ".".join(names) or None, model


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401  any annotation
    """Return the model of a field's value, or of its items; None if neither has one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
