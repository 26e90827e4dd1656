"""Read the rows of an Excel workbook as those of a manifest."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice

from herald.batches.manifest_columns import count_of, header_columns
from herald.batches.manifest_form import ManifestForm
from herald.batches.manifest_records import ManifestLimits, too_large
from herald.batches.rows import RowError
from herald.batches.sheet_xml import SheetRow
from herald.batches.workbook import MOST_UNPACKED_BYTES, MOST_WORKBOOK_BYTES, Sheet, Workbook, opened_workbook
from herald.errors import InvalidManifest

_UNPACKED = 10
"""How much larger the XML of a workbook is than the same list as CSV."""
_TITLE_ROWS = 10
"""Rows in which the header is searched, because titles may precede it."""


def sheet_values(
    chunks: Iterable[bytes], fields: Collection[str], limits: ManifestLimits, form: ManifestForm
) -> Iterator[tuple[int, dict[str, str]] | RowError]:
    """Yield the number of each row that is not empty, and its texts by the names of `fields` and OPTIONAL.

    Of several worksheets, the first with the most of these columns is read. Raise InvalidManifest for a workbook that
    is damaged, too large, empty, or lacks a column.
    """
    most, unpacked = min(limits.total_bytes, MOST_WORKBOOK_BYTES), limits.total_bytes * _UNPACKED
    with opened_workbook(chunks, most, min(unpacked, MOST_UNPACKED_BYTES)) as workbook:
        sheets = [sheet for sheet in workbook.sheets if next(workbook.rows(sheet), None)]
        if not sheets:
            raise InvalidManifest("The workbook has no visible worksheet with rows.", code="manifest_empty")
        sheet = max(sheets, key=lambda sheet: _columns_found(workbook, sheet, fields)) if sheets[1:] else sheets[0]
        form.sheet = sheet.name if sheets[1:] else None
        rows = workbook.rows(sheet)
        first = list(islice(rows, _TITLE_ROWS))
        at = max(range(len(first)), key=lambda at: count_of(_names(first[at]), fields))
        names = defaultdict[int, list[str]](list)
        for name, column in header_columns(first[at][0], _names(first[at]), fields, form).items():
            names[column].append(name)
        for number, cells, is_hidden in chain(first[at + 1 :], rows):
            form.hidden_rows += is_hidden
            if cells is None:
                yield too_large(number, limits)
                continue
            yield number, {name: text for column, text in cells.items() for name in names.get(column, ())}


def _columns_found(workbook: Workbook, sheet: Sheet, fields: Collection[str]) -> int:
    return max(count_of(_names(row), fields) for row in islice(workbook.rows(sheet), _TITLE_ROWS))


def _names(row: SheetRow) -> list[str]:
    """Return the cells of a row up to the last one that is not empty."""
    cells = row[1] or {}
    return [cells.get(column, "") for column in range(max(cells, default=-1) + 1)]
