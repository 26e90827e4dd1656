"""The states of a batch.

created ──> planning ──> speaking ──> done
   │           │             ├──────> failed
   └───────────┴─────────────┴──────> failed, cancelled
done, failed and cancelled are final, except that a redrive moves a done or failed batch back to speaking.
"""

from collections.abc import Mapping
from enum import StrEnum


class BatchState(StrEnum):
    """State of a batch."""

    CREATED = "created"
    """Accepted; the manifest may not be uploaded yet."""
    PLANNING = "planning"
    SPEAKING = "speaking"
    DONE = "done"
    """Finished, with no more failures than tolerated."""
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDS = frozenset({BatchState.DONE, BatchState.FAILED, BatchState.CANCELLED})

MOVES: Mapping[BatchState, frozenset[BatchState]] = {
    BatchState.CREATED: frozenset({BatchState.PLANNING, BatchState.FAILED, BatchState.CANCELLED}),
    # PLANNING to itself: a retry continues after an attempt that died.
    BatchState.PLANNING: frozenset(BatchState) - {BatchState.CREATED, BatchState.DONE},
    BatchState.SPEAKING: ENDS,
    BatchState.DONE: frozenset(),
    BatchState.FAILED: frozenset(),
    BatchState.CANCELLED: frozenset(),
}
"""Allowed transitions."""
REDRIVEN = frozenset({BatchState.DONE, BatchState.FAILED})
"""States from which a batch can be redriven."""


def sources(to: BatchState) -> frozenset[BatchState]:
    """Return the states from which a batch may move to `to`."""
    return frozenset(state for state, targets in MOVES.items() if to in targets)
