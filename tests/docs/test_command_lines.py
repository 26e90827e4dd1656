"""Commands that pages and messages show exist, and hints to install name Herald's own extras."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from herald.cli import main

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("*/README.md")]
SOURCES = [*PAGES, *ROOT.glob("src/**/*.py"), *ROOT.glob("src/**/*.jsonl"), *ROOT.glob("gpu/*.py")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def commands(page):
    """Return the command lines `herald ...` in the shell blocks of a page, without the shell around them."""
    for block in re.findall(r"^```(?:sh|bash|shell)\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if found := re.search(
                r"(?:^ *|/|\$\()herald ((?:\"[^\"]*\"|'[^']*'|[^|>)#'\"])+)", line.partition(" #")[0]
            ):
                yield shlex.split(found[1])


SHOWN = [(page.name, words) for page in PAGES for words in commands(page)]


def test_pages_show_commands():
    assert len(SHOWN) > 30


@pytest.mark.parametrize(("page", "words"), SHOWN, ids=[f"{page}: {' '.join(words)}" for page, words in SHOWN])
def test_shown_commands_and_options_exist(page, words, capsys):
    """An unknown command or option fails before --help is printed."""
    assert main([*words, "--help"]) == 0, capsys.readouterr().err


def test_hints_to_install_name_extras_of_this_project():
    named = {
        (file.name, hint)
        for file in SOURCES
        for hint in re.findall(r"pip install(?: --python \S+)?(?: -e)? '?([\w.-]+(?:\[\w+\])?)", file.read_text())
    }
    assert named
    extras = {f"[{extra}]" for extra in PROJECT["optional-dependencies"]}
    ours = {"."} | {f".{extra}" for extra in extras}
    assert {(file, hint) for file, hint in named if hint not in ours} == set()
