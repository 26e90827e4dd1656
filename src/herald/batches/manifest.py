"""Read a manifest as a stream of rows and row errors.

Column names are compared without case and surrounding spaces. The columns `id`, `voice`, `format` (or
`response_format`) and `text` are optional; columns that the template does not use are ignored.
"""

from collections.abc import Collection, Iterable, Iterator
from hashlib import blake2b

from herald.batches.manifest_records import ManifestLimits, read_lines, read_objects, read_records
from herald.batches.rows import ManifestFormat, Row, RowError, column, folded
from herald.errors import InvalidManifest

OPTIONAL = ("id", "voice", "format", "text")
_LONGEST_ID = 128
_LIMITS = ManifestLimits()

type _Values = tuple[int, dict[str, str]] | RowError


def read_rows(
    chunks: Iterable[bytes], written: ManifestFormat, *, fields: Collection[str], limits: ManifestLimits = _LIMITS
) -> Iterator[Row | RowError]:
    """Yield the rows of a manifest, in order, with the columns `fields` (normalized by `column`) and OPTIONAL.

    Raise InvalidManifest if the manifest as a whole is unusable: empty, too large, in another encoding, or with a
    header that is invalid or lacks a column of `fields`.
    """
    lines = read_lines(chunks, limits)
    wanted = {*fields, *OPTIONAL}
    if written == "csv":
        read = _csv_values(read_records(lines, limits), fields, wanted)
    else:
        read = _jsonl_values(read_objects(lines, limits), wanted)
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


def _csv_values(
    records: Iterator[tuple[int, list[str]] | RowError], fields: Collection[str], wanted: Collection[str]
) -> Iterator[_Values]:
    header = _header(next(records, None), fields)
    places = [(name, at) for at, name in enumerate(header) if name in wanted]
    for record in records:
        if isinstance(record, RowError):
            yield record
            continue
        line, cells = record
        if len(cells) == len(header):
            yield line, {name: cells[at] for name, at in places}
            continue
        row_id = cells[header.index("id")].strip() if "id" in header[: len(cells)] else ""
        message = f"The row has {len(cells)} fields, the header {len(header)}. Quote fields that contain commas."
        yield RowError(line=line, id=row_id if _is_id(row_id) else None, code="ragged_row", message=message)


def _header(record: tuple[int, list[str]] | RowError | None, fields: Collection[str]) -> list[str]:
    """Return the normalized names of the columns, which must include `fields`."""
    if record is None:
        raise InvalidManifest("The manifest is empty.", code="manifest_empty")
    if isinstance(record, RowError):
        raise InvalidManifest(f"The header, on line {record.line}, cannot be parsed. {record.message}")
    header = [column(name) for name in record[1]]
    first = {name: at for at, name in reversed([*enumerate(header)])}
    for at, name in enumerate(header):
        if not name:
            raise InvalidManifest(f"Column {at + 1} of the header has no name.")
        if first[name] != at:
            raise InvalidManifest(
                f"Columns {first[name] + 1} and {at + 1} of the header have the same name, ignoring case and spaces."
            )
    if missing := next((at for at, name in enumerate(fields, 1) if name not in first), None):
        needed = (
            "`text`, and the batch has no template" if [*fields] == ["text"] else f"field {missing} of the template"
        )
        raise InvalidManifest(f"The header has no column for {needed}.", code="missing_column")
    return header


def _jsonl_values(objects: Iterator[_Values], wanted: Collection[str]) -> Iterator[_Values]:
    for read in objects:
        if isinstance(read, RowError):
            yield read
        else:
            yield read[0], {name: value for name, value in read[1].items() if name in wanted}


def _identified(line: int, values: dict[str, str], seen: set[int]) -> Row | RowError:
    """Return the row with its id, or an error if an earlier row has the same id.

    `seen` contains 8 bytes of BLAKE2b of each earlier id, as an integer, so that a million ids take 70 MB. Two of n ids
    collide with a probability of about n² / 2^65: for a million, once in 37 million manifests.
    """
    name = values.get("id", "").strip() or f"line-{line}"
    if not _is_id(name):
        message = f"The id must be at most {_LONGEST_ID} characters, all printable."
        return RowError(line=line, code="invalid_id", message=message)
    digest = int.from_bytes(blake2b(folded(name).encode(), digest_size=8).digest())
    if digest in seen:
        message = "An earlier row has the same id, ignoring case. Make each id unique."
        return RowError(line=line, id=name, code="duplicate_id", message=message)
    seen.add(digest)
    return Row(line, name, values)


def _is_id(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_ID and text.isprintable()
