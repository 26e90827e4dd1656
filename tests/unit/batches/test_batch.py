"""The batch model: state transitions, counts, expected end and SLA."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from pydantic import ValidationError

from herald.batches import batch as states_module
from herald.batches.batch import ENDS, MOVES, REDRIVEN, Batch, BatchState, Counts, is_id, key_id, new_id, sources
from herald.batches.batch_events import BatchEnded, Sla
from herald.batches.items import Tally
from herald.errors import WrongBatchState
from tests.support.batch_samples import NOON, batch

NUMBERS = st.integers(0, 20)
HOUR = timedelta(hours=1)


@st.composite
def all_counts(draw):
    ends = [draw(NUMBERS) for _ in range(4)]
    return Counts(
        rows=sum(ends) + draw(NUMBERS), **dict(zip(["row_errors", "done", "failed", "cancelled"], ends, strict=True))
    )


@given(all_counts())
def test_counts_add_up(counts):
    dumped = counts.model_dump()
    assert dumped.pop("rows") == sum(dumped.values())
    assert set(dumped) == {"row_errors", "done", "failed", "cancelled", "waiting"}
    assert Counts.model_validate_json(counts.model_dump_json()) == counts
    assert 0 <= counts.progress <= 1
    closed, reopened = counts.closed(), counts.reopened()
    assert (closed.waiting, closed.rows, closed.done) == (0, counts.rows, counts.done)
    assert (reopened.waiting, reopened.done) == (counts.rows - counts.row_errors - counts.done, counts.done)


@given(all_counts(), st.sampled_from(["row_errors", "done", "failed", "cancelled"]))
def test_more_results_than_rows_are_rejected(counts, name):
    dumped = counts.model_dump(exclude={"waiting"})
    with pytest.raises(ValidationError):
        Counts(**dumped | {name: dumped[name] + counts.waiting + 1})


@pytest.mark.parametrize(
    ("bad", "percent", "over"),
    [(300, 3, False), (301, 3, True), (1, 0, True), (0, 0, False), (10_000, 100, False), (299, 2.99, False)],
)
def test_tolerated_failures(bad, percent, over):
    assert Counts(rows=10_000, row_errors=bad).over(percent) is over
    assert Counts(rows=10_000, failed=bad).over(percent) is over
    assert Counts(rows=10_000, failed=bad // 2, row_errors=bad - bad // 2).over(percent) is over


class Lives(RuleBasedStateMachine):
    """Applies all operations in any order, with skewed clocks."""

    def __init__(self):
        super().__init__()
        self.batch = batch()
        self.now = NOON
        self.history = [BatchState.CREATED]

    def apply(self, action):
        before = self.batch
        try:
            after = action(before)
        except WrongBatchState:
            return
        assert (after.state in MOVES[before.state]) or (before.state in REDRIVEN and after.redrives > before.redrives)
        assert after.updated_at >= before.updated_at
        self.batch = after

    def clock(self, skew):
        self.now += timedelta(seconds=1)
        return self.now + timedelta(minutes=skew)

    @rule(to=st.sampled_from([*BatchState]), skew=st.integers(-10, 10))
    def move(self, to, skew):
        self.apply(lambda one: one.moved(to, at=self.clock(skew)))

    @rule(errors=NUMBERS, items=NUMBERS, skew=st.integers(-10, 10))
    def plan(self, errors, items, skew):
        tally = Tally(row_errors=errors, items=items, chunks=items, characters=items)
        self.apply(lambda one: one.planned(tally, at=self.clock(skew)))

    @precondition(lambda self: self.batch.state is BatchState.SPEAKING)
    @rule(data=st.data(), skew=st.integers(-10, 10))
    def finish(self, data, skew):
        waiting = self.batch.counts.waiting
        done = data.draw(st.integers(0, waiting))
        failed = data.draw(st.integers(0, waiting - done))
        counts = self.batch.counts
        counts = counts.model_copy(update={"done": counts.done + done, "failed": counts.failed + failed})
        self.apply(lambda one: one.finished(counts, at=self.clock(skew), price=Decimal(1)))
        assert self.batch.state is (BatchState.FAILED if self.batch.counts.over(5.0) else BatchState.DONE)

    @rule(skew=st.integers(-10, 10))
    def redrive(self, skew):
        could = self.batch.state in REDRIVEN and self.batch.counts.failed + self.batch.counts.cancelled
        self.apply(lambda one: one.redriven(at=self.clock(skew)))
        assert not could or self.batch.state is BatchState.SPEAKING or self.batch.speaking_at is None

    @invariant()
    def holds(self):
        one = self.batch
        assert one.ended == (one.state in ENDS) == (one.ended_at is not None) == (not one.published)
        assert not one.ended or one.counts.waiting == 0
        assert one.created_at <= (one.begun_at or one.created_at) <= one.updated_at
        assert not one.ended_at or one.ended_at >= (one.speaking_at or one.created_at)
        assert one.error is None or one.state is BatchState.FAILED
        assert Batch.model_validate_json(one.model_dump_json()) == one


TestLives = Lives.TestCase


def test_documented_diagram_matches_the_transitions():
    for state in BatchState:
        assert state.value in states_module.__doc__
    assert {state for state, targets in MOVES.items() if not targets} == ENDS
    assert sources(BatchState.SPEAKING) == {BatchState.PLANNING}
    assert sources(BatchState.CANCELLED) == {BatchState.CREATED, BatchState.PLANNING, BatchState.SPEAKING}
    assert sources(BatchState.DONE) == {BatchState.SPEAKING}


def test_too_many_invalid_rows_fail_the_batch_before_synthesis():
    planning = batch().moved(BatchState.PLANNING, at=NOON)
    assert planning.planned(Tally(row_errors=5, items=95), at=NOON).state is BatchState.SPEAKING
    failed = planning.planned(Tally(row_errors=6, items=94), at=NOON)
    assert (failed.state, failed.error.code) == (BatchState.FAILED, "too_many_failures")
    assert failed.error.message.startswith("Of 100 rows, 6 are invalid, 0 failed and 94 were not processed; ")
    one = planning.planned(Tally(row_errors=1, items=1), at=NOON)
    assert one.error.message.startswith("Of 2 rows, 1 is invalid, 0 failed and 1 was not processed; ")
    assert failed.counts == Counts(rows=100, row_errors=6, cancelled=94)
    with pytest.raises(WrongBatchState):
        failed.redriven(at=NOON)


def test_items_without_a_result_count_as_failures():
    speaking = batch(state="planning").planned(Tally(items=100), at=NOON)
    assert speaking.finished(Counts(rows=100, done=95), at=NOON, price=Decimal(1)).state is BatchState.DONE
    failed = speaking.finished(Counts(rows=100, done=94), at=NOON, price=Decimal(1))
    assert (failed.state, failed.counts.cancelled, failed.price) == (BatchState.FAILED, 6, Decimal(1))
    redriven = failed.redriven(at=NOON + HOUR)
    assert (redriven.state, redriven.counts, redriven.ended_before) == (
        BatchState.SPEAKING,
        Counts(rows=100, done=94),
        94,
    )
    assert (redriven.speaking_at, redriven.ended_at, redriven.error, redriven.redrives) == (NOON + HOUR, None, None, 1)


@pytest.mark.parametrize("state", ["speaking", "cancelled"])
def test_only_a_batch_that_is_done_or_failed_is_redriven(state):
    with pytest.raises(WrongBatchState, match=state):
        speaking(1, 0, failed=1).model_copy(update={"state": BatchState(state)}).redriven(at=NOON)


def test_a_second_attempt_keeps_the_start_times():
    planning = batch().moved(BatchState.PLANNING, at=NOON)
    assert planning.moved(BatchState.PLANNING, at=NOON + HOUR).begun_at == NOON
    speaking = planning.planned(Tally(items=1), at=NOON)
    # A late plan of another attempt must not reset the counts.
    with pytest.raises(WrongBatchState):
        speaking.planned(Tally(items=1), at=NOON)


def speaking(done, waiting, *, failed=0, before=0, **more):
    counts = Counts(rows=done + failed + waiting, done=done, failed=failed)
    return batch(state="speaking", begun_at=NOON, speaking_at=NOON, counts=counts, ended_before=before, **more)


@pytest.mark.parametrize(
    ("one", "after", "expected"),
    [
        (speaking(0, 10), HOUR, None),
        (speaking(5, 5), HOUR, 2 * HOUR),
        (speaking(1, 9), HOUR, 10 * HOUR),
        (speaking(10, 0), HOUR, HOUR),
        (speaking(90, 10, before=80), HOUR, 2 * HOUR),
        (speaking(80, 10, before=80), HOUR, None),
        (speaking(3, 5, failed=2), HOUR, 2 * HOUR),
        (speaking(5, 5), -HOUR, -HOUR),
        (batch(), HOUR, None),
        (batch(state="done", ended_at=NOON + HOUR / 2), HOUR, HOUR / 2),
    ],
)
def test_expected_end(one, after, expected):
    assert one.expected_end(NOON + after) == (None if expected is None else NOON + expected)


def test_progress():
    assert speaking(0, 10).progress == 0
    assert speaking(4, 6).progress == 0.4
    assert batch(counts=Counts(rows=10, row_errors=5, done=2)).progress == 0.4
    assert batch().progress == 0
    assert batch(state="cancelled", counts=Counts(rows=9, cancelled=9)).progress == 1


@pytest.mark.parametrize(
    ("one", "verdict", "reason"),
    [
        (speaking(5, 5), "none", "The batch has no deadline."),
        (speaking(0, 5, deadline=3 * HOUR), "unknown", "No items have finished yet; no estimate is available."),
        (speaking(5, 5, deadline=3 * HOUR), "on_track", "Expected 1:00:00 before the deadline."),
        (speaking(5, 5, deadline=2 * HOUR), "on_track", "Expected 0:00:00 before the deadline."),
        (speaking(2, 8, deadline=3 * HOUR), "at_risk", "Expected 2:00:00 after the deadline."),
        (speaking(5, 5, deadline=HOUR / 2), "missed", "Not done, 0:30:00 after the deadline."),
        (batch(state="done", ended_at=NOON + HOUR, deadline=HOUR), "met", "Done 0:00:00 before the deadline."),
        (batch(state="done", ended_at=NOON, deadline=50 * HOUR), "met", "Done 2 days, 2:00:00 before the deadline."),
        (batch(state="done", ended_at=NOON + 2 * HOUR, deadline=HOUR), "missed", "Done 1:00:00 after the deadline."),
        (batch(state="failed", ended_at=NOON, deadline=HOUR), "missed", "The batch ended as failed."),
        (batch(state="cancelled", ended_at=NOON, deadline=HOUR), "missed", "The batch ended as cancelled."),
    ],
)
def test_sla_verdict(one, verdict, reason):
    sla = Sla.of(one, NOON + HOUR)
    assert (sla.verdict, sla.reason) == (verdict, reason)


def test_ids():
    batch_id = new_id(datetime.now(NOON.tzinfo))
    assert is_id(batch_id)
    assert new_id(NOON) < new_id(NOON + HOUR)
    assert key_id("acme", "k") == key_id("acme", "k") != key_id("acme", "l")
    assert is_id(key_id("acme", "k"))
    assert not any(map(is_id, ["batch_" + "0" * 31, "job_" + "0" * 32, "../" + "0" * 35, f"{batch_id}\n"]))


@pytest.mark.parametrize("state", BatchState)
def test_only_a_batch_that_has_ended_has_an_event(state):
    one = batch(state=state, ended_at=NOON)
    if state in ENDS:
        assert BatchEnded.of(one).detail_type == f"herald.batch.{state.value}"
    else:
        with pytest.raises(ValueError, match=f"A batch in state {state.value} has not ended"):
            BatchEnded.of(one)
