"""docs/architecture.md: the steps in the life of a request are those of a real one."""

import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

from herald.auth.api_keys import KeySettings
from herald.functions import authorizer, speech
from herald.runtime.function import Handler
from tests.support.http_events import JSON, as_json, event_of
from tests.unit.conftest import voices_folder
from tests.unit.functions.conftest import Context, clients, cloud, counters, doors, environment, event

__all__ = ["clients", "cloud", "counters", "doors", "environment", "voices_folder"]
"""Fixtures."""
SOURCE = Path(__file__).parents[2] / "src" / "herald"
PAGE = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text()
WALK = PAGE.partition("## The life of a request\n")[2].partition("\n## ")[0]
STEPS = re.findall(r"^\d\. \*\*(\w+)\.\*\* (.*?)(?=^\d\. |\n\n)", WALK, re.MULTILINE | re.DOTALL)


def names(text):
    """Return the dotted names of Herald in a text."""
    return re.findall(r"`(herald(?:\.\w+)+)`", text)


def called(name):
    """Return the name of the function that runs when the object of a dotted name is called; None for a module."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        if length == len(parts):
            return None
        if isinstance(found, Handler):
            return "herald.runtime.function.Handler.__call__"
        return f"{name}.__init__" if isinstance(found, type) else name
    raise AssertionError(name)


@pytest.fixture
def walked(cloud, doors):
    """The functions that a request calls, in order, from its key to its audio."""
    seen = []

    def note(frame, kind, _):
        if kind == "call" and (module := frame.f_globals.get("__name__", "")).startswith("herald."):
            seen.append(f"{module}.{frame.f_code.co_qualname}")

    key = str(doors.create(KeySettings(tenant="acme"))[1])
    asked = event("authorizer__valid_key")
    asked["headers"] |= {"authorization": f"Bearer {key}"}
    sys.setprofile(note)
    try:
        admitted = authorizer.handler(asked, Context())
        body = as_json({"input": "Guten Tag."})
        answer = speech.handler(event_of("POST", "/v1/audio/speech", JSON, body, admitted["context"]), Context())
    finally:
        sys.setprofile(None)
    assert answer["statusCode"] == 200
    assert answer["isBase64Encoded"]
    return seen


def test_a_request_takes_the_steps_in_their_order(walked):
    assert 5 <= len(STEPS) <= 8
    at = 0
    for step, text in STEPS:
        expected = [name for name in map(called, names(text)) if name]
        assert expected, step
        for name in expected:
            assert name in walked[at:], f"{step}: {name} is not called, or earlier than the page says"
            at = walked.index(name, at)


def test_a_script_is_resolved_once(walked):
    assert walked.count("herald.jobs.resolve.Resolver.resolve") == 1
    assert walked.count("herald.jobs.resolve.Resolver.script") == 1


def test_the_table_of_packages_has_every_folder():
    table = PAGE.partition("## Packages\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `herald\.(\w+)` \| (.*)$", table, re.MULTILINE))
    folders = {path.parent.relative_to(SOURCE).parts for path in SOURCE.rglob("*.py")} - {()}
    missing = [
        folder
        for folder in folders
        if not (row := rows.get(folder[0])) or any(f"`{part}`" not in row for part in folder[1:])
    ]
    assert not missing


@pytest.mark.parametrize(
    "package", ["auth", "pricing", "enrolment", "disclosure", "jobs", "batches", "aws", "runtime", "web"]
)
def test_the_table_of_packages_names_modules_that_exist(package):
    (row,) = re.findall(rf"^\| `herald\.{package}` \| ([^|]*) \|", PAGE, re.MULTILINE)
    there = {path.stem for path in (SOURCE / package).iterdir()}
    assert {name for name in re.findall(r"`([a-z_]+)`", row) if name not in there} == set()


@pytest.mark.parametrize("package", ["speech/reading", "speech/ssml", "speech/lexicons"])
def test_the_guide_of_a_package_names_files_that_exist(package):
    guide = (SOURCE / package / "__init__.py").read_text()
    listed = re.findall(r"^    ([a-z_]+(?:\.py|\.bin|/))  ", guide, re.MULTILINE)
    assert len(listed) > 2
    assert [name for name in listed if not (SOURCE / package / name).exists()] == []


@pytest.mark.parametrize("name", sorted({*names(PAGE)}))
def test_every_name_on_the_page_exists(name):
    called(name)
