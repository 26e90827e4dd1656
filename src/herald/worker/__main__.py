"""Run the worker: python -m herald.worker, with the environment of the function `worker`.

With HERALD_CHUNK_QUEUE, it also processes chunks of batches, as the function `speak_items` does.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from herald.errors import VoiceNotPrepared
from herald.functions.speak_items import SpeakItemsFunction
from herald.functions.worker import WorkerFunction
from herald.runtime.container import Dependencies
from herald.runtime.script_speaker import ScriptSpeaker
from herald.runtime.settings import JOBS, PRICES, Settings
from herald.speech.voices.catalog import DEFAULT_VOICE
from herald.worker.chunk_tasks import ChunkTasks
from herald.worker.consumer import CHUNK_SECONDS, Consumer, Pulse, Shutdown, Source

LONGEST_SILENCE = CHUNK_SECONDS + 120.0
"""Seconds without a beat after which the consumer is considered stuck: the longest work, and retried calls to AWS."""

type Check = Callable[[], bool]


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


def checks(pulse: Pulse, shutdown: Shutdown) -> dict[str, Check]:
    """Return the checks by path."""
    return {
        "/healthz": lambda: pulse.seconds() < LONGEST_SILENCE,
        "/readyz": lambda: pulse.receives() and not shutdown.requested(),
    }


@contextmanager
def serving_probes(checks: dict[str, Check], *, host: str, port: int) -> Iterator[int]:
    """Respond with 200 or 503 to GET requests for checks, in a thread; yield the port. Raise OSError if it is used."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 5
        server_version = "herald"
        sys_version = ""

        def do_GET(self) -> None:
            check = checks.get(self.path)
            status, body = 404, b"not found\n"
            if check:
                status, body = (200, b"ok\n") if check() else (503, b"not ok\n")
            self.send_response(status)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
            """Log nothing: probes arrive every few seconds."""

    server = ThreadingHTTPServer((host, port), Handler)
    Thread(target=server.serve_forever, name="probes", daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main()
