"""The life of a batch.

created ──> planning ──> speaking ──> done
   │           │             ├──────> failed
   └───────────┴─────────────┴──────> failed, cancelled
Nothing leaves done, failed or cancelled by itself. Asked to redrive, what is done or failed speaks again.
"""

from collections.abc import Mapping
from enum import StrEnum


class BatchState(StrEnum):
    """Where a batch stands."""

    CREATED = "created"
    """Its manifest may be on its way."""
    PLANNING = "planning"
    SPEAKING = "speaking"
    DONE = "done"
    """Spoken, with no more failures than were tolerated."""
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDS = frozenset({BatchState.DONE, BatchState.FAILED, BatchState.CANCELLED})

MOVES: Mapping[BatchState, frozenset[BatchState]] = {
    BatchState.CREATED: frozenset({BatchState.PLANNING, BatchState.FAILED, BatchState.CANCELLED}),
    # To itself: another attempt goes on where one died.
    BatchState.PLANNING: frozenset(BatchState) - {BatchState.CREATED, BatchState.DONE},
    BatchState.SPEAKING: ENDS,
    BatchState.DONE: frozenset(),
    BatchState.FAILED: frozenset(),
    BatchState.CANCELLED: frozenset(),
}
"""Where each state may go."""
REDRIVEN = frozenset({BatchState.DONE, BatchState.FAILED})
"""States from which a batch may be spoken again, if something of it failed."""


def sources(to: BatchState) -> frozenset[BatchState]:
    """The states from which a batch may move to `to`."""
    return frozenset(state for state, targets in MOVES.items() if to in targets)
