"""Nothing that a user can type ends in a traceback. The cases are in wrong_command_lines.txt."""

import re
import shlex
from pathlib import Path

import pytest

from herald.cli import main

LINES = Path(__file__).with_name("wrong_command_lines.txt").read_text().splitlines()[1:]
CASES = [(int(line[0]), line[2:]) for line in LINES]


@pytest.fixture(autouse=True)
def files(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary.txt").write_bytes(b"\x7fELF\0" + b"code" * 100)
    (tmp_path / "archive.docx").write_bytes(b"PK\x03\x04rest")
    (tmp_path / "empty.txt").touch()


def test_there_are_many():
    assert len(CASES) > 60


@pytest.mark.parametrize(("status", "line"), CASES)
def test_a_wrong_command_line_is_explained(status, line, capsys):
    words = [word.replace("%00", "\0") for word in shlex.split(line)]
    assert main(words) == status
    shown = capsys.readouterr().err
    if status == 1:
        assert re.fullmatch(r"herald: [^\n]+\n", shown), shown
    else:
        assert shown.startswith("Usage: herald")
