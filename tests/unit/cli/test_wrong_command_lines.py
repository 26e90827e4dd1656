"""Nothing that a user can type ends in a traceback. The cases are in wrong_command_lines.txt."""

import io
import re
import shlex
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from herald.cli import main
from tests.support.workbooks import archive, cells, workbook

LINES = Path(__file__).with_name("wrong_command_lines.txt").read_text().splitlines()[1:]
CASES = [(int(line[0]), line[2:]) for line in LINES]


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary.txt").write_bytes(b"\x7fELF\0" + b"code" * 100)
    (tmp_path / "archive.docx").write_bytes(b"PK\x03\x04rest")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "broken.epub").write_bytes(archive({"META-INF/container.xml": "<container>"}))
    (tmp_path / "list.xlsx").write_bytes(workbook({"S": cells([["first_name"], ["Ada"]])}))
    (tmp_path / "letter.rtf").write_bytes(b"{\\rtf1 Hi}")
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"hk_a_b\n")))


def test_there_are_many():
    assert len(CASES) > 60


@pytest.mark.parametrize(("status", "line"), CASES)
def test_a_wrong_command_line_is_explained(status, line, capsys):
    words = [unquote(word) for word in shlex.split(line)]
    assert main(words) == status
    shown = capsys.readouterr().err
    if status == 1:
        assert re.fullmatch(r"herald: [^\n]+\n", shown), shown
    else:
        assert shown.startswith("Usage: herald")
