"""The table of prices, and how it is changed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from herald.errors import InvalidSettings
from herald.jobs.prices import US_EAST_1


def test_prices_can_be_changed():
    changed = US_EAST_1.changed({"function_call": "0.0000003", "gpu_hour": "3.6"})
    assert changed == replace(US_EAST_1, function_call=Decimal("0.0000003"), gpu_hour=Decimal("3.6"))
    assert changed.gpu_second == Decimal("0.001")


@pytest.mark.parametrize(
    "changes",
    [{"functioncall": "1"}, {"region": "1"}, {"gpu_second": "1"}, {"event": "x"}, {"event": "-1"}, {"event": "NaN"}],
)
def test_what_is_no_price(changes):
    with pytest.raises(InvalidSettings):
        US_EAST_1.changed(changes)
