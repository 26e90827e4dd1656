"""Races of threads on one job; and many jobs with repeated messages, dying workers and outages."""

import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random
from threading import Barrier

import pytest

from herald.errors import Unavailable
from herald.jobs.job import State
from herald.jobs.job_worker import Postpone
from tests.support.job_services import BROKEN, UNSPEAKABLE, KilledWorker, sound_of
from tests.support.sqs_model import Sqs


@pytest.fixture
def frequent_thread_switches():
    """Switch threads as often as possible."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


def check_one_end(services, job):
    row = services.row(job)
    assert row.state is State.DONE
    assert services.audio.files[row.audio.key] == sound_of(job.script)
    assert len(services.events_of(job)) == 1


@pytest.mark.usefixtures("frequent_thread_switches")
def test_a_thousand_races_of_two_workers(services):
    jobs = [services.submit(f"Number {number}.") for number in range(1_000)]
    start = Barrier(2)

    def run(name):
        outcomes = []
        for job in jobs:
            start.wait()
            outcomes.append(services.work(job, name=f"{name} {job.id}"))
        return outcomes

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(run, ["one", "other"])
    published = [event.id for event in services.events.published]
    assert sorted(published) == sorted(job.id for job in jobs)
    assert services.audio.puts == len(services.audio.files) == services.speaker.calls["speak"] == 1_000
    assert {row.state for row in services.table.rows.values()} == {State.DONE}
    assert {row.attempts for row in services.table.rows.values()} == {1}
    # At least one of the two workers processed the job; the other returned Later or found it ended.
    assert all(None in pair for pair in zip(first, second, strict=True))
    assert all(later is None or isinstance(later, Postpone) for later in first + second)


@pytest.mark.usefixtures("frequent_thread_switches")
def test_two_workers_with_an_expired_lease_complete_one_job(services):
    """300 races that begin with the synthesis, for the file, the row and the event."""
    jobs = [services.submit(f"Number {number}.") for number in range(300)]
    start, speaking = Barrier(2), Barrier(2)
    services.speaker.faults.on_call = lambda _, when: when == "before" and speaking.wait(10)
    claim = services.table.claim

    def steal(job_id, to, *, worker, at, until):
        return claim(job_id, to, worker=worker, at=at, until=at)  # a lease that expires immediately

    services.table.claim = steal

    def run(name):
        for job in jobs:
            start.wait()
            services.work(job, name=f"{name} {job.id}")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, ["one", "other"]))
    for job in jobs:
        check_one_end(services, job)
    assert services.speaker.calls["speak"] == 600
    assert services.audio.puts == 300


@pytest.mark.usefixtures("frequent_thread_switches")
def test_three_hundred_races_of_notices_and_the_sweeper(services):
    jobs = [services.dialogue(f"Number {number}.") for number in range(300)]
    for job in jobs:
        services.hand_over(job)
    notices = [services.endpoint.finish(at) for at in range(300)]
    start = Barrier(3)

    def run(act):
        for at, job in enumerate(jobs):
            start.wait()
            services.gpu.check(services.row(job)) if act == "look" else services.gpu.notice(notices[at])

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(run, ["notice", "notice", "look"]))
    for job in jobs:
        check_one_end(services, job)


class Deaths:
    """Kills a number of workers, each at a random call."""

    def __init__(self, services, random, number):
        self.left = number
        self._services = services
        self._random = random
        self._calls = 0

    def maybe_kill(self, deliver):
        """Deliver a message. With a probability of 10 %, kill the worker at a random call, if it gets that far."""
        if self.left and self._random.random() < 0.1:
            self._calls = self._random.randrange(1, 16)
            self._services.on_call = self._on_call
        deliver()
        self._services.on_call = lambda *_: None

    def _on_call(self, *_):
        self._calls -= 1
        if self._calls == 0:
            self.left -= 1
            raise KilledWorker


def run(services, *, seed, twice=0.0, deaths=None):
    """Run the queues every second and the sweeper every 5 minutes, until all jobs have ended."""
    sqs, random, start = Sqs(services), Random(seed), services.time.now  # noqa: S311
    for second in range(20_000):
        letters = sqs.visible()
        random.shuffle(letters)
        for letter in letters:
            deliver = partial(sqs.deliver, letter, lose_the_answer=random.random() < twice)
            deaths.maybe_kill(deliver) if deaths else deliver()
        if second % 300 == 299:
            services.sweep()
        if all(row.ended and row.published for row in services.table.rows.values()):
            break
        services.time.move(1)
    return (services.time.now - start).total_seconds()


@pytest.mark.parametrize("seed", range(3))
def test_five_hundred_jobs_with_duplicates_poison_and_dying_workers(services, seed):
    """Promises 1 and 2: 5 % duplicates, 2 % poison messages, 20 deaths, any order."""
    bad = {f"{UNSPEAKABLE} {number}" if number % 2 else f"{BROKEN} {number}" for number in range(10)}
    jobs = [services.submit(text) for text in [*bad, *(f"Number {number}." for number in range(490))]]
    deaths = Deaths(services, Random(seed), 20)  # noqa: S311
    run(services, seed=seed, twice=0.05, deaths=deaths)
    assert deaths.left == 0
    done = [job for job in jobs if services.row(job).state is State.DONE]
    failed = {services.row(job).script.lines[0].text: services.row(job).error.code for job in jobs if job not in done}
    assert failed == {text: "invalid_text" if text.startswith(UNSPEAKABLE) else "too_many_attempts" for text in bad}
    assert len(done) == services.audio.puts == 490
    for job in done:
        assert services.audio.files[job.audio_key] == sound_of(job.script)
    published = Counter(event.id for event in services.events.published)
    assert published.keys() == {job.id for job in jobs}
    assert published.total() <= 500 + 20  # a worker that dies after publishing the event causes a second one
    assert sum(count for text, count in services.speaker.spoken.items() if text not in bad) <= 490 + 20
    assert max(services.speaker.spoken.values()) <= 5


@pytest.mark.parametrize("outage", ["table", "audio", "queues", "events", "all"])
def test_a_minute_of_outage_loses_no_job(services, outage):
    """All calls fail for a minute, despite retries."""
    jobs = [services.submit(f"Number {number}.") for number in range(50)]
    end = services.time.now.timestamp() + 60

    def on_call(port, _, when):
        if when == "before" and services.time.now.timestamp() < end and outage in {port, "all"}:
            raise Unavailable("Not now.")

    services.on_call = on_call
    run(services, seed=1)
    assert {services.row(job).state for job in jobs} == {State.DONE}
    assert len(services.events.published) == 50


@pytest.mark.parametrize("seed", range(5))
def test_a_minute_with_thirty_percent_failures_loses_no_job(services, seed):
    """Promise 12, but stricter: the calls fail after all retries of the AWS client."""
    random = Random(seed)  # noqa: S311
    jobs = [services.submit(f"Number {number}.") for number in range(100)]
    end = services.time.now.timestamp() + 60

    def on_call(port, _, when):
        if when == "before" and port != "speaker" and services.time.now.timestamp() < end and random.random() < 0.3:
            raise Unavailable("Not now.")

    services.on_call = on_call
    assert run(services, seed=seed) < 1_000
    assert {services.row(job).state for job in jobs} == {State.DONE}
    assert services.audio.puts == 100
    assert {event.id for event in services.events.published} == {job.id for job in jobs}
