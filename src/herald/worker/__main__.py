"""Runs the worker: python -m herald.worker, with the environment of the function `worker`.

With HERALD_CHUNK_QUEUE, it also processes chunks of batches, as the function `speak_items` does.
"""

import argparse
import os
from collections.abc import Callable

from herald.errors import VoiceNotPrepared
from herald.functions.speak_items import SpeakItemsFunction
from herald.functions.worker import WorkerFunction
from herald.runtime.container import Dependencies
from herald.runtime.script_speaker import ScriptSpeaker
from herald.runtime.settings import JOBS, PRICES, Settings
from herald.speech.voices.catalog import DEFAULT_VOICE
from herald.worker.chunk_tasks import ChunkTasks
from herald.worker.consumer import CHUNK_SECONDS, Consumer, Pulse, Source
from herald.worker.probes import checks, serving_probes
from herald.worker.shutdown import Shutdown


def main() -> None:
    """Process jobs, and chunks of batches, until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m herald.worker", description=main.__doc__)
    parser.add_argument("--host", default="0.0.0.0", help="address for /healthz and /readyz")  # noqa: S104  of a pod
    parser.add_argument("--port", type=int, default=8080, help="its port")
    options = parser.parse_args()
    shutdown, pulse = Shutdown(), Pulse()
    shutdown.on_signals()
    settings = Settings.read(os.environ, JOBS, PRICES, {"gpu"})
    with serving_probes(checks(pulse, shutdown), host=options.host, port=options.port) as port:
        parts = Dependencies(settings, interactive=False)
        speaker = _warm_speaker(parts)
        sources = _sources(settings, parts, speaker=speaker, stopping=shutdown.requested)
        logger = sources[0].function.logger
        logger.info("started", port=port)
        Consumer(sources=sources, queues=parts.queues, shutdown=shutdown, pulse=pulse).run()
        logger.remove_keys(("job", "tenant", "batch", "run", "chunk", "pack"))
        logger.info("stopped")


def _sources(
    settings: Settings, parts: Dependencies, *, speaker: ScriptSpeaker, stopping: Callable[[], bool]
) -> list[Source]:
    """Return the queues of this deployment; vip jobs come first."""
    jobs = WorkerFunction(settings, speaker=lambda _: speaker, stopping=stopping)
    sources = [Source(url=url, function=jobs) for url in (settings.vip_queue, settings.standard_queue)]
    if url := settings.chunk_queue:
        items = SpeakItemsFunction(settings, speaker=lambda _: speaker, stopping=stopping)
        chunks = ChunkTasks(function=items, queues=parts.queues, url=url, tasks=parts.tasks)
        sources.append(Source(url=url, function=chunks, seconds=CHUNK_SECONDS))
    return sources


def _warm_speaker(parts: Dependencies) -> ScriptSpeaker:
    """Return a speaker with a voice loaded, so that an image without an engine or a voice fails at its start."""
    speaker = ScriptSpeaker.of(parts)
    local = [voice.id for voice in parts.catalog.local.values() if voice.prepared and not voice.needs_gpu]
    if not local:
        raise VoiceNotPrepared("This machine has no prepared voice. The image has them in /opt/voices.")
    speaker.warm(DEFAULT_VOICE if DEFAULT_VOICE in local else local[0])
    return speaker


if __name__ == "__main__":
    main()
