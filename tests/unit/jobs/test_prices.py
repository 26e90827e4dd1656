"""The table of prices, its parsing, and the units that AWS bills."""

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from herald.errors import InvalidSettings
from herald.pricing.prices import US_EAST_1, parse_prices
from herald.pricing.resources import Usage, file_usage, months, response_usage


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


@pytest.mark.parametrize(("size", "requests"), [(0, 1), (524_288, 1), (524_289, 2), (1_048_577, 3)])
def test_a_response_of_the_http_api_counts_as_a_request_for_each_started_512_kb(size, requests):
    assert response_usage(size, streamed=False) == Usage(api_request=requests)


@pytest.mark.parametrize(("size", "gigabytes"), [(0, 0), (6 << 20, 0), ((6 << 20) + (1 << 30), 1)])
def test_the_first_6_mb_of_a_streamed_response_are_free(size, gigabytes):
    assert response_usage(size, streamed=True) == Usage(streamed_gigabyte=gigabytes)


@pytest.mark.parametrize(("kept", "billed"), [(31, 30), (60, 30), (100, 70)])
def test_a_file_in_infrequent_access_is_billed_for_at_least_30_days(kept, billed):
    moved = file_usage(1 << 30, timedelta(days=kept), keep=False, infrequent_after=timedelta(days=30))
    assert moved.infrequent_gigabyte_month == months(timedelta(days=billed))


def test_only_a_kept_file_has_a_tag():
    kept, expiring = (file_usage(1, timedelta(days=90), keep=keep, infrequent_after=None) for keep in (True, False))
    assert (kept.tag_month, expiring.tag_month) == (months(timedelta(days=90)), 0)
