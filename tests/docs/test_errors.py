"""Every error is drawn, documented and has one status."""

import re
from pathlib import Path

import pytest

from herald import errors
from herald.handlers.http import status_of

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "errors.md").read_text()
OF_THE_API = {code: int(status) for code, status in re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE, re.MULTILINE)}
DOCUMENTED = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))


def leaves(kind):
    below = kind.__subclasses__()
    return [leaf for child in below for leaf in leaves(child)] if below else [kind]


def codes():
    """Each code that the source raises, with its status where a class has it."""
    found = {kind.code: int(status_of(kind("x"))) for kind in leaves(errors.HeraldError)}
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "gpu").rglob("*.py")]:
        found |= {code: found.get(code) for code in re.findall(r'code="(\w+)"', path.read_text())}
    return found


CODES = codes()


@pytest.mark.parametrize("code", CODES)
def test_every_error_is_documented(code):
    assert code in DOCUMENTED, f"docs/errors.md says nothing of {code}"


def test_no_documented_error_is_gone():
    assert set(CODES) >= DOCUMENTED


@pytest.mark.parametrize(("code", "status"), OF_THE_API.items())
def test_the_documented_status_is_the_real_one(code, status):
    assert CODES[code] in {None, status}


@pytest.mark.parametrize("code", [code for code, status in CODES.items() if status and status < 500])
def test_what_a_caller_can_mend_is_documented_with_its_status(code):
    assert code in OF_THE_API


def test_the_tree_of_errors_is_drawn_whole():
    names = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert names == set(re.findall(r"^[│├└─ ]*(\w+)", errors.__doc__.partition("\n\n")[2], re.MULTILINE))
