"""The state machine of a job."""

import pytest

from herald.jobs.job import CANCELLABLE, DUE_AFTER, ENDS, MOVES, State, sources

A, Q, S, W = State.ACCEPTED, State.QUEUED, State.SPEAKING, State.WAITING_FOR_GPU
D, F, C = State.DONE, State.FAILED, State.CANCELLED


@pytest.mark.parametrize(
    ("state", "targets"),
    [
        (A, {Q, S, W, D, F, C}),
        (Q, {Q, S, W, D, F, C}),
        (S, {S, Q, D, F}),
        (W, {W, Q, D, F}),
        (D, set()),
        (F, set()),
        (C, set()),
    ],
)
def test_moves(state, targets):
    assert MOVES[state] == targets


def test_every_state_has_moves_and_a_due_time():
    assert set(MOVES) == set(DUE_AFTER) == set(State)
    assert all(after.total_seconds() > 0 for after in DUE_AFTER.values())


def test_sources_are_the_inverse_of_moves():
    assert {(a, b) for b in State for a in sources(b)} == {(a, b) for a in State for b in MOVES[a]}


def test_only_jobs_that_have_not_begun_can_be_cancelled():
    assert sources(C) == CANCELLABLE


def test_ends_are_final_and_reachable_from_every_other_state():
    assert {state for state in State if not MOVES[state]} == ENDS
    assert all({D, F} <= MOVES[state] for state in set(State) - ENDS)


def test_no_state_leads_to_accepted():
    assert sources(A) == set()
