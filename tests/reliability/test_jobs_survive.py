"""Nothing accepted is lost, and nothing is there twice, whatever is delivered twice, poisoned or killed.

`make test-soak` runs it with 10,000 jobs and 20 kills (HERALD_SOAK_JOBS, HERALD_SOAK_KILLS).

Each kill ends all processes of the worker function at once, in the middle of their batches. The emulator then lets the
messages come back when their visibility ends, as SQS does; the test's is shorter than the template's, yet longer than a
worker holds a short job. A message that is delivered twice is two messages here, as the emulator delivers none twice by
itself. Transient poison begins with two of its five attempts behind it: the pauses between all five take minutes.
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
from tests.jobs import a_script
from tests.local.tools import workers
from tests.reliability.deployed import until
from tests.reliability.told import Told

JOBS = int(os.environ.get("HERALD_SOAK_JOBS", "500"))
KILLS = int(os.environ.get("HERALD_SOAK_KILLS", "5"))
TWICE, POISON = JOBS // 20, JOBS // 50
RECEIPTS = 3
VISIBILITY = "40"
"""Seconds; a worker that died holds its job for 30."""
LONGEST = 180 + JOBS
"""Seconds; a quiet machine with two cores needs 70 for 500 jobs."""
WORDS = (
    "ant", "bee", "bow", "bus", "cup", "day", "egg", "elm", "fox", "hat", "ice", "ink", "jam", "key", "net", "oak",
    "owl", "rye", "sea", "ski", "sun", "tea", "toy",
)  # fmt: skip
VOICE = "en_US-joe-medium"


@dataclass
class Run:
    """What was asked for, and what became of it."""

    good: list[str] = field(default_factory=list)
    permanent: list[str] = field(default_factory=list)
    transient: list[str] = field(default_factory=list)
    killed: list[int] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    """Keys of the files that came to be."""
    rows: dict = field(default_factory=dict)
    told: Counter = field(default_factory=Counter)
    late: int = 0
    """Ends that the sweeper had to tell."""
    seconds: float = 0.0

    @property
    def ids(self):
        return [*self.good, *self.permanent, *self.transient]


def texts():
    """Short texts, each another."""
    together = 2 if len(WORDS) ** 2 >= JOBS else 3
    return [f"{' '.join(words)}." for words in islice(product(WORDS, repeat=together), JOBS - POISON)]


def keys(house):
    pages = house.aws("s3").get_paginator("list_objects_v2").paginate(Bucket=house["AudioBucket"], Prefix="audio/")
    return {one["Key"] for page in pages for one in page.get("Contents", [])}


def poison(house, number):
    """A job for a voice that is not there, or one that makes the worker stumble: what it calls one line is two."""
    voice = VOICE if number % 2 else "nobody"
    lines = tuple(Line(text=f"Poison {number}.", voice=voice) for _ in range(1 + number % 2))
    script = a_script().model_copy(update={"lines": lines})
    begun = {"attempts": 5 - RECEIPTS} if number % 2 else {}
    return house.put(script, audio_key=f"audio/{TENANT}/poison-{number}.mp3", **begun).id


def good(house, text, twice):
    job_id = house.post(input=text, response_format="wav", speed=2.0)["id"]
    if twice:
        house.parts.queues.send(house.parts.table.get(job_id))
    return job_id


def kill(house):
    """End all processes of the worker function, which are this stack's own; return how many."""
    ended = 0
    for pid in workers(house.stack, "WorkerFunction"):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            ended += 1
    return ended


def ids_of(events):
    return Counter(event["detail"]["id"] for event in events)


def all_ended(house, ids):
    """Sweep, as happens every five minutes, until all jobs have ended; return their rows."""

    def look():
        house.sweep()
        rows = house.rows(ids)
        return all(row.ended for row in rows.values()) and rows

    return until(look, LONGEST, pause=1 + JOBS / 1000)


@pytest.fixture(scope="module")
def run(house):
    run, began, before = Run(), time.monotonic(), keys(house)
    twice = set(Random(1).sample(range(JOBS - POISON), TWICE))  # noqa: S311
    with (
        house.queue_with("StandardQueue", VisibilityTimeout=VISIBILITY),
        house.dead_after("StandardQueue", RECEIPTS),
        Told(house, "told-survive") as told,
        ThreadPoolExecutor(4) as pool,
    ):
        poisoned = [poison(house, number) for number in range(POISON)]
        run.permanent, run.transient = poisoned[::2], poisoned[1::2]
        sent = [pool.submit(good, house, text, at in twice) for at, text in enumerate(texts())]
        for number in range(KILLS):
            until(lambda number=number: len(ids_of(told.all())) >= (number + 1) * JOBS // (KILLS * 2), LONGEST)
            run.killed.append(kill(house))
        run.good = [one.result() for one in sent]
        run.rows = all_ended(house, run.ids)
        run.seconds = time.monotonic() - began
        run.told, run.late = told.each(run.ids), len(told.late)
        until(lambda: not house.waiting("StandardQueue", "StandardDeadLetters"), LONGEST, pause=1)
    run.files = keys(house) - before
    return run


def test_every_job_ends(run, figures):
    attempts = sum(run.rows[job_id].attempts - 1 for job_id in run.good)
    figures.append(
        f"{JOBS} jobs, {TWICE} sent twice, {POISON} poisoned, {KILLS} kills of {sum(run.killed)} processes: all ended "
        f"after {run.seconds:.0f} s; {attempts} attempts begun again, {run.told.total() - JOBS} ends told again, "
        f"{run.late} told by the sweeper"
    )
    assert len(set(run.ids)) == len(run.rows) == JOBS
    assert all(run.killed)


def test_every_good_job_has_its_file_once(house, run):
    rows = [run.rows[job_id] for job_id in run.good]
    assert Counter(row.state for row in rows) == {"done": JOBS - POISON}
    assert len({row.audio.key for row in rows}) == len(rows)
    assert run.files == {row.audio.key for row in rows}


def test_every_file_is_whole(house, run):
    rows = [run.rows[job_id] for job_id in run.good]
    with ThreadPoolExecutor(4) as pool:
        whole = pool.map(lambda row: is_whole(house, row), rows)
        torn = [row.id for row, is_good in zip(rows, whole, strict=True) if not is_good]
    assert not torn


def is_whole(house, row):
    content = house.aws("s3").get_object(Bucket=house["AudioBucket"], Key=row.audio.key)["Body"].read()
    samples, rate = soundfile.read(io.BytesIO(content))
    return (len(content), rate, round(len(samples) / rate, 3)) == (
        row.audio.bytes,
        row.audio.sample_rate,
        round(row.audio.seconds, 3),
    )


def test_poison_fails_with_its_reason(run):
    ends = [
        Counter((row.state, row.error.code, row.attempts) for row in (run.rows[job_id] for job_id in ids))
        for ids in (run.permanent, run.transient)
    ]
    assert ends == [
        {("failed", "unknown_voice", 1): len(run.permanent)},
        {("failed", "too_many_attempts", 5): len(run.transient)},
    ]
    assert all("(internal_error)" in run.rows[job_id].error.message for job_id in run.transient)


def test_a_kill_costs_an_attempt_at_most(run):
    again = sum(run.rows[job_id].attempts - 1 for job_id in run.good)
    assert again <= sum(run.killed)


def test_every_end_is_told_once(run):
    """Or twice, where a kill fell between the telling and the note that it was told."""
    assert run.told.keys() == run.rows.keys()
    assert run.told.total() - JOBS <= sum(run.killed)
