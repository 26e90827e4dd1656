"""The operations, in one module per module of routes."""

from scripts.openapi.operation import Operation
from scripts.openapi.paths.batch_paths import BATCHES
from scripts.openapi.paths.job_paths import JOBS
from scripts.openapi.paths.lexicon_paths import LEXICONS
from scripts.openapi.paths.model_paths import MODEL_OPERATIONS
from scripts.openapi.paths.service_paths import SERVICE
from scripts.openapi.paths.speech_paths import SPEECH
from scripts.openapi.paths.voice_paths import CUSTOM_VOICES

OPERATIONS: tuple[Operation, ...] = (*SPEECH, *CUSTOM_VOICES, *LEXICONS, *JOBS, *BATCHES, *MODEL_OPERATIONS, *SERVICE)
