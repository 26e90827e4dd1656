"""JSONL: one object on each line, of strings and numbers. A number is what is written: 1.50 is not 1.5."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from herald.errors import InvalidInput, InvalidRequest
from herald.jobs.batches.lines import Limits, Line
from herald.jobs.batches.records import not_utf8, too_large
from herald.jobs.batches.rows import RowError, column

type Object = tuple[int, dict[str, str]]
"""Its line, and its values by column."""


def read_objects(lines: Iterable[Line], limits: Limits) -> Iterator[Object | RowError]:
    """Each object, or why there is none. Lines of spaces are none; null is the empty string."""
    for number, line in lines:
        if line is None:
            yield too_large(number, limits)
        elif line.strip():
            yield _object(number, line)


def _object(number: int, line: bytes) -> Object | RowError:
    try:
        return number, _parsed(line.decode())
    except UnicodeDecodeError:
        return not_utf8(number)
    except InvalidInput as error:
        return RowError(line=number, code=error.code, message=error.message)


def _parsed(text: str) -> dict[str, str]:
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise InvalidRequest(f"The row is not JSON, from character {error.pos + 1}.", code="invalid_json") from None
    except RecursionError:
        raise InvalidRequest("The row is not usable JSON: too deep.", code="invalid_json") from None
    if not isinstance(value, dict):
        raise InvalidRequest("The row is JSON, but not an object: {...}.", code="invalid_json")
    return value


def _values(pairs: list[tuple[str, Any]]) -> dict[str, str]:
    values = {column(name): "" if value is None else value for name, value in pairs}
    if len(values) != len(pairs):
        raise InvalidRequest("A key stands twice in the row; case and spaces do not count.", code="invalid_json")
    if not all(isinstance(value, str) for value in values.values()):
        raise InvalidRequest("A value of the row is no string and no number. Write it as text.", code="invalid_value")
    return values


def _no_constant(_: str) -> NoReturn:
    raise InvalidRequest("NaN and Infinity are no JSON numbers.", code="invalid_json")


_DECODER = json.JSONDecoder(object_pairs_hook=_values, parse_int=str, parse_float=str, parse_constant=_no_constant)
