"""A manifest is checked before it is sent, and nothing is sent that would fail."""

import json
from base64 import b64decode
from os import urandom

import pytest

from herald.cli.manifest_check import SAMPLE_BYTES
from tests.support.workbooks import cells, workbook
from tests.unit.cli.conftest import PEOPLE

HELLO = "Hello {first_name}."
WRONG = {"line": 3, "id": "p2", "code": "missing_value", "message": "The row has no value for {first_name}."}
FAILS = {"code": "missing_column", "message": "The header, on line 1, has no column for {nme}."}


def test_the_list_is_previewed_and_not_sent(batch, service, capsys):
    service.preview = {
        "separator": ";",
        "columns": [{"name": "First Name", "field": "first_name"}, {"name": "", "field": None}],
        "remarks": ["The fields are separated by semicolons."],
        "row_errors": 1,
        "errors": [WRONG],
        "examples": [{"line": 2, "text": "Hello on 3/4.", "spoken": "Hello on March fourth."}],
    }
    assert batch("check", "people.csv", "-t", HELLO, "-v", "anna") == 0
    assert capsys.readouterr().out.splitlines() == [
        "format       CSV in UTF-8, separated by semicolons",
        "columns      First Name as first_name, (no name) (not used)",
        "remark       The fields are separated by semicolons.",
        "rows         4, 1 of them invalid",
        "line 3 (p2): The row has no value for {first_name}. (missing_value)",
        "line 2       Hello on 3/4.",
        "  is said    Hello on March fourth.",
        "expected     4 files for about $0.0017, $0.00042 a file, in about 12.3 s",
        "audio        6.0 s, from 64 characters",
    ]
    assert service.asked == ["POST /v1/batches/preview"]
    sample = service.previewed.pop("sample_base64")
    assert b64decode(sample) == PEOPLE.encode()
    assert service.previewed == {"name": "people", "template": HELLO, "voice": "anna", "manifest_format": "csv"}


def test_the_invalid_rows_that_are_not_shown_are_counted(batch, service, capsys):
    service.preview = {"row_errors": 12, "errors": [WRONG]}
    assert batch("check", "people.csv", "-t", HELLO) == 0
    assert capsys.readouterr().out.splitlines()[3:5] == [
        "line 3 (p2): The row has no value for {first_name}. (missing_value)",
        "... and 11 more",
    ]


def test_the_preview_may_be_printed_as_json(batch, service, capsys):
    assert batch("check", "people.csv", "-t", HELLO, "--json") == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 4


def test_what_would_fail_is_status_3(batch, service, capsys):
    service.preview = {"error": FAILS, "estimate": None, "examples": []}
    assert batch("check", "people.csv", "-t", "Hello {nme}.") == 3
    assert capsys.readouterr().out.endswith(
        "error        The header, on line 1, has no column for {nme}. (missing_column)\n"
    )


def test_what_would_fail_is_not_sent(batch, service, capsys):
    service.preview = {"error": FAILS, "row_errors": 22, "errors": [WRONG | {"line": line} for line in range(3, 25)]}
    assert batch("send", "people.csv", "-t", "Hello {nme}.", "--watch") == 1
    shown = capsys.readouterr().err.splitlines()
    assert shown[-1] == f"herald: {FAILS['message']} (missing_column) Nothing was sent."
    assert shown[-2] == "... and 2 more"
    assert len(shown) == 22
    assert service.asked == ["POST /v1/batches/preview"]


def test_invalid_rows_are_told_and_the_rest_is_sent(batch, service, capsys):
    service.preview = {"row_errors": 1, "errors": [WRONG], "remarks": ["The manifest is not UTF-8."]}
    assert batch("send", "people.csv", "-t", HELLO) == 0
    shown = capsys.readouterr().err.splitlines()
    assert shown[:2] == ["The manifest is not UTF-8.", f"line 3 (p2): {WRONG['message']} (missing_value)"]
    assert shown[2].startswith("people.csv: 4 rows, 1 invalid; 4 files for about $0.0017")
    assert service.manifest == PEOPLE.encode()


def test_a_list_without_valid_rows_is_sent_without_an_estimate(batch, service, capsys):
    service.preview = {"estimate": None, "row_errors": 4}
    assert batch("send", "people.csv", "-t", HELLO, "--tolerate", "100") == 0
    assert "people.csv: 4 rows, 4 invalid; nothing to synthesize\n" in capsys.readouterr().err


def test_the_check_may_be_omitted(batch, service):
    assert batch("send", "people.csv", "-t", HELLO, "--no-check") == 0
    assert "POST /v1/batches/preview" not in service.asked


def test_the_folder_is_checked_first(batch, service, tmp_path):
    (tmp_path / "taken").touch()
    assert batch("send", "people.csv", "-t", HELLO, "--download", "taken") == 1
    assert service.asked == []


LINE = "Ada,heute\n"
ROWS = SAMPLE_BYTES // len(LINE) + 50_000


@pytest.fixture
def long(tmp_path):
    """A list of more than a sample, with two invalid rows beyond it and one in it."""
    lines = ["first_name,day\n", *[LINE] * ROWS]
    lines[-2], lines[-1], lines[100] = ",heute\n", "Ada,Zo\xeb,x\n", "Zo\xeb,heute\n"
    (tmp_path / "long.csv").write_bytes("".join(lines).encode("cp1252"))


def test_every_row_of_a_long_list_is_read_here(batch, service, long, capsys):
    service.preview = {"errors": [WRONG], "row_errors": 1, "error": {"code": "too_many_failures", "message": "Of 9"}}
    assert batch("check", "long.csv", "-t", "{first_name} {day}", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["rows"], shown["row_errors"], shown["encoding"]) == (ROWS, 3, "Windows-1252")
    assert shown["error"] is None
    assert [(one["line"], one["code"]) for one in shown["errors"]] == [
        (3, "missing_value"), (ROWS, "missing_value"), (ROWS + 1, "ragged_row"),
    ]  # fmt: skip
    request = service.previewed
    assert (request["is_beginning"], request["rows"]) == (True, ROWS)
    assert len(b64decode(request["sample_base64"])) == SAMPLE_BYTES


def test_a_long_list_may_have_too_many_invalid_rows(batch, service, long, capsys):
    assert batch("check", "long.csv", "-t", "{first_name} {day}", "--tolerate", "0", "--json") == 3
    assert json.loads(capsys.readouterr().out)["error"] == {
        "code": "too_many_failures",
        "message": f"Of {ROWS:,} rows, 2 are invalid; the batch tolerates 0 %.",
    }


def test_a_long_list_with_a_wrong_header_is_refused(batch, service, long, capsys):
    assert batch("check", "long.csv", "-t", "{name}", "--json") == 3
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "missing_column"


def test_a_workbook_is_sent_whole(batch, service, tmp_path, capsys):
    data = workbook({"People": cells([["First Name", "day"], ["Ada", "Monday"]])})
    (tmp_path / "people.xlsx").write_bytes(data)
    service.preview = {"format": "xlsx", "separator": None, "estimate": None}
    assert batch("check", "people.xlsx", "-t", HELLO) == 0
    assert capsys.readouterr().out.startswith("format       Excel workbook\n")
    assert service.previewed["manifest_format"] == "xlsx"
    assert b64decode(service.previewed["sample_base64"]) == data


def test_the_first_rows_of_a_large_workbook_are_sent(batch, service, tmp_path, capsys):
    rows = [["Customers"], ["First Name", "day", "note"], ["Ada", "Monday"], [], ["Zo\xeb", None], ["Abe", "Friday"]]
    (tmp_path / "people.xlsx").write_bytes(workbook({"People": cells(rows)}, replace={"media": urandom(SAMPLE_BYTES)}))
    assert batch("check", "people.xlsx", "-t", "{first_name} {day}", "--tolerate", "50", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["format"], shown["separator"], shown["rows"], shown["row_errors"]) == ("xlsx", None, 3, 1)
    assert [one["field"] for one in shown["columns"]] == ["first_name", "day", None]
    assert [one["line"] for one in shown["errors"]] == [5]
    sample = b64decode(service.previewed["sample_base64"]).decode().split("\n")
    assert service.previewed["manifest_format"] == "jsonl"
    assert [json.loads(line) if line else None for line in sample] == [
        None, None, {"first_name": "Ada", "day": "Monday"}, None, None, {"first_name": "Abe", "day": "Friday"},
    ]  # fmt: skip


def test_a_large_workbook_without_a_valid_row_is_not_called_empty(batch, service, tmp_path, capsys):
    book = workbook(
        {"S": cells([["first_name", "day"], *[[None, "Monday"]] * 3])}, replace={"media": urandom(SAMPLE_BYTES)}
    )
    (tmp_path / "people.xlsx").write_bytes(book)
    service.preview = {"error": {"code": "manifest_empty", "message": "The manifest has no rows."}, "estimate": None}
    assert batch("check", "people.xlsx", "-t", HELLO, "--json") == 3
    assert (service.previewed["is_beginning"], service.previewed["rows"]) == (False, 1)
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["message"] == "Of 3 rows, 3 are invalid; the batch tolerates 5 %."


def test_the_sample_of_a_large_workbook_ends_at_a_row(batch, service, tmp_path):
    """It has whole rows, as many as the deployment previews."""
    rows = [["text"], *([[f"{number} {'a' * 90_000}"] for number in range(12)])]
    (tmp_path / "long.xlsx").write_bytes(workbook({"S": cells(rows)}, replace={"media": urandom(SAMPLE_BYTES)}))
    assert batch("check", "long.xlsx", "--json") == 0
    sample = b64decode(service.previewed["sample_base64"])
    assert SAMPLE_BYTES - 100_000 < len(sample) <= SAMPLE_BYTES
    texts = [json.loads(line)["text"] for line in sample.decode().split("\n") if line]
    assert [text.split()[0] for text in texts] == [str(number) for number in range(11)]


def test_the_first_thousand_invalid_rows_are_listed_and_all_are_counted(batch, service, tmp_path, capsys):
    lines = ["first_name,day", *["Ada,"] * 1_500, *[f"{'a' * 90_000},heute"] * 12]
    (tmp_path / "long.csv").write_text("\n".join(lines))
    assert batch("check", "long.csv", "-t", "{first_name} {day}", "--tolerate", "100", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["row_errors"], len(shown["errors"]), shown["errors"][-1]["line"]) == (1_500, 1_000, 1_001)
