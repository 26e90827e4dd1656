"""A workbook that is too large, or packed in a way that Excel does not use, is refused as a whole."""

import io
from zipfile import ZIP_LZMA, ZipFile

import pytest

from herald.batches.manifest import read_rows
from herald.batches.manifest_form import ManifestForm
from herald.batches.manifest_records import ManifestLimits
from herald.batches.workbook import Workbook
from herald.errors import InvalidManifest
from tests.support.workbooks import cells, workbook

LIST = {"People": cells([["name"], ["Anna"], ["Ben"]])}


def read(data, **limits):
    rows = read_rows([data[:50], data[50:]], None, fields=("name",), limits=ManifestLimits(**limits))
    return [row.values["name"] for row in rows]


def refusal(data, **limits):
    with pytest.raises(InvalidManifest) as refused:
        read(data, **limits)
    return refused.value


def test_a_workbook_over_the_limit_of_a_manifest_is_refused():
    data = workbook(LIST)
    assert read(data, total_bytes=len(data)) == ["Anna", "Ben"]
    error = refusal(data, total_bytes=len(data) - 1)
    assert error.code == "manifest_too_large"
    assert f"over {len(data) - 1:,} bytes" in error.message


def test_a_workbook_that_is_too_large_once_it_is_unpacked_is_refused():
    data = workbook({"People": cells([["name"], ["Anna"]]) + " " * 1_000_000})
    assert len(data) < 10_000
    error = refusal(data, total_bytes=90_000)
    assert error.code == "manifest_too_large"
    assert "when it is unpacked" in error.message


def test_a_worksheet_that_is_listed_often_is_read_once():
    rows, listed = cells([["name"], ["Anna"]]), '<sheet name="S" sheetId="1" r:id="rId1"/>'
    form = f'<workbook xmlns:r="r"><sheets>{listed * 100}</sheets></workbook>'
    data = workbook({"S": rows + " " * 60_000}, replace={"xl/workbook.xml": form})
    assert read(data, total_bytes=10_000) == ["Anna"]


def test_a_part_that_is_read_often_counts_each_time():
    link = '<Relationship Id="r{}" Type="/styles" Target="styles.xml"/>'
    links = "".join(map(link.format, range(100)))
    sheet = '<Relationship Id="rId1" Type="/worksheet" Target="worksheets/sheet1.xml"/>'
    parts = {"xl/_rels/workbook.xml.rels": f"<R>{sheet}{links}</R>", "xl/styles.xml": f"<s>{' ' * 5_000}</s>"}
    data = workbook(LIST, replace=parts)
    assert read(data, total_bytes=100_000) == ["Anna", "Ben"]
    assert refusal(data, total_bytes=40_000).code == "manifest_too_large"


def test_each_worksheet_is_read_in_one_pass(monkeypatch):
    opened, original = [], Workbook.rows
    monkeypatch.setattr(Workbook, "rows", lambda book, sheet: opened.append(sheet.name) or original(book, sheet))
    many = cells([["name"], *([f"N{at}"] for at in range(50))])
    form = ManifestForm()
    rows = read_rows(
        [workbook({"Other": cells([["x"]]), "Empty": "", "A": many, "B": many})], None, fields=("name",), form=form
    )
    assert [row.values["name"] for row in rows] == [f"N{at}" for at in range(50)]
    assert form.sheet == "A"
    assert opened == ["Other", "Empty", "A", "B"]


@pytest.mark.parametrize(("name", "most"), [("_MOST_TEXTS", 2), ("_MOST_TEXT_CHARACTERS", 10)])
def test_a_workbook_with_too_many_different_texts_is_refused(monkeypatch, name, most):
    rows = "".join(f'<row r="{at + 1}"><c r="A{at + 1}" t="s"><v>{at}</v></c></row>' for at in range(3))
    data = workbook({"People": rows}, shared=("name", "Anna", "Ben"))
    assert read(data) == ["Anna", "Ben"]
    monkeypatch.setattr(f"herald.batches.sheet_xml.{name}", most)
    error = refusal(data)
    assert error.code == "manifest_too_large"
    assert "too many different texts" in error.message


def packed_by_lzma(data):
    file = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(file, "w", ZIP_LZMA) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return file.getvalue()


def encrypted(data):
    """Set the flag of encryption of each part in the directory of the archive."""
    entry = b"PK\x01\x02"
    head, *entries = data.split(entry)
    return head + b"".join(entry + one[:4] + bytes([one[4] | 1]) + one[5:] for one in entries)


@pytest.mark.parametrize("pack", [packed_by_lzma, encrypted])
def test_a_workbook_that_is_packed_in_another_way_is_refused(pack):
    error = refusal(pack(workbook(LIST)))
    assert error.code == "invalid_manifest"
    assert "written in a way that Herald cannot read" in error.message


def test_of_many_worksheets_the_first_hundred_are_read():
    sheets = {f"S{at}": cells([["other"], ["x"]]) for at in range(99)}
    assert read(workbook(sheets | LIST)) == ["Anna", "Ben"]
    error = refusal(workbook(sheets | {"S99": cells([["other"]])} | LIST))
    assert error.code == "missing_column"
