"""Herald's costs compared with those of another service: the tables of docs/migrate."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from bench.scale.months import ASKED, PRICES
from bench.scale.tables import put
from herald.cli.monthly_cost import total
from herald.pricing.prices import SERVICES

FOLDER = Path(__file__).parents[2] / "docs" / "migrate"
PAGES = {
    "from-openai": ("openai_tts", "openai_tts_hd"),
    "from-polly": ("polly_standard", "polly_neural", "polly_generative"),
    "from-elevenlabs": ("elevenlabs_flash",),
    "from-kokoro-fastapi": (),
}
"""The services of each page, by their names in the price list."""
VOLUMES = (1_000, 10_000, 100_000, 1_000_000)
MARKER = "price"


def markdown(page: str) -> str:
    """Return the table of a page: a month of messages of 200 characters, in US dollars."""
    return "\n".join(_lines(PAGES[page]))


def _lines(services: tuple[str, ...]) -> Iterator[str]:
    ways = [one for one in ASKED.ways() if one.way != "gpu"]
    head = ["messages per month", "characters", *(one.label for one in ways), *(SERVICES[one].name for one in services)]
    yield f"| {' | '.join(head)} |"
    yield f"|{'---:|' * len(head)}"
    for messages in VOLUMES:
        characters = messages * ASKED.characters
        ours = [total(replace(one, messages=messages), PRICES) for one in ways]
        theirs = [SERVICES[name].price(characters) for name in services]
        paid = [f"{Decimal(dollars):,.2f}" for dollars in (*ours, *theirs)]
        yield f"| {' | '.join([f'{messages:,}', f'{characters:,}', *paid])} |"


def write() -> None:
    """Write the tables into the pages that exist."""
    for page in PAGES:
        file = FOLDER / f"{page}.md"
        if file.exists():
            put(file, MARKER, f"{markdown(page)}\n")
