"""Read an Excel workbook (.xlsx) as a stream (ECMA-376, parts 1 and 2), and its rows as those of a manifest.

Only rows that are read are kept in memory, besides the texts that cells share. The parts of a workbook are parsed here
and not by a library, because limits must count while a part is parsed: a row, an attribute or a text of 1 GB is a few
kilobytes in the file.
"""

import posixpath
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import IO, NamedTuple
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from herald.batches.cell_formats import CellFormats, Epoch
from herald.batches.manifest_form import ManifestForm, count_of, header_columns
from herald.batches.manifest_records import ManifestLimits, too_large
from herald.batches.rows import RowError
from herald.batches.sheet_xml import SheetRow, XmlPart, attribute, read_rows_of, read_texts
from herald.errors import InvalidManifest

MOST_WORKBOOK_BYTES = 100_000_000
"""Size of a workbook; documented in docs/limits.md."""
MOST_UNPACKED_BYTES = 1_000_000_000
"""Size of its unpacked parts, each time that they are read."""
_MOST_PARTS = 10_000
_IN_MEMORY = 16_000_000
_SMALL_PART = 5_000_000
"""Bytes of a part other than a worksheet and the shared texts."""
_ENCRYPTED = 1
_MOST_SHEETS = 100
_FAULTS = (BadZipFile, zlib.error, EOFError, ExpatError, ValueError, LookupError, ArithmeticError, NotImplementedError)
"""The exceptions that the standard library raises for damaged files."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A visible worksheet."""

    name: str
    part: str


class Workbook:
    """The worksheets of a workbook."""

    def __init__(self, file: IO[bytes], most_unpacked: int = MOST_UNPACKED_BYTES) -> None:
        """Raise InvalidManifest for a ZIP archive that is not a workbook."""
        self._left = most_unpacked
        self._archive = ZipFile(file)
        self._parts = {info.filename.lower(): info for info in self._archive.infolist()[:_MOST_PARTS]}
        found = self._targets("_rels/.rels", "officeDocument")
        if not found:
            raise InvalidManifest(
                "The manifest is a ZIP archive, but not an Excel workbook. Send CSV, JSONL or .xlsx.",
                code="manifest_compressed",
            )
        self._main = next(iter(found.values()))
        self.epoch = Epoch.SINCE_1900
        self.sheets: list[Sheet] = []
        self._read_main()

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """Yield the rows of a worksheet that have cells, in order."""
        with self._open(sheet.part) as part:
            yield from read_rows_of(part, self._texts, self._formats)

    @cached_property
    def _texts(self) -> list[str]:
        """The texts that cells refer to by number."""
        target = next(iter(self._targets(_relations(self._main), "sharedStrings").values()), None)
        if target is None:
            return []
        with self._open(target) as part:
            return read_texts(part)

    @cached_property
    def _formats(self) -> CellFormats:
        formats = CellFormats(epoch=self.epoch)
        for target in self._targets(_relations(self._main), "styles").values():
            with self._open(target, _SMALL_PART) as part:
                inside = False
                for opened, name, given in part.tags():
                    if name == "cellXfs":
                        inside = opened
                    elif opened and name == "numFmt":
                        formats.codes[int(given["numFmtId"])] = given["formatCode"]
                    elif opened and name == "xf" and inside:
                        formats.styles.append(int(given.get("numFmtId", "0")))
        return formats

    def _read_main(self) -> None:
        """Read the list of worksheets."""
        targets, listed = self._targets(_relations(self._main), "worksheet"), set[str]()
        with self._open(self._main, _SMALL_PART) as part:
            for opened, name, given in part.tags():
                if opened and name == "workbookPr" and given.get("date1904", "0") in {"1", "true"}:
                    self.epoch = Epoch.SINCE_1904
                elif opened and name == "sheet" and given.get("state", "visible") == "visible":
                    target = targets.get(attribute(given, "id") or "")
                    # Excel lists a part once. One that is listed often would be read as often.
                    if target and len(self.sheets) < _MOST_SHEETS and target not in listed:
                        listed.add(target)
                        self.sheets.append(Sheet(name=given.get("name", ""), part=target))

    def _targets(self, relations: str, kind: str) -> dict[str, str]:
        """Return the parts that a part of relationships names, by their id."""
        if relations.lower() not in self._parts:
            return {}
        folder = posixpath.dirname(posixpath.dirname(relations))
        found = {}
        with self._open(relations, _SMALL_PART) as part:
            for opened, name, given in part.tags():
                if opened and name == "Relationship" and given.get("Type", "").endswith(f"/{kind}"):
                    target = given.get("Target", "")
                    path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
                    found[given.get("Id", "")] = posixpath.normpath(path)
        return found

    @contextmanager
    def _open(self, name: str, most: int = MOST_UNPACKED_BYTES) -> Iterator[XmlPart]:
        info = self._parts[name.lower()]
        if info.flag_bits & _ENCRYPTED or info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise NotImplementedError
        # ZipFile never reads more of a part than its directory declares.
        if info.file_size > min(most, self._left):
            raise InvalidManifest(
                "The workbook is too large when it is unpacked. Save the worksheet as CSV UTF-8, or split it.",
                code="manifest_too_large",
            )
        self._left -= info.file_size
        with self._archive.open(info) as opened:
            yield XmlPart(opened)


def _relations(part: str) -> str:
    return f"{posixpath.dirname(part)}/_rels/{posixpath.basename(part)}.rels"


@contextmanager
def opened_workbook(chunks: Iterable[bytes], most: int, most_unpacked: int) -> Iterator[Workbook]:
    """Copy a workbook of up to `most` bytes to a temporary file, and open it; turn its faults into InvalidManifest."""
    with SpooledTemporaryFile(_IN_MEMORY) as file:
        size = 0
        for chunk in chunks:
            size += len(chunk)
            if size > most:
                raise InvalidManifest(
                    f"The workbook is over {most:,} bytes. Save the worksheet as CSV UTF-8, or split it.",
                    code="manifest_too_large",
                )
            file.write(chunk)
        file.seek(0)
        try:
            yield Workbook(file, most_unpacked)
        except _FAULTS:
            raise InvalidManifest(
                "The workbook is damaged, or written in a way that Herald cannot read. Open it in a spreadsheet "
                "program and save it again as .xlsx, or as CSV UTF-8."
            ) from None


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
        sheet, several = _best_sheet(workbook, fields)
        form.sheet = sheet.name if several else None
        at, first = sheet.header, sheet.first
        names = defaultdict[int, list[str]](list)
        for name, column in header_columns(first[at][0], _names(first[at]), fields, form).items():
            names[column].append(name)
        for number, cells, is_hidden, uncalculated in chain(first[at + 1 :], sheet.others):
            form.hidden_rows += is_hidden
            form.uncalculated += uncalculated
            if cells is None:
                yield too_large(number, limits)
                continue
            yield number, {name: text for column, text in cells.items() for name in names.get(column, ())}


class _Found(NamedTuple):
    """A worksheet that was read up to its first rows."""

    name: str
    columns: int
    """Those of the row that has the most."""
    header: int
    """Position of that row in `first`."""
    first: list[SheetRow]
    others: Iterator[SheetRow]


def _best_sheet(workbook: Workbook, fields: Collection[str]) -> tuple[_Found, bool]:
    """Return the first worksheet with the most columns, and whether several have rows. Each is read in one pass."""
    best, count = None, 0
    for sheet in workbook.sheets:
        rows = workbook.rows(sheet)
        first = list(islice(rows, _TITLE_ROWS))
        if not first:
            continue
        count += 1
        found = [count_of([*(cells or {}).values()], fields) for _, cells, *_ in first]
        if best is None or max(found) > best.columns:
            best = _Found(sheet.name, max(found), found.index(max(found)), first, rows)
    if best is None:
        raise InvalidManifest("The workbook has no visible worksheet with rows.", code="manifest_empty")
    return best, count > 1


def _names(row: SheetRow) -> list[str]:
    """Return the cells of a row up to the last one that is not empty."""
    cells = row[1] or {}
    return [cells.get(column, "") for column in range(max(cells, default=-1) + 1)]
