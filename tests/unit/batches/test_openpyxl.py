"""Workbooks that openpyxl writes are read as openpyxl itself reads them, and as a person sees them."""

import io
from datetime import date, datetime, time, timedelta

import openpyxl

from herald.batches.manifest import read_rows
from herald.batches.manifest_form import ManifestForm

DAYS = ["2026-04-03", "2000-02-29", "1901-01-01"]
COLUMNS = {
    "name": (None, ["Ada", "Zoë\nLovelace", "李明 & Co <1>"], ["Ada", "Zoë\nLovelace", "李明 & Co <1>"]),
    "day": ("dd/mm/yyyy", [date(2026, 4, 3), date(2000, 2, 29), date(1901, 1, 1)], DAYS),
    "at": ("hh:mm", [time(14, 30), time(0, 0, 5), time(9)], ["14:30", "00:00:05", "09:00"]),
    "both": ("yyyy-mm-dd h:mm", [datetime(2026, 4, 3, 9, 5)] * 3, ["2026-04-03 09:05"] * 3),
    "span": ("[h]:mm:ss", [timedelta(minutes=1565), timedelta(0, 1), timedelta(10)], ["26:05", "00:00:01", "240:00"]),
    "price": ('#,##0.00 "€"', [12.5, -0.25, 1234567], ["12.50 €", "-0.25 €", "1234567.00 €"]),
    "accounting": ('_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', [3.5, -3.5, 0], ["$3.50", "-$3.50", "$0.00"]),
    "code": ("00000", [123, 1, 99999], ["00123", "00001", "99999"]),
    "share": ("0.0%", [0.125, 1, -0.5], ["12.5%", "100.0%", "-50.0%"]),
    "plain": (None, [0.1 + 0.2, 10**14, -7], ["0.3", "100000000000000", "-7"]),
    "sure": (None, [True, False, True], ["TRUE", "FALSE", "TRUE"]),
}  # fmt: skip


def made(epoch=openpyxl.utils.datetime.WINDOWS_EPOCH, **options):
    book = openpyxl.Workbook(**options)
    book.epoch = epoch
    sheet = book.create_sheet("People", 0)
    sheet.append(list(COLUMNS))
    for row in zip(*(values for _, values, _ in COLUMNS.values()), strict=True):
        if options:
            sheet.append(row)
            continue
        sheet.append(row)
        for at, (code, _, _) in enumerate(COLUMNS.values(), 1):
            if code:
                sheet.cell(sheet.max_row, at).number_format = code
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def values(data):
    form = ManifestForm()
    rows = list(read_rows([data], None, fields=tuple(COLUMNS), form=form))
    assert form.format == "xlsx"
    return {name: [row.values.get(name) for row in rows] for name in COLUMNS}


def test_values_are_as_a_person_sees_them():
    assert values(made()) == {name: shown for name, (_, _, shown) in COLUMNS.items()}


def test_days_may_count_from_1904():
    read = values(made(openpyxl.utils.datetime.MAC_EPOCH))
    assert read["day"][:2] == ["2026-04-03", "2000-02-29"]


def test_openpyxl_reads_the_same_texts_and_numbers():
    data = made()
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
    theirs = dict(zip(COLUMNS, zip(*sheet.iter_rows(min_row=2, values_only=True), strict=True), strict=True))
    ours = values(data)
    assert list(theirs["name"]) == ours["name"]
    assert [f"{one:.15g}" for one in theirs["plain"]] == ours["plain"]
    assert [f"{one:%Y-%m-%d}" for one in theirs["day"]] == ours["day"]


def test_a_workbook_written_as_a_stream_is_read():
    assert values(made(write_only=True))["name"] == COLUMNS["name"][2]
