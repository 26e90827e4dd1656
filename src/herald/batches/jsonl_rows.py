"""Read JSONL: one object per line, with strings and numbers. A number keeps its spelling: 1.50 stays "1.50"."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from herald.batches.csv_rows import not_utf8, too_large
from herald.batches.manifest_lines import Limits, Line
from herald.batches.manifest_row import RowError, column
from herald.errors import InvalidInput, InvalidRequest

type Object = tuple[int, dict[str, str]]
"""Line number, and values by column."""


def read_objects(lines: Iterable[Line], limits: Limits) -> Iterator[Object | RowError]:
    """Yield each object, or a RowError for an invalid line. Blank lines are skipped; null becomes ""."""
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
        raise InvalidRequest(
            f"The row is not valid JSON, from character {error.pos + 1} on.", code="invalid_json"
        ) from None
    except RecursionError:
        raise InvalidRequest(
            "The row's JSON is nested too deeply. Write strings and numbers only.", code="invalid_json"
        ) from None
    if not isinstance(value, dict):
        raise InvalidRequest("The row is JSON but not an object. Write it as {...}.", code="invalid_json")
    return value


def _values(pairs: list[tuple[str, Any]]) -> dict[str, str]:
    values = {column(name): "" if value is None else value for name, value in pairs}
    if len(values) != len(pairs):
        raise InvalidRequest("The row contains the same key twice, ignoring case and spaces.", code="invalid_json")
    if not all(isinstance(value, str) for value in values.values()):
        raise InvalidRequest(
            "The row contains a value that is neither a string nor a number. Write it as a string.",
            code="invalid_value",
        )
    return values


def _no_constant(_: str) -> NoReturn:
    raise InvalidRequest("NaN and Infinity are not valid JSON numbers.", code="invalid_json")


_DECODER = json.JSONDecoder(object_pairs_hook=_values, parse_int=str, parse_float=str, parse_constant=_no_constant)
