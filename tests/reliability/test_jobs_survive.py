"""No accepted job is lost or duplicated, despite duplicate deliveries, poison messages and killed workers.

`make test-soak` runs it with 10,000 jobs and 20 kills (HERALD_SOAK_JOBS, HERALD_SOAK_KILLS).

Each kill ends all processes of the worker function at once, during their batches. The emulator redelivers the messages
after their visibility timeout, like SQS; the timeout here is shorter than the template's, but longer than a worker
needs for a short job. A duplicate delivery is simulated by two messages, because the emulator does not duplicate.
Transient poison messages start after two of five attempts, because the pauses between all five take minutes.
"""

import io
import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice, product
from random import Random

import pytest
import soundfile

from herald.jobs.script import Line
from local.keys import TENANT
from tests.local.tools import workers
from tests.support.deployed_stack import until
from tests.support.end_events import EndEvents
from tests.support.job_samples import a_script

JOBS = int(os.environ.get("HERALD_SOAK_JOBS", "500"))
KILLS = int(os.environ.get("HERALD_SOAK_KILLS", "5"))
TWICE, POISON = JOBS // 20, JOBS // 50
RECEIPTS = 3
QUEUES = ("StandardQueue", "StandardDeadLetters")
VISIBILITY = "40"
"""Seconds; a dead worker holds its lease for 30."""
LONGEST = 180 + JOBS
"""Seconds; an idle machine with two cores needs 70 for 500 jobs."""
WORDS = (
    "ant", "bee", "bow", "bus", "cup", "day", "egg", "elm", "fox", "hat", "ice", "ink", "jam", "key", "net", "oak",
    "owl", "rye", "sea", "ski", "sun", "tea", "toy",
)  # fmt: skip
VOICE = "en_US-joe-medium"


@dataclass
class Run:
    """The submitted jobs and their results."""

    good: list[str] = field(default_factory=list)
    permanent: list[str] = field(default_factory=list)
    transient: list[str] = field(default_factory=list)
    killed: list[int] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    """Keys of the created files."""
    rows: dict = field(default_factory=dict)
    ended_events: Counter = field(default_factory=Counter)
    late: int = 0
    """Number of ends published by the sweeper."""
    seconds: float = 0.0

    @property
    def ids(self):
        return [*self.good, *self.permanent, *self.transient]


def texts():
    """Yield unique short texts."""
    together = 2 if len(WORDS) ** 2 >= JOBS else 3
    return [f"{' '.join(words)}." for words in islice(product(WORDS, repeat=together), JOBS - POISON)]


def keys(deployed):
    pages = (
        deployed.aws("s3").get_paginator("list_objects_v2").paginate(Bucket=deployed["AudioBucket"], Prefix="audio/")
    )
    return {one["Key"] for page in pages for one in page.get("Contents", [])}


def poison(deployed, number):
    """Create a job with an unknown voice, or an inconsistent one that makes the worker fail."""
    voice = VOICE if number % 2 else "nobody"
    lines = tuple(Line(text=f"Poison {number}.", voice=voice) for _ in range(1 + number % 2))
    script = a_script().model_copy(update={"lines": lines})
    begun = {"attempts": 5 - RECEIPTS} if number % 2 else {}
    return deployed.put(script, audio_key=f"audio/{TENANT}/poison-{number}.mp3", **begun).id


def good(deployed, text, twice):
    job_id = deployed.post(input=text, response_format="wav", speed=2.0)["id"]
    if twice:
        deployed.parts.queues.send(deployed.parts.table.get(job_id))
    return job_id


def kill(deployed):
    """Kill all processes of this stack's worker function; return their number."""
    ended = 0
    for pid in workers(deployed.stack, "WorkerFunction"):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            ended += 1
    return ended


def ids_of(events):
    return Counter(event["detail"]["id"] for event in events)


def all_ended(deployed, ids):
    """Run the sweeper until all jobs have ended; return their rows."""

    def look():
        deployed.sweep()
        rows = deployed.rows(ids)
        return all(row.ended for row in rows.values()) and rows

    return until(look, LONGEST, pause=1 + JOBS / 1000)


@pytest.fixture(scope="module")
def run(deployed):
    deployed.purge(*QUEUES)
    run, began, before = Run(), time.monotonic(), keys(deployed)
    twice = set(Random(1).sample(range(JOBS - POISON), TWICE))  # noqa: S311
    with (
        deployed.queue_with("StandardQueue", VisibilityTimeout=VISIBILITY),
        deployed.dead_after("StandardQueue", RECEIPTS),
        EndEvents(deployed, "ended-survive") as ended_events,
        ThreadPoolExecutor(4) as pool,
    ):
        poisoned = [poison(deployed, number) for number in range(POISON)]
        run.permanent, run.transient = poisoned[::2], poisoned[1::2]
        sent = [pool.submit(good, deployed, text, at in twice) for at, text in enumerate(texts())]
        for number in range(KILLS):
            until(lambda number=number: len(ids_of(ended_events.all())) >= (number + 1) * JOBS // (KILLS * 2), LONGEST)
            run.killed.append(kill(deployed))
        run.good = [one.result() for one in sent]
        run.rows = all_ended(deployed, run.ids)
        run.seconds = time.monotonic() - began
        run.ended_events, run.late = ended_events.each(run.ids), len(ended_events.late)
        until(lambda: not deployed.waiting(*QUEUES), LONGEST, pause=1)
    run.files = keys(deployed) - before
    return run


def test_every_job_ends(run, figures):
    attempts = sum(run.rows[job_id].attempts - 1 for job_id in run.good)
    figures.append(
        f"{JOBS} jobs, {TWICE} sent twice, {POISON} poisoned, {KILLS} kills of {sum(run.killed)} processes: all ended "
        f"after {run.seconds:.0f} s; {attempts} repeated attempts, {run.ended_events.total() - JOBS} repeated events, "
        f"{run.late} published by the sweeper"
    )
    assert len(set(run.ids)) == len(run.rows) == JOBS
    assert all(run.killed)


def test_every_good_job_has_its_file_once(deployed, run):
    rows = [run.rows[job_id] for job_id in run.good]
    assert Counter(row.state for row in rows) == {"done": JOBS - POISON}
    assert len({row.audio.key for row in rows}) == len(rows)
    assert run.files == {row.audio.key for row in rows}


def test_every_file_is_complete(deployed, run):
    rows = [run.rows[job_id] for job_id in run.good]
    with ThreadPoolExecutor(4) as pool:
        whole = pool.map(lambda row: is_whole(deployed, row), rows)
        torn = [row.id for row, is_good in zip(rows, whole, strict=True) if not is_good]
    assert not torn


def is_whole(deployed, row):
    content = deployed.aws("s3").get_object(Bucket=deployed["AudioBucket"], Key=row.audio.key)["Body"].read()
    samples, rate = soundfile.read(io.BytesIO(content))
    return (len(content), rate, round(len(samples) / rate, 3)) == (
        row.audio.bytes,
        row.audio.sample_rate,
        round(row.audio.seconds, 3),
    )


def test_poison_messages_fail_with_their_reason(run):
    ends = [
        Counter((row.state, row.error.code, row.attempts) for row in (run.rows[job_id] for job_id in ids))
        for ids in (run.permanent, run.transient)
    ]
    assert ends == [
        {("failed", "unknown_voice", 1): len(run.permanent)},
        {("failed", "too_many_attempts", 5): len(run.transient)},
    ]
    assert all("(internal_error)" in run.rows[job_id].error.message for job_id in run.transient)


def test_a_kill_costs_at_most_one_attempt(run):
    again = sum(run.rows[job_id].attempts - 1 for job_id in run.good)
    assert again <= sum(run.killed)


def test_every_end_is_published_once(run):
    """Or twice, if a worker was killed between publishing the event and recording it."""
    assert run.ended_events.keys() == run.rows.keys()
    assert run.ended_events.total() - JOBS <= sum(run.killed)
