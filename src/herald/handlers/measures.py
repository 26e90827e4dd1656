"""All that is measured: names, units and dimensions of the metrics; docs/operations.md tells what each means."""

from decimal import Decimal
from typing import Literal

from aws_lambda_powertools.metrics import MetricUnit

from herald.handlers.meter import Measure, Meter
from herald.jobs.job import Job
from herald.jobs.states import State

type Kind = Literal["realtime", "job", "item"]
"""What a file was made for: an answer, a job, an item of a batch."""

_KIND, _TIER, _ROW = ("kind",), ("tier",), ("row",)

# Requests, by the function that answers.
LATENCY = Measure("Latency", MetricUnit.Milliseconds, ("service", "route"))
SUCCESS = Measure("Success", MetricUnit.Count)
COLD_START = Measure("ColdStart", MetricUnit.Count)
FIRST_AUDIO = Measure("FirstAudio", MetricUnit.Milliseconds)
KEYS_REFUSED = Measure("KeysRefused", MetricUnit.Count)

# Files, by what they were made for.
COST = Measure("Cost", MetricUnit.NoUnit, _KIND)
FAILED_COST = Measure("FailedCost", MetricUnit.NoUnit, _KIND)
CHARACTERS = Measure("Characters", MetricUnit.Count, _KIND)
AUDIO_SECONDS = Measure("AudioSeconds", MetricUnit.Seconds, _KIND)
SYNTHESIS_TIME = Measure("SynthesisTime", MetricUnit.Milliseconds, _KIND)
REAL_TIME_FACTOR = Measure("RealTimeFactor", MetricUnit.NoUnit, _KIND)
HIT = Measure("Hit", MetricUnit.Count, _KIND)
GPU_WAIT = Measure("GpuWait", MetricUnit.Milliseconds, _KIND)
PAST_DEADLINE = Measure("PastDeadline", MetricUnit.Count, _KIND)

# Jobs on their way.
QUEUE_WAIT = Measure("QueueWait", MetricUnit.Milliseconds, _TIER)
FAILED_ATTEMPTS = Measure("FailedAttempts", MetricUnit.Count)
DEAD_LETTERS = Measure("DeadLetters", MetricUnit.Count)
SWEPT = Measure("Swept", MetricUnit.Count)

# Stored rows.
UNREADABLE_ROWS = Measure("UnreadableRows", MetricUnit.Count, _ROW)

# Batches.
BATCH_DONE = Measure("BatchDone", MetricUnit.Count)
BATCH_IN_SLA = Measure("BatchInSla", MetricUnit.Count)
ROW_ERRORS = Measure("RowErrors", MetricUnit.Count)
SENTENCES_SPOKEN = Measure("SentencesSpoken", MetricUnit.Count)
SENTENCES_REUSED = Measure("SentencesReused", MetricUnit.Count)


def answered(meter: Meter, route: str, milliseconds: float, *, well: bool) -> None:
    """A request has its answer; `well` unless the fault was ours."""
    meter.add(LATENCY, milliseconds, route=route)
    meter.add(SUCCESS, int(well))


def file_made(meter: Meter, kind: Kind, price: Decimal, *, characters: int, audio_seconds: float) -> None:
    """Somebody has his file."""
    meter.add(COST, float(price), kind=kind)
    meter.add(CHARACTERS, characters, kind=kind)
    meter.add(AUDIO_SECONDS, audio_seconds, kind=kind)


def spoken(meter: Meter, kind: Kind, seconds: float, audio_seconds: float) -> None:
    """Speaking so much audio took so many seconds."""
    meter.add(SYNTHESIS_TIME, seconds * 1000, kind=kind)
    if audio_seconds:
        meter.add(REAL_TIME_FACTOR, seconds / audio_seconds, kind=kind)


def job_ended(meter: Meter, job: Job, seconds: float) -> None:
    """A job ended, by the hand of this function; speaking took so many seconds, 0 if nobody spoke."""
    # The job of an item that the GPU speaks is the item: nobody else tells its price.
    kind: Kind = "item" if job.task_token else "job"
    price = job.price or Decimal(0)
    if job.begun_at:
        meter.add(QUEUE_WAIT, job.waited * 1000, tier="gpu" if job.route == "gpu" else job.tier)
    if job.state is State.FAILED:
        meter.add(FAILED_COST, float(price), kind=kind)
    if job.state is not State.DONE or not job.audio:
        return
    file_made(meter, kind, price, characters=job.characters, audio_seconds=job.audio.seconds)
    meter.add(HIT, int(job.hit), kind=kind)
    if seconds:
        spoken(meter, kind, seconds, job.audio.seconds)
    if job.route == "gpu" and job.begun_at and job.ended_at and not job.hit:
        meter.add(GPU_WAIT, (job.ended_at - job.begun_at).total_seconds() * 1000, kind=kind)
