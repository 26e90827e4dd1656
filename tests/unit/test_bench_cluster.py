"""What `python -m bench.cluster` makes of its measurements."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bench.cluster import Measured, Throughput, in_lambda, on_a_node, table
from herald.pricing.prices import US_EAST_1

ALONE = Throughput(processes=1, characters=400.0, audio=24.0)


def test_the_throughput_is_an_average_for_each_processor():
    found = Throughput.of([Measured(100, 10.0, 1.0), Measured(600, 60.0, 2.0)])
    assert found == Throughput(processes=2, characters=200.0, audio=20.0)


def test_a_node_costs_its_time_and_that_in_which_it_does_nothing():
    prices = replace(US_EAST_1, node_hour=Decimal("0.72"))  # $0.0001 a second of each of two processors
    assert on_a_node(ALONE, prices, 1.0) == pytest.approx(Decimal("0.25"))
    assert on_a_node(ALONE, prices, 0.5) == pytest.approx(Decimal("0.50"))


def test_a_function_costs_its_memory():
    prices = replace(US_EAST_1, gigabyte_second_x86_64=Decimal("0.00001024"))
    assert in_lambda(ALONE, prices) == pytest.approx(Decimal(2_500) * 1_769 * Decimal("0.00000001"))


def test_the_table_has_a_row_for_each():
    full = ALONE._replace(processes=2, characters=300.0)
    rows = table(ALONE, full, 0.6)
    assert len(rows) == 4
    assert "| 400 | 24.0 |" in rows[2]
    assert "each of 2 processors, 60% used | 300 |" in rows[3]
