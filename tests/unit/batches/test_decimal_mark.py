"""Numbers of workbooks and JSON have the decimal mark of the voice's language, which may group digits by points."""

import io

import openpyxl
import pytest

from herald.batches.manifest import read_rows
from tests.support.batch_samples import planner
from tests.support.voice_catalog import VOICES, voice

GERMAN = "de_DE-thorsten-medium"
DUTCH, WELSH = "nl_NL-mls-medium", "cy_GB-gwryw_gogleddol-medium"
MEXICAN = "es_MX-ald-medium"
SPOKEN = VOICES | {name: voice(name, name[:5]) for name in (GERMAN, DUTCH, WELSH, MEXICAN)}
TEMPLATE = "{weight} and {price} for {code} until {day}."


def worksheet():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "weight", "price", "code", "day", "voice"])
    for name in (GERMAN, "en_GB-alan-low", MEXICAN, "kokoro", None):
        sheet.append([None, 1.5, 12.5, "1.500", "1.2.", name])
        sheet.cell(sheet.max_row, 2).number_format = '0.000" kg"'
        sheet.cell(sheet.max_row, 3).number_format = '#,##0.00 "€"'
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def texts(data, **order):
    plan = planner(voices=SPOKEN, template=TEMPLATE, **order)
    items = [item for part in plan.plan(read_rows([data], None, fields=plan.fields)) for item in part]
    return [item.text for item in sorted(items, key=lambda item: item.line)]


def test_a_cell_has_the_mark_of_its_rows_voice():
    point, comma = (f"1{mark}500 kg and 12{mark}50 € for 1.500 until 1.2.." for mark in ".,")
    assert texts(worksheet()) == [comma, point, point, point, point]
    assert texts(worksheet(), voice=GERMAN) == [comma, point, point, point, comma]


@pytest.mark.parametrize(
    ("name", "said"), [(GERMAN, "1,500"), ("en_GB-alan-low", "1.500"), (DUTCH, "1,500"), (WELSH, "1.500")]
)
def test_so_has_a_number_of_json(name, said):
    row = b'{"weight": 1.500, "price": "1.500", "code": 3, "day": "1.2."}'
    assert texts(row, voice=name) == [f"{said} and 1.500 for 3 until 1.2.."]


def test_an_unknown_voice_is_reported_as_before():
    plan = planner(template="{weight}")
    (error,) = plan.plan(read_rows([b'{"weight": 1.5, "voice": "nobody"}'], None, fields=plan.fields))
    assert error.code == "unknown_voice"
