"""The characters of a batch are counted once, when it is planned; what is too much is not spoken."""

from datetime import date

import pytest

from herald.errors import Forbidden, Unavailable
from herald.jobs.batches.states import BatchState
from herald.jobs.caller import Caller
from tests.unit.jobs.batches.services import Batches
from tests.unit.jobs.services import NOON

POOR = Caller(tenant="acme", key="aaaaaaaaaaaa", characters_a_day=100)
RICH = Caller(tenant="acme", key="bbbbbbbbbbbb", tier="vip")
TODAY = date(2026, 11, 22)


@pytest.fixture
def batches():
    return Batches()


def counted(batches):
    used = batches.counters.days("acme", [TODAY], NOON).get(TODAY)
    return used.characters if used else 0


def test_a_planned_batch_is_counted(batches):
    batch = batches.planned("Ann,noon", "Ben,one", caller=RICH)
    assert counted(batches) == batches.row(batch).characters > 0
    used = batches.counters.days("acme", [TODAY], NOON)[TODAY]
    assert (used.requests, used.by_account) == (1, {RICH.key: used.characters})


def test_a_batch_that_is_not_planned_yet_is_not_counted(batches):
    batches.send("Ann,noon", caller=RICH)
    assert counted(batches) == 0


def test_planned_again_it_is_counted_once(batches):
    batch = batches.send("Ann,noon", caller=POOR)
    batches.table.faults.after("change", Unavailable("Died."))
    with pytest.raises(Unavailable):
        batches.plan(batch)
    for _ in range(3):
        batches.plan(batch)
    assert batches.row(batch).state is BatchState.SPEAKING
    assert counted(batches) == batches.row(batch).characters


def test_one_that_died_between_counting_and_its_plan_is_counted_once(batches):
    batch = batches.send("Ann,noon", "Ben,one", caller=POOR)
    batches.counters.faults.after("count_once", Unavailable("Died."))
    with pytest.raises(Unavailable):
        batches.plan(batch)
    before = counted(batches)
    batches.plan(batch)
    assert batches.row(batch).state is BatchState.SPEAKING
    assert counted(batches) == before == batches.row(batch).characters


def test_one_that_is_more_than_the_key_has_left_fails(batches):
    batch = batches.planned(*["Ann,noon"] * 5, caller=POOR)
    row = batches.row(batch)
    assert (row.state, row.error.code) == (BatchState.FAILED, "quota_exceeded")
    assert "midnight UTC" in row.error.message
    assert counted(batches) == 0
    assert batches.plan(batch).chunks == 0


def test_two_that_are_too_much_together_are_one(batches):
    states = [batches.row(batches.planned("Ann,noon", "Ben,one", caller=POOR)).state for _ in range(2)]
    assert states == [BatchState.SPEAKING, BatchState.FAILED]


def test_one_with_too_many_bad_rows_is_not_counted(batches):
    batch = batches.planned("Ann,", "Ben,", caller=RICH)
    assert batches.row(batch).error.code == "too_many_failures"
    assert counted(batches) == 0


def test_what_is_spoken_again_is_counted_no_more(batches):
    batch = batches.planned("Ann,noon", "Ben,one", "Cid,two", caller=RICH, tolerated_failure_percent=100)
    before = counted(batches)
    batches.finish(batch)
    batches.desk.redrive(batch.id, tenant="acme")
    batches.plan(batch)
    assert batches.row(batch).state is BatchState.SPEAKING
    assert counted(batches) == before


@pytest.mark.parametrize(
    ("caller", "asked", "tier"),
    [(RICH, None, "vip"), (RICH, "standard", "standard"), (POOR, None, "standard"), (POOR, "standard", "standard")],
)
def test_a_batch_has_its_callers_tier(batches, caller, asked, tier):
    assert batches.submit(caller=caller, priority=asked).order.priority == tier


def test_a_standard_key_makes_no_vip_batch(batches):
    with pytest.raises(Forbidden) as refused:
        batches.submit(caller=POOR, priority="vip")
    assert refused.value.code == "priority_not_allowed"


def test_left_out_or_said_it_is_the_same_request(batches):
    first = batches.submit(caller=RICH, key="k")
    assert batches.submit(caller=RICH, key="k", priority="vip").id == first.id
