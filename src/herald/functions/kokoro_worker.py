"""kokoro_worker: processes jobs with Kokoro's voices on CPU."""

import os

from herald.functions.worker import WorkerFunction
from herald.runtime.function import Handler
from herald.runtime.kokoro_speaker import KokoroSpeaker
from herald.runtime.settings import JOBS, PRICES, Settings

handler = Handler(lambda: WorkerFunction(Settings.read(os.environ, JOBS, PRICES, {"gpu"}), speaker=KokoroSpeaker.of))
