"""What work costs in US dollars: what it uses, times what each unit costs. docs/costs.md has the formulas in words.

Expected and actual prices are one formula: before the work, what will be measured is estimated.
"""

from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import Decimal

from herald.jobs.estimate import audio_seconds, file_bytes, gpu_seconds, speaking_seconds
from herald.jobs.job import AudioFile, Job, Route
from herald.jobs.prices import US_EAST_1, Architecture, Prices
from herald.jobs.route import Decision
from herald.jobs.script import Script
from herald.jobs.usage import LOOK, Egress, Usage, answered, call, gigabytes, left, sent, stored

KEPT = timedelta(days=365)
"""The storage that is in the price of a file that is kept; every further year costs as much again."""
DOOR_SECONDS, HANDLING_SECONDS = 0.05, 0.1
"""What a function takes to accept a job, or to take one up and end it, without the speaking: assumed."""
ROW_BYTES, SCRIPT_IN_ROW = 1_200, 4_096
"""Of a job's row without its script; and of the longest script in it, as herald.aws stores longer ones as files."""

_COUNTED = 2
"""Write units for the tenant's usage: one update counts a request and its characters, one closes the charge."""
_WRITE_UNIT, _READ_UNIT = 1_024, 4_096
_INDEX_ADDED, _INDEX_MOVED, _INDEX_REMOVED = 2, 2, 1
"""Units in the indexes: a new row is in two; a new due date replaces the old; the end takes it out."""
_DIGITS = Decimal("1e-12")


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What of a deployment decides what work costs."""

    architecture: Architecture = "x86_64"
    speech_megabytes: int = 3_008
    worker_megabytes: int = 1_769
    small_megabytes: int = 512
    """Of the functions that do not speak."""
    retention: timedelta = timedelta(days=90)
    infrequent_after: timedelta | None = timedelta(days=30)
    """Until a large file moves to Infrequent Access; None: none does."""
    gpu_concurrency: int = 1
    """Requests that share an instance."""
    egress: Egress = "none"


@dataclass(frozen=True, kw_only=True)
class Work:
    """What was done, or will be."""

    route: Route
    script_bytes: int = 0
    seconds: float = 0.0
    """That speaking took, on the processor of the route; of an answer, the seconds that its call is billed for."""
    stored_bytes: int = 0
    """Of the file; 0 where none was written. Of an answer, its bytes."""
    kept: timedelta = timedelta()
    keep: bool = False
    """Whether the file is exempt from expiry."""
    attempts: int = 1
    """0: the file was there when the job was accepted."""
    streamed: bool = False
    """Of an answer: whether it goes through the Function URL."""
    restored: bool = False
    """Of an answer: whether its function was started for it, from a snapshot."""


@dataclass(frozen=True, kw_only=True)
class PriceList:
    """Prices, as a deployment pays them."""

    deployment: Deployment = Deployment()
    prices: Prices = US_EAST_1

    def expected(self, script: Script, decision: Decision, *, there: bool = False) -> Decimal:
        """Price of a script before it is spoken; `there` if its file is stored already."""
        return self.of(forecast(script, decision.route, self.deployment, there=there))

    def actual(self, job: Job, audio: AudioFile | None, seconds: float) -> Decimal:
        """Price of a job at its end: its file, and how long speaking it took (0: the file was there)."""
        return self.of(done(job, audio, seconds, self.deployment))

    def realtime(self, seconds: float, size: int, *, streamed: bool = False, restored: bool = False) -> Decimal:
        """Price of an answer of so many bytes at once, by the seconds that its call took from beginning to end."""
        work = Work(route="realtime", seconds=seconds, stored_bytes=size, streamed=streamed, restored=restored)
        return self.of(work)

    def of(self, work: Work) -> Decimal:
        """Price of a piece of work."""
        return self.total(usage(work, self.deployment))

    def total(self, used: Usage) -> Decimal:
        """The sum of the bill, to a millionth of a millionth."""
        return sum(self.bill(used).values(), Decimal(0)).quantize(_DIGITS)

    def bill(self, used: Usage) -> dict[str, Decimal]:
        """What is paid for each kind of unit that was used."""
        amounts = {one.name: getattr(used, one.name) for one in fields(used)}
        return {name: amount * self._unit(name) for name, amount in amounts.items() if amount}

    def _unit(self, name: str) -> Decimal:
        if name == "gigabyte_second":
            return self.prices.gigabyte_second(self.deployment.architecture)
        price: Decimal = getattr(self.prices, name)
        return price


def forecast(script: Script, route: Route, deployment: Deployment, *, there: bool = False) -> Work:
    """The work that a script will be."""
    if there:
        return Work(route=route, attempts=0)
    audio = audio_seconds(script)
    return Work(
        route=route,
        script_bytes=_size(script),
        seconds=_speaking(audio, route, deployment),
        stored_bytes=file_bytes(script, audio),
        kept=deployment.retention,
    )


def done(job: Job, audio: AudioFile | None, seconds: float, deployment: Deployment) -> Work:
    """The work that a job was."""
    # A file found at a later attempt is the job's own, by a worker who died before telling how long it took.
    ours = audio if seconds or job.attempts > 1 else None
    keep = job.retention == "keep" or job.expires_at is None
    return Work(
        route=job.route,
        script_bytes=_size(job.script) if job.script else 0,
        seconds=seconds or (_speaking(ours.seconds, job.route, deployment) if ours else 0.0),
        stored_bytes=ours.bytes if ours else 0,
        kept=job.expires_at - job.created_at if job.expires_at and not keep else KEPT,
        keep=keep,
        attempts=job.attempts,
    )


def usage(work: Work, deployment: Deployment) -> Usage:
    """All that a piece of work uses, from the door to the end of its file."""
    if work.route == "realtime":
        return _at_once(work, deployment)
    accepted = _accepted(work, deployment) + _told()
    if work.attempts == 0:
        return accepted
    spoken = _by_gpu(work, deployment) if work.route == "gpu" else _by_worker(work, deployment)
    return accepted + _queued(work) + spoken + _kept(work, deployment)


def _speaking(audio: float, route: Route, deployment: Deployment) -> float:
    if route == "gpu":
        return gpu_seconds(audio)
    return speaking_seconds(audio, deployment.speech_megabytes if route == "realtime" else deployment.worker_megabytes)


def _size(script: Script) -> int:
    return len(script.model_dump_json().encode())


def _row(script_bytes: int, unit: int) -> int:
    """Units that a job's row takes, each begun one in full."""
    return -(-(ROW_BYTES + (script_bytes if script_bytes <= SCRIPT_IN_ROW else 0)) // unit)


def _at_once(work: Work, deployment: Deployment) -> Usage:
    """The request is counted; what is answered goes to the internet from AWS itself, not from a file."""
    restored = gigabytes(deployment.speech_megabytes) if work.restored else 0
    return (
        call(work.seconds, deployment.speech_megabytes)
        + answered(work.stored_bytes, streamed=work.streamed)
        + left(work.stored_bytes, deployment.egress)
        + Usage(restored_gigabyte=restored, row_write=_COUNTED)
    )


def _accepted(work: Work, deployment: Deployment) -> Usage:
    """The request is counted, the file is looked for; the row is written, and a long script beside it."""
    return call(DOOR_SECONDS, deployment.small_megabytes) + Usage(
        api_request=1,
        file_read=1,
        row_write=_COUNTED + _row(work.script_bytes, _WRITE_UNIT) + _INDEX_ADDED,
        file_write=int(work.script_bytes > SCRIPT_IN_ROW),
    )


def _told() -> Usage:
    """The end is published, and the row says so."""
    return Usage(event=1, row_write=_row(0, _WRITE_UNIT) + _INDEX_REMOVED)


def _queued(work: Work) -> Usage:
    """The job is sent, received and deleted once, and received again for each further attempt.

    Its row moves to queued, at each attempt to whoever takes it, and to its end; at each attempt it is read, the file
    is looked for, and a long script is read twice. The door has found no file in either folder.
    """
    move = _row(work.script_bytes, _WRITE_UNIT) + _INDEX_MOVED
    return Usage(
        queue_request=2 + work.attempts,
        row_write=(2 + work.attempts) * move,
        row_read=work.attempts * _row(work.script_bytes, _READ_UNIT),
        file_read=LOOK - 1 + work.attempts * (LOOK + (2 if work.script_bytes > SCRIPT_IN_ROW else 0)),
    )


def _by_worker(work: Work, deployment: Deployment) -> Usage:
    """Every attempt is a call. How long one spoke in vain nobody knows."""
    vain = call(HANDLING_SECONDS, deployment.worker_megabytes) * (work.attempts - 1)
    return call(work.seconds + HANDLING_SECONDS, deployment.worker_megabytes) + vain


def _by_gpu(work: Work, deployment: Deployment) -> Usage:
    """Handed over in a file, answered in a file, noted in the row, and told by a notice."""
    return call(HANDLING_SECONDS, deployment.small_megabytes) * 2 + Usage(
        gpu_second=Decimal(str(work.seconds)) / deployment.gpu_concurrency,
        notice=1,
        file_write=2,
        file_read=2,
        row_write=_row(work.script_bytes, _WRITE_UNIT),
        row_read=_row(work.script_bytes, _READ_UNIT),
    )


def _kept(work: Work, deployment: Deployment) -> Usage:
    if not work.stored_bytes:
        return Usage()
    file = stored(work.stored_bytes, work.kept, keep=work.keep, infrequent_after=deployment.infrequent_after)
    return file + sent(work.stored_bytes, deployment.egress)
