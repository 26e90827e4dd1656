"""Two workers on one job at the same time: one file, one end, one event.

The workers are Herald's code with real tables, files and events on the emulator; only the voice is fake.
tests/unit/jobs has more of these races, in memory.
"""

import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event, Lock

import numpy as np
import pytest
import soundfile

from herald.clock import utc_now
from herald.jobs.job_messages import JobMessage
from herald.jobs.job_worker import Postpone, Worker
from herald.jobs.ports import SpokenFile
from herald.jobs.script import audio_key
from tests.support.deployed_stack import until
from tests.support.end_events import EndEvents
from tests.support.job_samples import a_job, a_script
from tests.support.voice_catalog import VOICES

RACES, LATE = 200, 20
RATE = 8_000


class Voice:
    """A fake voice: returns unique noise, after calling `wait`."""

    def __init__(self, wait=lambda: None):
        self.spoken, self._lock, self._wait = 0, Lock(), wait

    def speak(self, script, *, time_left):  # noqa: ARG002  as a Speaker
        with self._lock:
            self.spoken += 1
            noise = np.random.default_rng(id(self) + self.spoken).uniform(-0.5, 0.5, RATE // 10)
        self._wait()
        file = io.BytesIO()
        soundfile.write(file, noise, RATE, format="WAV")
        return SpokenFile(
            file=file.getvalue(),
            seconds=0.1,
            sample_rate=RATE,
            media_type="audio/wav",
            processing_seconds=0.1,
            voices=VOICES,
        )


def worker(deployed, voice, clock=utc_now):
    parts = deployed.parts
    return Worker(
        table=parts.table,
        audio=parts.audio,
        queues=parts.queues,
        speaker=voice,
        completion=parts.completion,
        clock=clock,
        gpu=True,
    )


def work(deployed, job, voice, name, clock=utc_now):
    message = JobMessage(job=job.id, tenant=job.tenant)
    return worker(deployed, voice, clock).work(message, name=name, time_left=lambda: 300.0, fresh=True)


@pytest.fixture
def ended_events(deployed, request):
    with EndEvents(deployed, f"ended-{request.node.name}") as ended_events:
        yield ended_events


def add(deployed, name):
    script = a_script(f"Race {name}.")
    key = audio_key(script, "race", VOICES)
    return deployed.parts.table.add(a_job(at=utc_now(), tenant="race", script=script, audio_key=key))


def check(deployed, ended_events, jobs):
    """Check that each job is done, has the file of its row and one event, and that there are no other files."""
    rows = deployed.rows([job.id for job in jobs])
    assert {row.state for row in rows.values()} == {"done"}
    for row in rows.values():
        head = deployed.aws("s3").head_object(Bucket=deployed["AudioBucket"], Key=row.audio.key)
        assert (head["ContentLength"], float(head["Metadata"]["seconds"])) == (row.audio.bytes, row.audio.seconds)
    until(lambda: len(ended_events.all()) >= len(jobs))
    assert Counter(event["detail"]["id"] for event in ended_events.all()) == Counter(rows.keys())
    return rows


def test_one_of_two_workers_does_the_job(deployed, ended_events):
    jobs = [add(deployed, f"once-{number}") for number in range(RACES)]
    voices = [Voice() for _ in jobs]

    def race(number):
        start = Barrier(2)

        def run(name):
            start.wait()
            return work(deployed, jobs[number], voices[number], name)

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(run, ("one", "two")))

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(race, range(RACES)))
    assert {voice.spoken for voice in voices} == {1}
    assert {row.attempts for row in check(deployed, ended_events, jobs).values()} == {1}
    # The other worker retries later, or finds the job done.
    assert all(
        None in result and isinstance(result[0] or result[1] or Postpone(seconds=1), Postpone) for result in results
    )


def test_a_worker_presumed_dead_changes_nothing(deployed, ended_events):
    """Its lease expired and another worker completed the job: both synthesized, but only one file is kept."""
    jobs = [add(deployed, f"late-{number}") for number in range(LATE)]

    def race(job):
        speaking, done = Event(), Event()

        def wait():
            speaking.set()
            assert done.wait(30)

        slow, quick = Voice(wait), Voice()
        with ThreadPoolExecutor(1) as pool:
            late = pool.submit(work, deployed, job, slow, "late")
            assert speaking.wait(30)
            work(deployed, job, quick, "next", lambda: utc_now() + timedelta(minutes=5))
            before = file(deployed, job)
            done.set()
            assert late.result() is None
        assert (slow.spoken, quick.spoken) == (1, 1)
        assert file(deployed, job) == before

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(race, jobs))
    assert {row.attempts for row in check(deployed, ended_events, jobs).values()} == {2}


def file(deployed, job):
    return deployed.aws("s3").get_object(Bucket=deployed["AudioBucket"], Key=job.audio_key)["Body"].read()
