"""Synthesizes scripts with a function's engine."""

from collections.abc import Callable
from time import perf_counter

from herald.jobs.job_price import LARGEST_FILE
from herald.jobs.ports import SpokenFile
from herald.jobs.script import Script
from herald.speech.engine import Engine
from herald.speech.memory import Memory, Sentences


def spoken(
    engine: Engine, script: Script, *, time_left: Callable[[], float], memory: Memory | None = None
) -> tuple[SpokenFile, Sentences]:
    """Return the audio file of a script of one line, and how many sentences were synthesized and reused."""
    (line,) = script.lines
    started = perf_counter()
    made = engine.speak(
        line.text,
        voice=line.voice,
        speaker=line.speaker,
        speed=script.speed,
        format=script.response_format,
        sample_rate=script.sample_rate,
        memory=memory,
        time_left=time_left,
        max_bytes=LARGEST_FILE,
    )
    file = SpokenFile(
        file=made.file,
        seconds=made.seconds,
        sample_rate=made.sample_rate,
        media_type=made.format.media_type,
        processing_seconds=perf_counter() - started,
    )
    return file, made.sentences
