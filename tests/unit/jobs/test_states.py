"""The diagram of a job's life, by itself."""

import pytest

from herald.jobs.states import ENDS, LOOK_AFTER, MOVES, NOT_BEGUN, State, sources

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
def test_the_moves(state, targets):
    assert MOVES[state] == targets


def test_every_state_has_its_moves_and_is_looked_after():
    assert set(MOVES) == set(LOOK_AFTER) == set(State)
    assert all(after.total_seconds() > 0 for after in LOOK_AFTER.values())


def test_sources_are_the_moves_backwards():
    assert {(a, b) for b in State for a in sources(b)} == {(a, b) for a in State for b in MOVES[a]}


def test_only_what_has_not_begun_is_cancelled():
    assert sources(C) == NOT_BEGUN


def test_an_end_is_an_end_and_every_other_state_can_be_left_for_it():
    assert {state for state in State if not MOVES[state]} == ENDS
    assert all({D, F} <= MOVES[state] for state in set(State) - ENDS)


def test_nothing_is_accepted_twice():
    assert sources(A) == set()
