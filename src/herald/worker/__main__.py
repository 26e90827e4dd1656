"""Runs the worker: python -m herald.worker, with the environment of the function `worker`."""

import argparse
import os

from herald.errors import VoiceNotPrepared
from herald.functions.worker import WorkerFunction
from herald.runtime.container import Dependencies
from herald.runtime.script_speaker import ScriptSpeaker
from herald.runtime.settings import JOBS, PRICES, Settings
from herald.speech.voices.catalog import DEFAULT_VOICE
from herald.worker.consumer import Consumer, Pulse
from herald.worker.probes import Probes, checks
from herald.worker.shutdown import Shutdown


def main() -> None:
    """Process jobs until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m herald.worker", description=main.__doc__)
    parser.add_argument("--host", default="0.0.0.0", help="address for /healthz and /readyz")  # noqa: S104  of a pod
    parser.add_argument("--port", type=int, default=8080, help="its port")
    options = parser.parse_args()
    shutdown, pulse = Shutdown(), Pulse()
    shutdown.on_signals()
    settings = Settings.read(os.environ, JOBS, PRICES, {"gpu"})
    with Probes(checks(pulse, shutdown), host=options.host, port=options.port) as probes:
        function = WorkerFunction(settings, speaker=_warm_speaker, stopping=shutdown.requested)
        function.logger.info("started", port=probes.port)
        urls = (settings.vip_queue, settings.standard_queue)
        queues = function.parts.queues
        Consumer(function=function, queues=queues, urls=urls, shutdown=shutdown, pulse=pulse).run()
        function.logger.remove_keys(("job", "tenant"))
        function.logger.info("stopped")


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
