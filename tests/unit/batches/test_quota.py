"""The characters of a batch are counted once, at planning; a batch over the quota fails."""

from datetime import date

import pytest

from herald.auth.caller import Caller
from herald.batches.batch import BatchState
from herald.errors import Forbidden, Unavailable
from tests.support.batch_services import Batches
from tests.support.job_services import NOON

LIMITED = Caller(tenant="acme", key="aaaaaaaaaaaa", characters_a_day=100)
UNLIMITED = Caller(tenant="acme", key="bbbbbbbbbbbb", tier="vip")
TODAY = date(2026, 11, 22)


@pytest.fixture
def batches():
    return Batches()


def counted(batches):
    used = batches.counters.days("acme", [TODAY], NOON).get(TODAY)
    return used.characters if used else 0


def test_a_planned_batch_is_counted(batches):
    batch = batches.planned("Ann,noon", "Ben,one", caller=UNLIMITED)
    assert counted(batches) == batches.row(batch).characters > 0
    used = batches.counters.days("acme", [TODAY], NOON)[TODAY]
    assert (used.requests, used.by_account) == (1, {UNLIMITED.key: used.characters})


def test_an_unplanned_batch_is_not_counted(batches):
    batches.send("Ann,noon", caller=UNLIMITED)
    assert counted(batches) == 0


def test_a_retried_plan_is_counted_once(batches):
    batch = batches.send("Ann,noon", caller=LIMITED)
    batches.table.faults.after("change", Unavailable("Died."))
    with pytest.raises(Unavailable):
        batches.plan(batch)
    for _ in range(3):
        batches.plan(batch)
    assert batches.row(batch).state is BatchState.SPEAKING
    assert counted(batches) == batches.row(batch).characters


def test_a_batch_is_counted_once_if_planning_dies_after_counting(batches):
    batch = batches.send("Ann,noon", "Ben,one", caller=LIMITED)
    batches.counters.faults.after("count_once", Unavailable("Died."))
    with pytest.raises(Unavailable):
        batches.plan(batch)
    before = counted(batches)
    batches.plan(batch)
    assert batches.row(batch).state is BatchState.SPEAKING
    assert counted(batches) == before == batches.row(batch).characters


def test_a_batch_over_the_quota_fails(batches):
    batch = batches.planned(*["Ann,noon"] * 5, caller=LIMITED)
    row = batches.row(batch)
    assert (row.state, row.error.code) == (BatchState.FAILED, "quota_exceeded")
    assert row.error.message.startswith("The batch has ")
    assert "Send fewer rows" in row.error.message
    assert "midnight UTC" in row.error.message
    assert counted(batches) == 0
    assert batches.plan(batch).chunks == 0


def test_the_second_of_two_batches_over_the_quota_fails(batches):
    states = [batches.row(batches.planned("Ann,noon", "Ben,one", caller=LIMITED)).state for _ in range(2)]
    assert states == [BatchState.SPEAKING, BatchState.FAILED]


def test_a_batch_with_too_many_invalid_rows_is_not_counted(batches):
    batch = batches.planned("Ann,", "Ben,", caller=UNLIMITED)
    assert batches.row(batch).error.code == "too_many_failures"
    assert counted(batches) == 0


def test_a_redrive_is_not_counted(batches):
    batch = batches.planned("Ann,noon", "Ben,one", "Cid,two", caller=UNLIMITED, tolerated_failure_percent=100)
    before = counted(batches)
    batches.finish(batch)
    batches.batch_service.redrive(batch.id, tenant="acme")
    batches.plan(batch)
    assert batches.row(batch).state is BatchState.SPEAKING
    assert counted(batches) == before


@pytest.mark.parametrize(
    ("caller", "priority", "tier"),
    [
        (UNLIMITED, None, "vip"),
        (UNLIMITED, "standard", "standard"),
        (LIMITED, None, "standard"),
        (LIMITED, "standard", "standard"),
    ],
)
def test_a_batch_defaults_to_its_callers_tier(batches, caller, priority, tier):
    assert batches.submit(caller=caller, priority=priority).order.priority == tier


def test_a_standard_key_cannot_submit_a_vip_batch(batches):
    with pytest.raises(Forbidden) as rejected:
        batches.submit(caller=LIMITED, priority="vip")
    assert rejected.value.code == "priority_not_allowed"


def test_an_explicit_default_priority_is_the_same_request(batches):
    first = batches.submit(caller=UNLIMITED, key="k")
    assert batches.submit(caller=UNLIMITED, key="k", priority="vip").id == first.id
