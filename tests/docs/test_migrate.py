"""The pages for people who come from another service: their tables of prices, and what they promise."""

import re

import pytest

from bench.scale.migration import FOLDER, MARKER, PAGES, markdown
from bench.scale.tables import markers
from herald.jobs.voice_names import OPENAI_VOICES
from herald.web.model_routes import MODELS
from tests.docs.snippets import SNIPPETS

CLIENTS = {
    "from-openai": "openai",
    "from-polly": "boto3",
    "from-elevenlabs": "elevenlabs",
    "from-kokoro-fastapi": "openai",
}
"""The package of each vendor whose clients work."""
WRITTEN = sorted(path.stem for path in FOLDER.glob("*.md"))


def page(name):
    return (FOLDER / f"{name}.md").read_text()


@pytest.mark.parametrize("name", WRITTEN)
def test_the_prices_are_those_of_the_price_list(name):
    begin, end = markers(MARKER)
    between = page(name).partition(begin)[2].partition(end)[0]
    assert between.strip() == markdown(name).strip(), "run: python -m bench.scale"


@pytest.mark.parametrize("name", WRITTEN)
def test_a_page_has_the_changed_line_what_maps_what_differs_and_the_price(name):
    assert name in PAGES
    text = page(name)
    assert "```" in text.partition("\n## ")[0], "the changed line comes first"
    for title in ("Differences", "Price"):
        assert f"\n## {title}\n" in text


@pytest.mark.parametrize(("name", "client"), CLIENTS.items())
def test_a_page_begins_with_the_lines_to_type(name, client):
    """They run as they are: tests/docs/test_snippets.py."""
    end = page(name).partition("\n## ")[0].count("\n")
    typed = [one for one in SNIPPETS[f"docs/migrate/{name}.md"] if one.line < end and not one.reason]
    assert typed[0].is_shell
    assert typed[0].code.startswith('eval "$(herald env)"'), "address and key come first"
    code = next(one.code for one in typed if one.language == "python")
    assert f"import {client}" in code or f"from {client} import" in code
    assert re.search(r"HERALD_(STREAM_)?URL", code)
    assert "HERALD_KEY" in code


def test_each_page_has_a_client():
    assert sorted(CLIENTS) == WRITTEN


def test_the_page_for_openai_has_all_names():
    text = page("from-openai")
    assert [name for name in (*MODELS, *OPENAI_VOICES) if f"`{name}`" not in text] == []
