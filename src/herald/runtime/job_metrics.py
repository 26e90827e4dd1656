"""What the functions that end jobs record in metrics."""

from decimal import Decimal

from herald.jobs.job import Job, State
from herald.runtime.metrics import GPU_WAIT, QUEUE_WAIT, Kind, Meter, file_failed, file_made, spoken


def job_ended(meter: Meter, job: Job, seconds: float) -> None:
    """Record a job that this function completed; `seconds` is the synthesis time, 0 if nothing was synthesized."""
    # A GPU item is processed as a job, and no other function records its price.
    kind: Kind = "item" if job.task_token else "job"
    price = job.price or Decimal(0)
    if job.begun_at:
        meter.add(QUEUE_WAIT, job.waited * 1000, tier=job.tier if job.route == "queue" else job.route)
    if job.enrols:
        refused = job.error is not None and job.error.code == "voice_refused"
        outcome = "ready" if job.state is State.DONE else "refused" if refused else "failed"
        meter.note(**{f"voices_{outcome}": 1})
    if job.state is State.FAILED:
        file_failed(meter, price)
    if job.state is not State.DONE or not job.audio:
        return
    file_made(meter, kind, price, characters=job.characters, audio_seconds=job.audio.seconds)
    meter.note(hits=int(job.hit))
    if seconds:
        spoken(meter, kind, seconds, job.audio.seconds)
    if job.route == "gpu" and job.begun_at and job.ended_at and not job.hit:
        meter.add(GPU_WAIT, (job.ended_at - job.begun_at).total_seconds() * 1000, kind=kind)
