"""The operations, in one module per module of handlers."""

from herald.handlers.openapi.operation import Operation
from herald.handlers.openapi.paths.batches import BATCHES
from herald.handlers.openapi.paths.house import HOUSE
from herald.handlers.openapi.paths.jobs import JOBS
from herald.handlers.openapi.paths.speech import SPEECH

OPERATIONS: tuple[Operation, ...] = (*SPEECH, *JOBS, *BATCHES, *HOUSE)
