"""kokoro_worker: processes jobs with Kokoro's voices on CPU."""

import os
from functools import cache
from typing import Any

from herald.functions.worker import WorkerFunction
from herald.runtime.function import Event
from herald.runtime.kokoro_speaker import KokoroSpeaker
from herald.runtime.settings import JOBS, PRICES, Settings


@cache
def _function() -> WorkerFunction:
    return WorkerFunction(Settings.read(os.environ, JOBS, PRICES, {"gpu"}), speaker=KokoroSpeaker.of)


def handler(event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
    """Process one batch of queue messages."""
    return _function()(event, context)
