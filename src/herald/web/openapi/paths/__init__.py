"""The operations, in one module per module of routes."""

from herald.web.openapi.operation import Operation
from herald.web.openapi.paths.batch_paths import BATCHES
from herald.web.openapi.paths.job_paths import JOBS
from herald.web.openapi.paths.service_paths import HOUSE
from herald.web.openapi.paths.speech_paths import SPEECH

OPERATIONS: tuple[Operation, ...] = (*SPEECH, *JOBS, *BATCHES, *HOUSE)
