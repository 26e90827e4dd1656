"""The state machine of a job, and how long each state may last before the sweeper intervenes.

accepted ──> queued ──> speaking ──────────> done
                 │  <── (released) ─────┘    failed
                 └────> waiting_for_gpu ──>  done, failed
cancelled: only from accepted and queued. done, failed and cancelled are final.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """The state of a job."""

    ACCEPTED = "accepted"
    """Stored, but not queued yet."""
    QUEUED = "queued"
    SPEAKING = "speaking"
    WAITING_FOR_GPU = "waiting_for_gpu"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDS = frozenset({State.DONE, State.FAILED, State.CANCELLED})
"""Final states."""
CANCELLABLE = frozenset({State.ACCEPTED, State.QUEUED})
"""States before any work. The job can still be cancelled."""

MOVES: Mapping[State, frozenset[State]] = {
    # A worker may receive the message before its sender records `queued`, so accepted has the same successors.
    State.ACCEPTED: frozenset(State) - {State.ACCEPTED},
    State.QUEUED: frozenset(State) - {State.ACCEPTED},
    # To itself: another worker continues after one died.
    State.SPEAKING: frozenset({State.SPEAKING, State.QUEUED, State.DONE, State.FAILED}),
    State.WAITING_FOR_GPU: frozenset({State.WAITING_FOR_GPU, State.QUEUED, State.DONE, State.FAILED}),
    State.DONE: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}
"""The allowed successors of each state."""

DUE_AFTER: Mapping[State, timedelta] = {
    State.ACCEPTED: timedelta(minutes=1),
    State.QUEUED: timedelta(hours=12),
    # Since the last heartbeat (herald.jobs.heartbeat). By then, the message of a dead worker has returned.
    State.SPEAKING: timedelta(minutes=3),
    State.WAITING_FOR_GPU: timedelta(minutes=30),
    # The end is published immediately; this covers a process that died before doing so.
    State.DONE: timedelta(minutes=1),
    State.FAILED: timedelta(minutes=1),
    State.CANCELLED: timedelta(minutes=1),
}
"""The time since its last move after which a job is due for the sweeper."""


def sources(to: State) -> frozenset[State]:
    """Return the states from which a job may move to `to`."""
    return frozenset(state for state, targets in MOVES.items() if to in targets)
