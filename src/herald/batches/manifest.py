"""Read a manifest as a stream of rows and row errors.

An Excel workbook is recognized by its first bytes. Column names are compared without case and surrounding spaces, and
if there is no such column without accents, spaces and punctuation: `First Name` is read for {first_name}. The columns
`id`, `voice`, `format` (or `response_format`) and `text` are optional; columns that the template does not use may be
anything.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from hashlib import blake2b
from itertools import chain
from typing import Any

from herald.batches.manifest_form import Columns, ManifestForm, count_of, header_columns
from herald.batches.manifest_records import (
    ManifestLimits,
    ManifestLine,
    Object,
    Record,
    read_lines,
    read_objects,
    read_records,
)
from herald.batches.rows import ManifestFormat, Row, RowError, column, folded, loose
from herald.errors import InvalidManifest, counted

MAGIC = b"PK\x03\x04"
"""The first bytes of a ZIP archive, which a workbook is."""
_LONGEST_ID = 128
_LIMITS = ManifestLimits()
_MOST_KEYS, _MOST_FORMS = 256, 256
"""Keys of an object, and their different lists in a manifest, for which the columns found are remembered."""
_EXCEL_TEXT = re.compile(r'="([^"]*)"')
"""How Excel keeps the zeros of 001: a formula that is a text."""

type _Values = tuple[int, dict[str, str]] | RowError


def read_rows(
    chunks: Iterable[bytes],
    written: ManifestFormat | None,
    *,
    fields: Collection[str],
    limits: ManifestLimits = _LIMITS,
    form: ManifestForm | None = None,
) -> Iterator[Row | RowError]:
    """Yield the rows of a manifest, in order, with the columns `fields` (normalized by `column`) and OPTIONAL.

    Without a format, JSONL and workbooks are recognized by their beginning. `form` is filled in with what was found.
    Raise InvalidManifest if the manifest as a whole is unusable: empty, too large, in another encoding, or with a
    header that is invalid or lacks a column of `fields`.
    """
    form = form or ManifestForm()
    read = _values(chunks, written, fields, limits, form)
    count = 0
    seen: set[int] = set()
    for count, values in enumerate(read, 1):
        if count > limits.rows:
            raise InvalidManifest(
                f"The manifest has more than {limits.rows} rows. Split it into several batches.", code="too_many_rows"
            )
        yield values if isinstance(values, RowError) else _identified(*values, seen)
    if not count:
        raise InvalidManifest("The manifest has no rows.", code="manifest_empty")


def _values(
    chunks: Iterable[bytes],
    written: ManifestFormat | None,
    fields: Collection[str],
    limits: ManifestLimits,
    form: ManifestForm,
) -> Iterator[_Values]:
    start, chunks = _begun(chunks)
    if start == MAGIC:
        from herald.batches.workbook import sheet_values  # noqa: PLC0415  other manifests need no XML

        form.format = "xlsx"
        return sheet_values(chunks, fields, limits, form)
    lines = read_lines(chunks, limits, form)
    if written == "xlsx":
        next(lines, None)  # raises InvalidManifest for an older or an encrypted workbook
        raise InvalidManifest("The manifest is not an Excel workbook (.xlsx). Send it as CSV, JSONL or .xlsx.")
    if written is None:
        written, lines = _recognized(lines)
    form.format = written
    if written == "csv":
        return _csv_values(read_records(lines, limits, form, partial(count_of, fields=fields)), fields, form)
    return _jsonl_values(read_objects(lines, limits), fields, form)


def _begun(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first bytes, as many as MAGIC has, and all chunks."""
    source, held, start = iter(chunks), list[bytes](), b""
    for chunk in source:
        held.append(chunk)
        start += chunk[: len(MAGIC)]
        if len(start) >= len(MAGIC):
            break
    return start[: len(MAGIC)], chain(held, source)


def _recognized(lines: Iterator[ManifestLine]) -> tuple[ManifestFormat, Iterator[ManifestLine]]:
    """Return the format by the first line that is not blank, and all lines from it on."""
    for number, line in lines:
        if line is None or (begun := line.lstrip()):
            if line is not None and begun.startswith(b"["):
                raise InvalidManifest(
                    f"Line {number} begins a JSON array. Write one object per line, as `jq -c '.[]'` does."
                )
            is_object = line is not None and begun.startswith(b"{")
            return "jsonl" if is_object else "csv", chain([(number, line)], lines)
    return "csv", lines


def _csv_values(records: Iterator[Record | RowError], fields: Collection[str], form: ManifestForm) -> Iterator[_Values]:
    header = next((one for one in records if isinstance(one, RowError) or not _is_blank(one[1])), None)
    if header is None:
        raise InvalidManifest("The manifest is empty.", code="manifest_empty")
    if isinstance(header, RowError):
        raise InvalidManifest(f"The header, on line {header.line}, cannot be parsed. {header.message}")
    places = header_columns(*header, fields, form)
    width, needed = len(header[1]), [(places[name], name) for name in fields]
    for record in records:
        if isinstance(record, RowError):
            yield record
            continue
        line, cells = record
        if _is_blank(cells):
            continue
        if fault := _wrong_length(cells, width, needed):
            at = places.get("id", len(cells))
            row_id = cells[at].strip() if at < len(cells) else ""
            yield RowError(
                line=line, id=row_id if row_id and not _id_fault(row_id) else None, code="ragged_row", message=fault
            )
            continue
        yield line, {name: _plain(cells[at]) for name, at in places.items() if at < len(cells)}


def _wrong_length(cells: list[str], width: int, needed: list[tuple[int, str]]) -> str | None:
    """Return what is wrong with a row whose length differs from the header's, or None if that does not matter."""
    counts = f"The row has {counted(len(cells), 'field')}, the header {width}"
    if len(cells) > width and not _is_blank(cells[width:]):
        return f"{counts}. Quote fields that contain the separator."
    if lost := next((name for at, name in needed if at >= len(cells)), None):
        return f"{counts}: there is none for {{{lost}}}, a field of the template. Add it."
    return None


def _is_blank(cells: list[str]) -> bool:
    return not any(map(str.strip, cells))


def _plain(value: str) -> str:
    """Return a value without Excel's mark of a text."""
    return text[1] if value.startswith("=") and (text := _EXCEL_TEXT.fullmatch(value)) else value


def _jsonl_values(
    objects: Iterator[Object | RowError], fields: Collection[str], form: ManifestForm
) -> Iterator[_Values]:
    by_keys: dict[tuple[str, ...], Columns] = {}
    by_name = defaultdict[str, list[str]](list)
    for name in fields:
        by_name[_comparable(name)].append(name)
    for read in objects:
        if isinstance(read, RowError):
            yield read
            continue
        line, pairs = read
        keys = tuple(name for name, _ in pairs)
        if (columns := by_keys.get(keys)) is None:
            # Rows may all have other keys, so only the fields that could match some of them are compared.
            near = dict.fromkeys(chain.from_iterable(by_name.get(_comparable(column(key)), ()) for key in keys))
            columns = Columns.of(keys, near)
            if not form.columns:
                form.columns, form.used = [*keys], dict(columns.places)
            form.similar |= {name: keys[at] for name, at in columns.similar.items()}
            if len(keys) <= _MOST_KEYS and len(by_keys) < _MOST_FORMS:
                by_keys[keys] = columns
        yield _object_values(line, pairs, columns)


def _comparable(name: str) -> str:
    """Return the same for a field and for each normalized name of a key that matches it."""
    return loose(name) or name


def _object_values(line: int, pairs: list[tuple[str, Any]], columns: Columns) -> _Values:
    """Return the values that are asked for; those of other keys may be of any type."""
    if columns.ambiguous:
        name = next(iter(columns.ambiguous))
        message = f"Two keys of the row have the same name, or similar ones, and match `{name}`. Rename one of them."
        return RowError(line=line, code="invalid_json", message=message)
    values = {}
    for name, at in columns.places.items():
        value = pairs[at][1]
        if value is not None and not isinstance(value, str):
            message = f"The value of `{name}` is neither a string nor a number. Write it as a string."
            return RowError(line=line, code="invalid_value", message=message)
        values[name] = value or ""
    return line, values


def _identified(line: int, values: dict[str, str], seen: set[int]) -> Row | RowError:
    """Return the row with its id, or an error if an earlier row has the same id.

    `seen` contains 8 bytes of BLAKE2b of each earlier id, as an integer, so that a million ids take 70 MB. Two of n ids
    collide with a probability of about n² / 2^65: for a million, once in 37 million manifests.
    """
    name = values.get("id", "").strip() or f"line-{line}"
    if fault := _id_fault(name):
        return RowError(line=line, code="invalid_id", message=fault)
    digest = int.from_bytes(blake2b(folded(name).encode(), digest_size=8).digest())
    if digest in seen:
        message = "An earlier row has the same id, ignoring case. Make each id unique."
        return RowError(line=line, id=name, code="duplicate_id", message=message)
    seen.add(digest)
    return Row(line, name, values)


def _id_fault(row_id: str) -> str | None:
    """Return the message for an invalid id, or None."""
    for at, character in enumerate(row_id, 1):
        if not character.isprintable():
            return f"Character {at:,} of the id is not printable (U+{ord(character):04X}). Remove or replace it."
    if len(row_id) > _LONGEST_ID:
        return f"The id has {len(row_id):,} characters; the limit is {_LONGEST_ID}. Shorten it."
    return None
