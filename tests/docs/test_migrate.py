"""The pages for people who come from another service: their tables of prices, and what they promise."""

import pytest

from bench.scale.migration import FOLDER, MARKER, PAGES, markdown
from bench.scale.tables import markers
from herald.jobs.voice_names import OPENAI_VOICES
from herald.web.model_routes import MODELS

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


def test_the_page_for_openai_has_all_names():
    text = page("from-openai")
    assert [name for name in (*MODELS, *OPENAI_VOICES) if f"`{name}`" not in text] == []
