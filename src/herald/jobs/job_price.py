"""The price of work in US dollars: its usage multiplied by unit prices. docs/costs.md explains the formulas.

Expected and actual prices share one formula. An expected price estimates what will be measured.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

from herald.jobs.job import AudioFile, Job, Route
from herald.jobs.routing import Decision
from herald.jobs.script import Script
from herald.pricing.pace import DEFAULT_ENGINE, gpu_seconds, pace_of, speaking_seconds, text_seconds
from herald.pricing.prices import US_EAST_1, Architecture, Prices
from herald.pricing.resources import (
    LOOKUP_READS,
    Egress,
    Usage,
    call,
    download_usage,
    egress_usage,
    file_usage,
    gigabytes,
    response_usage,
    stored_row_usage,
)
from herald.speech.audio.formats import FORMATS, bytes_per_second

LARGEST_FILE = 200 << 20
"""In bytes. The functions that handle a file have enough memory for this size."""
SENTENCE_CHARACTERS = 50
"""The mean length of a sentence: 199.7 characters in the four of examples/appointments.txt."""
JOINING_SECONDS = 0.007
"""Processor time to read the text of a batch item and join its cached sentences. Measured: 6.7 ms for 13 s of mp3."""
STORING = 8
"""Files that a chunk stores while its next items are synthesized. S3 takes longer than joining sentences."""
S3_READ_SECONDS, S3_WRITE_SECONDS = 0.04, 0.08
"""The latency of S3. Assumed; docs/costs.md explains what depends on it."""
COLD_START_SECONDS = 2.0
"""Assumed. 0.7 s of it is measured (docs/tuning.md); loading the code is not."""
KEPT = timedelta(days=365)
"""The storage included in the price of a kept file. Each further year costs the same again."""
ACCEPTING_SECONDS, HANDLING_SECONDS = 0.05, 0.1
"""The seconds that a function takes to accept a job, and to receive and end it, without the synthesis. Assumed."""
ROW_BYTES, SCRIPT_IN_ROW = 1_200, 4_096
"""The size of a job's row without its script, and of the longest script that is stored in the row. Longer scripts are
files, because each of a job's four writes is billed for the whole row: S3 is cheaper from about 2,300 bytes."""
_USAGE_WRITES = 2
"""Write units for the usage of the tenant: one to count a request and its characters, one to close the charge."""
_SPEND_WRITES = 1
"""Write units to add the price to the tenant's spend. The price of a response is added when its charge is closed."""
_IN_TRANSACTION = 2
"""A transaction costs this many times the write units. It writes the end of a job and its spend together."""
_WRITE_UNIT, _READ_UNIT = 1_024, 4_096
_INDEX_ADDED, _INDEX_MOVED, _INDEX_REMOVED = 2, 2, 1
"""Write units in the indexes: a new row is added to two, a new due time replaces the old one, the end removes it."""
_DIGITS = Decimal("1e-12")


class Encoded(Protocol):
    """The settings of a script or batch item that determine the bytes of a second of its audio."""

    @property
    def response_format(self) -> str:
        """The name of a format."""
        ...

    @property
    def sample_rate(self) -> int:
        """In Hz."""
        ...


def audio_seconds(script: Script, engine: str) -> float:
    """Return the estimated duration of the audio in seconds, for the engine of the script's voice."""
    return text_seconds(script.characters, engine, script.speed)


def file_bytes(script: Encoded, audio: float) -> int:
    """Return the estimated size in bytes of the file for `audio` seconds of audio."""
    return round(audio * bytes_per_second(FORMATS[script.response_format], script.sample_rate))


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """The settings of a deployment that determine prices."""

    architecture: Architecture = "x86_64"
    speech_megabytes: int = 1_769
    worker_megabytes: int = 1_769
    kokoro_megabytes: int = 3_008
    """Memory of the function that speaks Kokoro's voices on CPU."""
    small_megabytes: int = 512
    """Memory of the functions that do not synthesize."""
    retention: timedelta = timedelta(days=90)
    infrequent_after: timedelta | None = timedelta(days=30)
    """The age at which a large file moves to Infrequent Access. None: never."""
    gpu_concurrency: int = 1
    """Concurrent requests per instance."""
    egress: Egress = "none"


@dataclass(frozen=True, kw_only=True)
class Work:
    """A completed or expected piece of work."""

    route: Route
    script_bytes: int = 0
    seconds: float = 0.0
    """The time of the synthesis on the processor of the route. For realtime, the billed duration of the call."""
    stored_bytes: int = 0
    """The size of the file; 0 if none was written. For realtime, the size of the response."""
    kept: timedelta = timedelta()
    keep: bool = False
    """Whether the file is exempt from expiry."""
    attempts: int = 1
    """0: the file existed when the job was accepted."""
    streamed: bool = False
    """Realtime only: whether the response is sent through the Function URL."""
    restored: bool = False
    """Realtime only: whether the call restored the function from a snapshot."""


@dataclass(frozen=True, kw_only=True)
class PriceList:
    """The prices that apply to a deployment."""

    deployment: Deployment = Deployment()
    prices: Prices = US_EAST_1
    engine_of: Callable[[str], str] = lambda _: DEFAULT_ENGINE
    """Returns the engine of a voice by its id."""

    def expected(self, script: Script, decision: Decision) -> Decimal:
        """Return the expected price of a script whose file is not stored yet."""
        engine = self.slowest_engine(script)
        return self.of(expected_work(script, decision.route, self.deployment, engine=engine))

    def slowest_engine(self, script: Script) -> str:
        """Return the engine for expected prices: that of the first line, or of a slower voice in an SSML document."""
        voices = [script.lines[0].voice, *(member.voice for member in script.cast.values())]
        return max(map(self.engine_of, voices), key=lambda engine: pace_of(engine).processor_seconds)

    def actual(self, job: Job, audio: AudioFile | None, seconds: float) -> Decimal:
        """Return the price of a job that ended: `seconds` is the synthesis time, 0 if the file existed before."""
        engine = self.engine_of(job.voice.partition(":")[0])
        return self.of(actual_work(job, audio, seconds, self.deployment, engine=engine))

    def realtime(self, seconds: float, size: int, *, streamed: bool = False, restored: bool = False) -> Decimal:
        """Return the price of a realtime response of `size` bytes; `seconds` is the whole duration of the call."""
        work = Work(route="realtime", seconds=seconds, stored_bytes=size, streamed=streamed, restored=restored)
        return self.of(work)

    def of(self, work: Work) -> Decimal:
        """Return the price of a piece of work."""
        return self.total(usage(work, self.deployment))

    def total(self, used: Usage) -> Decimal:
        """Return the total price of a usage, rounded to 12 decimal places."""
        return sum(self.bill(used).values(), Decimal(0)).quantize(_DIGITS)

    def bill(self, used: Usage) -> dict[str, Decimal]:
        """Return the price of each unit that was used, by name."""
        gigabyte_second = self.prices.gigabyte_second(self.deployment.architecture)
        amounts = {unit.name: getattr(used, unit.name) for unit in fields(used)}
        return {
            name: amount * (gigabyte_second if name == "gigabyte_second" else getattr(self.prices, name))
            for name, amount in amounts.items()
            if amount
        }


def expected_work(script: Script, route: Route, deployment: Deployment, *, engine: str = DEFAULT_ENGINE) -> Work:
    """Return the expected work for a script; `engine` is that of its voice."""
    audio = audio_seconds(script, engine)
    return Work(
        route=route,
        script_bytes=_size(script),
        seconds=_synthesis_seconds(audio, route, deployment, engine),
        stored_bytes=file_bytes(script, audio),
        kept=deployment.retention,
    )


def actual_work(
    job: Job, audio: AudioFile | None, seconds: float, deployment: Deployment, *, engine: str = DEFAULT_ENGINE
) -> Work:
    """Return the actual work of a job."""
    # A file that a later attempt found was stored by an earlier one, which died before it recorded its duration.
    made = audio if seconds or job.attempts > 1 else None
    keep = job.retention == "keep" or job.expires_at is None
    return Work(
        route=job.route,
        script_bytes=_size(job.script) if job.script else 0,
        seconds=seconds or (_synthesis_seconds(made.seconds, job.route, deployment, engine) if made else 0.0),
        stored_bytes=made.bytes if made else 0,
        kept=job.expires_at - job.created_at if job.expires_at and not keep else KEPT,
        keep=keep,
        attempts=job.attempts,
    )


def usage(work: Work, deployment: Deployment) -> Usage:
    """Return the usage of a piece of work, from its acceptance to the expiry of its file."""
    if work.route == "realtime":
        # The request is counted in the table. The response goes to the internet directly, not through a stored file.
        restored = gigabytes(deployment.speech_megabytes) if work.restored else 0
        return (
            call(work.seconds, deployment.speech_megabytes)
            + response_usage(work.stored_bytes, streamed=work.streamed)
            + egress_usage(work.stored_bytes, deployment.egress)
            + Usage(restored_gigabyte=restored, row_write=_USAGE_WRITES)
        )
    ended = _IN_TRANSACTION * (_row(0, _WRITE_UNIT) + _SPEND_WRITES) + _INDEX_REMOVED
    accepted = _accepted(work, deployment) + Usage(event=1, row_write=ended) + stored_row_usage(work.kept)
    if work.attempts == 0:
        return accepted
    used = accepted + _queued(work) + _synthesized(work, deployment)
    if not work.stored_bytes:
        return used
    file = file_usage(work.stored_bytes, work.kept, keep=work.keep, infrequent_after=deployment.infrequent_after)
    return used + file + download_usage(work.stored_bytes, deployment.egress)


def _synthesis_seconds(audio: float, route: Route, deployment: Deployment, engine: str) -> float:
    if route == "gpu":
        return gpu_seconds(audio)
    return speaking_seconds(audio, engine, _megabytes(route, deployment))


def _megabytes(route: Route, deployment: Deployment) -> int:
    """Return the memory of the function that synthesizes on a route of the CPU."""
    if route == "realtime":
        return deployment.speech_megabytes
    return deployment.kokoro_megabytes if route == "kokoro" else deployment.worker_megabytes


def _size(script: Script) -> int:
    return len(script.model_dump_json().encode())


def _row(script_bytes: int, unit: int) -> int:
    """Return the units to read or write a job's row; each started unit counts in full."""
    return -(-(ROW_BYTES + (script_bytes if script_bytes <= SCRIPT_IN_ROW else 0)) // unit)


def _accepted(work: Work, deployment: Deployment) -> Usage:
    """Return the usage of accepting a job.

    The request is counted, the file is looked up, and the row is stored. A long script is stored as a file.
    """
    return call(ACCEPTING_SECONDS, deployment.small_megabytes) + Usage(
        api_request=1,
        file_read=1,
        row_write=_USAGE_WRITES + _row(work.script_bytes, _WRITE_UNIT) + _INDEX_ADDED,
        file_write=int(work.script_bytes > SCRIPT_IN_ROW),
    )


def _queued(work: Work) -> Usage:
    """Return the usage of the queue and of the job's moves through its states.

    The message is sent, received and deleted once, and received again for each further attempt. The row is written when
    the job is queued, claimed and ended. Each attempt reads the row, looks up the file, and reads a long script twice.
    The acceptance has already looked in both folders of files. An attempt also looks up a file to keep among the shared
    copies.
    """
    move = _row(work.script_bytes, _WRITE_UNIT) + _INDEX_MOVED
    return Usage(
        queue_request=2 + work.attempts,
        row_write=(2 + work.attempts) * move,
        row_read=work.attempts * _row(work.script_bytes, _READ_UNIT),
        file_read=LOOKUP_READS
        - 1
        + work.attempts * (LOOKUP_READS + work.keep + (2 if work.script_bytes > SCRIPT_IN_ROW else 0)),
    )


def _synthesized(work: Work, deployment: Deployment) -> Usage:
    """Return the usage of the worker or the GPU.

    Every attempt of a worker is a call. The duration of failed attempts is unknown; only their overhead is counted. On
    the GPU, the request and the response are files, the call is recorded in the row, and a notice announces the
    response.
    """
    if work.route != "gpu":
        megabytes = _megabytes(work.route, deployment)
        failed = call(HANDLING_SECONDS, megabytes) * (work.attempts - 1)
        return call(work.seconds + HANDLING_SECONDS, megabytes) + failed
    return call(HANDLING_SECONDS, deployment.small_megabytes) * 2 + Usage(
        gpu_second=Decimal(str(work.seconds)) / deployment.gpu_concurrency,
        notice=1,
        file_write=2,
        file_read=2,
        row_write=_row(work.script_bytes, _WRITE_UNIT),
        row_read=_row(work.script_bytes, _READ_UNIT),
    )
