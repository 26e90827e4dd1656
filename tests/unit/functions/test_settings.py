"""Settings are validated when a function starts, and all errors are reported together."""

import os
from decimal import Decimal

import pytest

from herald.errors import InvalidSettings
from herald.runtime.container import Dependencies
from herald.runtime.settings import JOBS, Settings


@pytest.fixture
def variables(cloud):
    return dict(os.environ)


def test_all_invalid_variables_are_reported_together(variables):
    wrong = {"HERALD_PRICES": "events=1,notice=x", "HERALD_RETENTION_DAYS": "0"}
    with pytest.raises(InvalidSettings) as raised:
        Settings.read(variables | wrong)
    for part in ("HERALD_PRICES", "HERALD_RETENTION_DAYS", "no price with the name events", "The price notice is not"):
        assert part in raised.value.message


def test_prices_of_a_deployment(variables):
    prices = {"HERALD_PRICES": "region=eu-central-1,gigabyte_month=0.0245,gpu_hour=2"}
    own = Dependencies(Settings.read(variables | prices), interactive=False).prices.prices
    assert (own.region, own.gigabyte_month, own.gpu_hour) == ("eu-central-1", Decimal("0.0245"), Decimal(2))


@pytest.mark.parametrize(("days", "after"), [("0", None), ("60", 60)])
def test_age_at_which_large_files_move(variables, days, after):
    settings = Settings.read(variables | {"HERALD_INFREQUENT_ACCESS_DAYS": days})
    moved = Dependencies(settings, interactive=False).prices.deployment.infrequent_after
    assert (moved and moved.days) == after


def test_required_variable_must_be_set():
    with pytest.raises(InvalidSettings) as raised:
        Settings.read({"HERALD_TABLE": "jobs", "HERALD_MAX_CHARACTERS": "many"}, JOBS, {"key_table"})
    for part in ("HERALD_BUCKET is not set", "HERALD_KEY_TABLE is not set", "HERALD_MAX_CHARACTERS"):
        assert part in raised.value.message
    assert "HERALD_TABLE" not in raised.value.message


def test_required_variable_may_be_empty(variables):
    assert Settings.read(variables | {"HERALD_GPU_QUEUE": ""}, JOBS).gpu_queue == ""
