"""herald cost --load-balancer: an Application Load Balancer beside the HTTP API."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from herald.cli import main
from herald.cli.hosting_cost import LoadBalancerCost
from herald.cli.monthly_cost import Question
from herald.jobs.job_price import PriceList

PRICES = PriceList()
SHORT = Question(way="realtime", messages=10_000_000, characters=100)
LONG = replace(SHORT, characters=300)


def test_a_short_message_costs_less_from_some_volume_on():
    found = LoadBalancerCost.of(SHORT, PRICES)
    assert found.from_messages is not None
    less, more = (LoadBalancerCost.of(replace(SHORT, messages=found.from_messages + one), PRICES) for one in (-1, 1))
    assert less.total >= less.http_api
    assert more.total < more.http_api


def test_a_long_message_never_costs_less():
    found = LoadBalancerCost.of(LONG, PRICES)
    assert found.from_messages is None
    assert found.capacity > found.http_api


def test_the_hours_are_those_of_a_month():
    assert LoadBalancerCost.of(SHORT, PRICES).hours == pytest.approx(Decimal("16.425"))


def test_a_small_response_still_costs_its_connection():
    tiny = LoadBalancerCost.of(replace(SHORT, characters=1, messages=90_000), PRICES)
    assert tiny.capacity == pytest.approx(Decimal("0.008"))


def test_a_response_above_the_limit_does_not_fit():
    assert LoadBalancerCost.of(LONG, PRICES).fits
    assert not LoadBalancerCost.of(replace(SHORT, characters=4_000), PRICES).fits


def test_the_command_prints_it(capsys):
    options = ["cost", "--route", "realtime", "--load-balancer", "--messages-a-month", "10000000"]
    assert main(options) == 0
    text = capsys.readouterr().out
    assert "Through an Application Load Balancer: $" in text
    assert "never cheaper than the HTTP API" in text
    assert "larger than a load balancer sends" not in text
    assert main([*options, "--length", "100", "--json"]) == 0
    start = json.loads(capsys.readouterr().out)["load_balancer"]["from_messages"]
    assert start > 10_000_000
    assert main([*options, "--length", "100"]) == 0
    text = capsys.readouterr().out
    assert f"It is cheaper than the HTTP API from {start:,} messages of 100 characters a month on." in text
    assert main([*options, "--length", "4000"]) == 0
    assert "Its responses are larger than a load balancer sends from a function" in capsys.readouterr().out


def test_other_routes_are_refused(capsys):
    assert main(["cost", "--load-balancer"]) != 0
    assert "--route realtime" in capsys.readouterr().err
