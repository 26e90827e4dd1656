"""The cost of workers in a cluster, compared with calculations by hand."""

import json
from decimal import Decimal

import pytest

from herald.cli import main
from herald.cli.hosting_cost import ClusterCost
from herald.cli.monthly_cost import Question, total
from herald.jobs.job_price import PriceList

PRICES = PriceList()
HOUR, CLUSTER = 0.08925, 73.0
SECONDS = 300 / 16.8 * 0.040 + 0.1
"""Of a processor, for a message of 300 characters with the default voice."""


def cost(messages=1_000_000, utilisation=0.6, **changes):
    return ClusterCost.of(Question(messages=messages, **changes), PRICES, utilisation)


def test_nodes_cost_the_time_of_synthesis_at_their_utilisation():
    assert float(cost().nodes) == pytest.approx(1_000_000 * SECONDS / 2 / 0.6 * HOUR / 3_600, rel=1e-6)
    assert float(cost().cluster) == pytest.approx(CLUSTER)
    assert cost(remembered=0.5).nodes == cost().nodes / 2


def test_the_rest_is_the_bill_without_the_functions_workers():
    on_lambda = SECONDS * 1_769 / 1_024 * 0.0000166667 + 0.0000002
    expected = float(total(Question(messages=1_000_000), PRICES)) - 1_000_000 * on_lambda
    assert float(cost().rest) == pytest.approx(expected, rel=0.001)
    assert cost().total == cost().cluster + cost().nodes + cost().rest


def test_at_the_break_even_both_cost_the_same():
    messages = cost().from_messages
    here = Question(messages=messages)
    difference = cost(messages).total - total(here, PRICES)
    assert abs(difference) < Decimal("0.01")
    assert cost(messages * 2).total < total(Question(messages=messages * 2), PRICES)


def test_idle_nodes_are_never_cheaper():
    assert cost(utilisation=0.3).from_messages is None


def test_the_command(capsys):
    assert main(["cost", "--cluster", "--messages-a-month", "20000000"]) == 0
    assert "$73.00 for the cluster" in capsys.readouterr().out
    assert main(["cost", "--cluster", "--utilisation", "0.3"]) == 0
    assert "never cheaper than the function" in capsys.readouterr().out
    assert main(["cost", "--cluster", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["cluster"]
    assert found["cluster"] == pytest.approx(CLUSTER)
    assert found["from_messages"] > 1_000_000


def test_only_jobs_can_be_processed_by_a_cluster(capsys):
    assert main(["cost", "--cluster", "--route", "batch"]) == 1
    assert "--route queue" in capsys.readouterr().err
