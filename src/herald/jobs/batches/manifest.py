"""A manifest, read once and as a stream: each row, or why it is none. InvalidManifest for what has no rows to speak of.

The names of columns are compared without case and spaces around them. `id`, `voice`, `format` (or `response_format`)
and `text` may be among them; columns that nobody asks for are not looked at.
"""

from collections.abc import Collection, Iterable, Iterator
from hashlib import blake2b

from herald.errors import InvalidManifest
from herald.jobs.batches.lines import Limits, read_lines
from herald.jobs.batches.objects import read_objects
from herald.jobs.batches.records import read_records
from herald.jobs.batches.rows import ManifestFormat, Row, RowError, column, folded

OPTIONAL = ("id", "voice", "format", "text")
_LONGEST_ID = 128
_LIMITS = Limits()

type _Read = tuple[int, dict[str, str]] | RowError


def read_rows(
    chunks: Iterable[bytes], written: ManifestFormat, *, fields: Collection[str], limits: Limits = _LIMITS
) -> Iterator[Row | RowError]:
    """The rows of a manifest, in order, with the columns `fields` (as `column` writes them) and the optional ones."""
    lines = read_lines(chunks, limits)
    wanted = {*fields, *OPTIONAL}
    if written == "csv":
        read = _by_column(read_records(lines, limits), fields, wanted)
    else:
        read = _wanted(read_objects(lines, limits), wanted)
    yield from _at_most(_identified(read), limits.rows)


def _by_column(
    records: Iterator[tuple[int, list[str]] | RowError], fields: Collection[str], wanted: Collection[str]
) -> Iterator[_Read]:
    header = _header(next(records, None))
    _check_columns({*header}, fields)
    places = [(name, at) for at, name in enumerate(header) if name in wanted]
    for record in records:
        if isinstance(record, RowError):
            yield record
        elif len(record[1]) != len(header):
            yield _ragged(*record, header)
        else:
            yield record[0], {name: record[1][at] for name, at in places}


def _header(record: tuple[int, list[str]] | RowError | None) -> list[str]:
    if record is None:
        raise InvalidManifest("The manifest is empty.", code="manifest_empty")
    if isinstance(record, RowError):
        raise InvalidManifest(f"The header, in line {record.line}, cannot be read. {record.message}")
    header = [column(name) for name in record[1]]
    first = {name: at for at, name in reversed([*enumerate(header)])}
    for at, name in enumerate(header):
        if not name:
            raise InvalidManifest(f"Column {at + 1} of the header has no name.")
        if first[name] != at:
            raise InvalidManifest(
                f"Columns {first[name] + 1} and {at + 1} of the header have one name; case and spaces do not count."
            )
    return header


def _check_columns(header: Collection[str], fields: Collection[str]) -> None:
    missing = next((at for at, name in enumerate(fields, 1) if name not in header), None)
    if missing:
        what = "`text`, and there is no template" if [*fields] == ["text"] else f"field {missing} of the template"
        raise InvalidManifest(f"The header has no column for {what}.", code="missing_column")


def _ragged(line: int, there: list[str], header: list[str]) -> RowError:
    own = there[header.index("id")].strip() if "id" in header[: len(there)] else ""
    message = f"The row has {len(there)} fields, the header {len(header)}. Quote fields that hold commas."
    return RowError(line=line, id=own if own and _is_id(own) else None, code="ragged_row", message=message)


def _wanted(objects: Iterator[_Read], wanted: Collection[str]) -> Iterator[_Read]:
    for read in objects:
        if isinstance(read, RowError):
            yield read
        else:
            yield read[0], {name: value for name, value in read[1].items() if name in wanted}


def _identified(read: Iterator[_Read]) -> Iterator[Row | RowError]:
    """Rows with an id each; of two rows with one id, the later is an error."""
    taken: set[int] = set()
    for one in read:
        yield one if isinstance(one, RowError) else _with_id(*one, taken)


def _with_id(line: int, values: dict[str, str], taken: set[int]) -> Row | RowError:
    name = values.get("id", "").strip() or f"line-{line}"
    if not _is_id(name):
        message = f"An id is up to {_LONGEST_ID} printable characters."
        return RowError(line=line, code="invalid_id", message=message)
    if (digest := _digest(name)) in taken:
        message = "A row before it has the same id; case does not count."
        return RowError(line=line, id=name, code="duplicate_id", message=message)
    taken.add(digest)
    return Row(line, name, values)


def _is_id(text: str) -> bool:
    return len(text) <= _LONGEST_ID and text.isprintable()


def _digest(name: str) -> int:
    """Of 8 bytes: a million take 70 MB, and two of a million meet by chance once in 37 million manifests."""
    return int.from_bytes(blake2b(folded(name).encode(), digest_size=8).digest())


def _at_most(rows: Iterator[Row | RowError], most: int) -> Iterator[Row | RowError]:
    count = 0
    for row in rows:
        count += 1
        if count > most:
            raise InvalidManifest(f"The manifest has more than {most} rows. Send it in parts.", code="too_many_rows")
        yield row
    if not count:
        raise InvalidManifest("The manifest has no rows.", code="manifest_empty")
