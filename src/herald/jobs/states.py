"""The life of a job: its states, the moves between them, and how long each may last before somebody looks.

accepted ──> queued ──> speaking ──────────> done
                 │  <── (handed back) ──┘    failed
                 └────> waiting_for_gpu ──>  done, failed
cancelled: only from accepted and queued. Nothing leaves done, failed or cancelled.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a job stands."""

    ACCEPTED = "accepted"
    """Written down; no queue knows it yet."""
    QUEUED = "queued"
    SPEAKING = "speaking"
    WAITING_FOR_GPU = "waiting_for_gpu"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDS = frozenset({State.DONE, State.FAILED, State.CANCELLED})
"""States that nothing leaves."""
NOT_BEGUN = frozenset({State.ACCEPTED, State.QUEUED})
"""States in which no work has been done: a job can still be cancelled."""

MOVES: Mapping[State, frozenset[State]] = {
    # A message may be at work before its sender wrote `queued`, so all that can follow queued can follow accepted.
    State.ACCEPTED: frozenset(State) - {State.ACCEPTED},
    State.QUEUED: frozenset(State) - {State.ACCEPTED},
    # To itself: another worker goes on where one died.
    State.SPEAKING: frozenset({State.SPEAKING, State.QUEUED, State.DONE, State.FAILED}),
    State.WAITING_FOR_GPU: frozenset({State.WAITING_FOR_GPU, State.QUEUED, State.DONE, State.FAILED}),
    State.DONE: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}
"""Where each state may go."""

LOOK_AFTER: Mapping[State, timedelta] = {
    State.ACCEPTED: timedelta(minutes=1),
    State.QUEUED: timedelta(hours=12),
    # Counted from the last heartbeat (herald.jobs.heartbeat): by then, the dead worker's message has come to another.
    State.SPEAKING: timedelta(minutes=3),
    State.WAITING_FOR_GPU: timedelta(minutes=30),
    # The end itself is told right away; this is for a teller that died.
    State.DONE: timedelta(minutes=1),
    State.FAILED: timedelta(minutes=1),
    State.CANCELLED: timedelta(minutes=1),
}
"""How long after its last move the sweeper looks at a job that did not go on."""


def sources(to: State) -> frozenset[State]:
    """The states from which a job may move to `to`."""
    return frozenset(state for state, targets in MOVES.items() if to in targets)
