"""The prices that docs/costs.md shows are those that Herald reckons with."""

import re
from decimal import Decimal
from pathlib import Path

from herald.pricing.prices import READ_ON, SERVICES, US_EAST_1

PAGE = (Path(__file__).parents[2] / "docs" / "costs.md").read_text()
NOT_READ_THERE = " [1]"


def rows(head):
    """The cells of the table under a head."""
    table = PAGE.partition(head)[2].partition("\n\n")[0]
    return [re.split(r" \| ", line.strip("| ")) for line in table.splitlines()[2:]]


def test_the_table_of_prices():
    shown = [
        (name.strip("`"), Decimal(dollars), unit, source.removesuffix(NOT_READ_THERE))
        for name, dollars, unit, source in rows("| name | $ | what for | source |")
    ]
    assert shown == [*US_EAST_1.table()]
    assert f"{US_EAST_1.region}, read on {READ_ON}" in PAGE


def test_the_table_of_others():
    shown = [
        (name, Decimal(dollars), source.removesuffix(NOT_READ_THERE))
        for name, dollars, source in rows("| others, a million characters | $ | source |")
    ]
    services = SERVICES.values()
    assert shown == [(one.name, one.usd_per_million, one.source[len("https://") :].rstrip("/")) for one in services]
