"""The table of prices, and its parsing."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest

from herald.errors import InvalidSettings
from herald.pricing.prices import US_EAST_1, parse_prices


def test_prices_can_be_changed():
    changed = US_EAST_1.changed({"function_call": "0.0000003", "gpu_hour": "3.6"})
    assert changed == replace(US_EAST_1, function_call=Decimal("0.0000003"), gpu_hour=Decimal("3.6"))
    assert changed.gpu_second == Decimal("0.001")


@pytest.mark.parametrize(
    "changes",
    [{"functioncall": "1"}, {"gpu_second": "1"}, {"event": "x"}, {"event": "-1"}, {"event": "NaN"}],
)
def test_invalid_prices_are_rejected(changes):
    with pytest.raises(InvalidSettings):
        US_EAST_1.changed(changes)


def test_all_invalid_prices_are_reported_together():
    with pytest.raises(InvalidSettings) as caught:
        US_EAST_1.changed({"functioncall": "1", "event": "x", "notice": "-1"})
    assert all(name in caught.value.message for name in ("functioncall", "event", "notice"))


def test_prices_are_parsed_from_a_parameter():
    changes = parse_prices(" region=eu-central-1, gigabyte_month = 0.0245,")
    assert US_EAST_1.changed(changes) == replace(US_EAST_1, region="eu-central-1", gigabyte_month=Decimal("0.0245"))
    assert parse_prices("") == {}


@pytest.mark.parametrize("text", ["event", "event=", "=1", "event=1;notice=2", "events=1", "event=x"])
def test_malformed_parameters_are_rejected(text):
    with pytest.raises(ValueError, match="price"):
        parse_prices(text)


def test_every_price_has_a_unit_and_a_source():
    table = {name: (dollars, unit, source) for name, dollars, unit, source in US_EAST_1.table()}
    assert table.keys() == {one.name for one in fields(US_EAST_1)} - {"region"}
    for name, (dollars, unit, source) in table.items():
        assert dollars > 0, name
        assert unit, name
        assert source.startswith("aws.amazon.com/"), name
