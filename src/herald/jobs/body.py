"""Reads the bodies of HTTP requests strictly. No error repeats what was sent."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from herald.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType

_BYTES_PER_CHARACTER = 12
"""A character outside Unicode's first plane, written in JSON as two escapes."""
_REPLACEMENT = "\ufffd"
"""What API Gateway may put in the place of bytes that are not UTF-8: refused, so that both doors answer the same."""
_BYTES_BESIDE_TEXT = 4_096
"""Room for all other fields of a request."""


def max_body_bytes(max_characters: int, beside_text: int = _BYTES_BESIDE_TEXT) -> int:
    """The largest body that can hold a text of the allowed length, and `beside_text` bytes of other fields."""
    return max_characters * _BYTES_PER_CHARACTER + beside_text


def parse_body(body: bytes, headers: Mapping[str, str], *, max_bytes: int) -> dict[str, Any]:
    """The object in a JSON body; `headers` have lower-case names."""
    check_headers(headers)
    if len(body) > max_bytes:
        raise BodyTooLarge(f"The body is over {max_bytes} bytes. Send the text in parts.")
    return parse_json_object(body)


def check_headers(headers: Mapping[str, str]) -> None:
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
        text = body.decode()
        if _REPLACEMENT in text:
            raise InvalidRequest(
                "The body is not UTF-8, or holds the replacement character U+FFFD, which stands for text that was lost "
                "in decoding. Send the original text in UTF-8.",
                code="invalid_json",
            )
        value = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
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


def validated[Model: BaseModel](
    model: type[Model], value: dict[str, Any], part: type[BaseModel] | None = None
) -> Model:
    """The model of an object; InvalidRequest tells the first thing wrong. `part` is the model of its list's items."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    raise _refusal(first, model, part or model)


def _refusal(error: ErrorDetails, model: type[BaseModel], part: type[BaseModel]) -> InvalidRequest:
    kind, message = error["type"], error["msg"]
    if kind == "extra_forbidden":
        return _unknown_field(error["loc"][:-1], model, part)
    if kind == "string_unicode" and (not error["loc"] or isinstance(error["loc"][-1], int)):
        # A name with a lone surrogate. pydantic cannot decode it, and reports only the object that holds it.
        return _unknown_field(error["loc"], model, part)
    if kind in {"missing_field", "invalid_request"}:  # a model's own
        return InvalidRequest(message, param=error.get("ctx", {}).get("param"), code=kind)
    param = _place(error["loc"], {*model.model_fields, *part.model_fields})
    if kind == "missing":
        return InvalidRequest(f"The field '{param}' is missing.", param=param, code="missing_field")
    return InvalidRequest(f"{param or 'The body'}: {message}.", param=param)


def _unknown_field(inside: tuple[int | str, ...], model: type[BaseModel], part: type[BaseModel]) -> InvalidRequest:
    param = ".".join(str(one) for one in inside) or None
    known = ", ".join((part if inside else model).model_fields)
    place = f"In {param}" if param else "There"
    return InvalidRequest(
        f"{place} is a field that Herald does not know. Fields: {known}.", param=param, code="unknown_field"
    )


def _place(location: tuple[int | str, ...], fields: set[str]) -> str | None:
    """As "dialogue.3.voice", up to the first name that is not ours, as the names of metadata are the caller's."""
    parts = []
    for part in location:
        if isinstance(part, str) and part not in fields:
            break
        parts.append(str(part))
    return ".".join(parts) or None
