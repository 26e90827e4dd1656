"""The documents say what the code does."""

import re
from pathlib import Path

import pytest
import yaml

from herald import __version__, errors
from herald.handlers.api import describe
from herald.handlers.http import ROUTES, status_of
from herald.jobs.request import SpeechRequest
from herald.jobs.voices import VoiceNames
from herald.speech.audio.formats import FORMATS
from herald.speech.voices.catalog import piper_info
from tests.unit.conftest import TINY

ROOT = Path(__file__).parents[2]
OPENAPI = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())
SCHEMAS = OPENAPI["components"]["schemas"]


def leaves(kind):
    below = kind.__subclasses__()
    return [leaf for child in below for leaf in leaves(child)] if below else [kind]


def codes():
    """Each code that the source raises, with its status where a class has it."""
    found = {kind.code: int(status_of(kind("x"))) for kind in leaves(errors.HeraldError)}
    for path in (ROOT / "src").rglob("*.py"):
        found |= {code: found.get(code) for code in re.findall(r'code="(\w+)"', path.read_text())}
    return found


@pytest.mark.parametrize(("code", "status"), codes().items())
def test_every_error_is_documented(code, status):
    row = re.search(rf"^\| `{code}` \| (\d+) \|", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE)
    assert row, f"docs/errors.md says nothing of {code}"
    assert status in {None, int(row[1])}


def test_no_documented_error_is_gone():
    assert set(re.findall(r"^\| `(\w+)`", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE)) == set(codes())


def test_the_tree_of_errors_is_drawn_whole():
    names = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert names == set(re.findall(r"^[│├└─ ]*(\w+)", errors.__doc__.partition("\n\n")[2], re.MULTILINE))


def test_openapi_has_the_routes():
    assert {path: next(iter(methods)).upper() for path, methods in OPENAPI["paths"].items()} == ROUTES
    assert OPENAPI["info"]["version"] == __version__


def test_openapi_has_the_fields_and_their_limits():
    documented, real = SCHEMAS["SpeechRequest"]["properties"], SpeechRequest.model_json_schema()["properties"]
    assert set(documented) == set(real)
    for name, field in real.items():
        assert documented[name].get("default") == field.get("default")
        for limit in ("minimum", "maximum", "maxLength"):
            assert documented[name].get(limit) == field.get(limit, documented[name].get(limit))


def test_openapi_has_the_formats():
    assert SCHEMAS["SpeechRequest"]["properties"]["response_format"]["enum"] == list(FORMATS)
    answer = OPENAPI["paths"]["/v1/audio/speech"]["post"]["responses"]["200"]
    assert set(answer["content"]) == {made.media_type for made in FORMATS.values()}
    rates = {rate for made in FORMATS.values() for rate in made.rates}
    assert set(SCHEMAS["SpeechRequest"]["properties"]["sample_rate"]["enum"]) == {None, *rates}


def test_openapi_has_what_a_voice_shows():
    shown = describe(piper_info(TINY), VoiceNames(default="x"))
    assert set(shown) == set(SCHEMAS["Voice"]["properties"]) == set(SCHEMAS["Voice"]["required"])


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")], ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+)", page.read_text()):
        assert link.startswith("https://") or (page.parent / link).exists(), link


def test_documented_make_targets_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        assert set(re.findall(r"^make ([a-z-]+)", page.read_text(), re.MULTILINE)) <= targets
