"""Every error is documented and has one status; the page and the API's description say the same of it."""

import inspect
import re
from pathlib import Path

import pytest

from herald import errors
from herald.web.error_replies import status_of
from scripts.openapi.__main__ import with_tables
from scripts.openapi.codes import TABLES, by_code, table
from scripts.openapi.paths import OPERATIONS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "errors.md").read_text()
OF_THE_API = {code: row.status for code, row in by_code().items()}
DOCUMENTED = {row.code for name in TABLES for row in table(name)}
OF_NO_OPERATION = {"method_not_allowed", "response_too_large", "consent_required", "several_samples"}
"""Codes of no operation of Herald's own API: of wrong methods, of a load balancer, and of ElevenLabs' API."""


def leaves(kind):
    below = kind.__subclasses__()
    return [leaf for child in below for leaf in leaves(child)] if below else [kind]


def raised(kind):
    required = [one for one in inspect.signature(kind).parameters.values() if one.default is one.empty]
    return kind(**{one.name: 1 if one.name == "retry_after" else "x" for one in required})


def codes():
    """Each code that the source raises, with its status where a class has it."""
    kinds = [*leaves(errors.HeraldError), errors.BrokenInstallation]  # raised itself, besides its subclasses
    found = {kind.code: int(status_of(raised(kind))) for kind in kinds}
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "gpu").rglob("*.py")]:
        found |= {code: found.get(code) for code in re.findall(r'code="(\w+)"', path.read_text())}
    return found


CODES = codes()


def test_the_page_has_the_tables_of_the_code():
    assert with_tables(PAGE) == PAGE, "run `make openapi`"


def test_a_code_that_only_the_page_knows_is_not_lost():
    with pytest.raises(ValueError, match="no_such_code"):
        with_tables(PAGE.replace("| `invalid_json` |", "| `no_such_code` | 400 | a | b |\n| `invalid_json` |", 1))


@pytest.mark.parametrize("code", CODES)
def test_every_error_is_documented(code):
    assert code in DOCUMENTED, f"scripts/openapi/codes says nothing of {code}"


def test_no_documented_error_is_gone():
    assert set(CODES) >= DOCUMENTED


@pytest.mark.parametrize("name", TABLES)
def test_no_code_stands_twice(name):
    assert len({row.code for row in table(name)}) == len(table(name))


@pytest.mark.parametrize(("code", "status"), OF_THE_API.items())
def test_the_documented_status_is_the_real_one(code, status):
    assert CODES[code] in {None, status}


@pytest.mark.parametrize("code", [code for code, status in CODES.items() if status and status < 500])
def test_what_a_caller_can_mend_is_documented_with_its_status(code):
    assert OF_THE_API.get(code), f"codes/requests.jsonl says nothing of {code}"


def test_every_code_is_of_some_operation():
    assert {code for one in OPERATIONS for code in one.all_codes} == set(OF_THE_API) - OF_NO_OPERATION
