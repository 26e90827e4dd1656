"""Real threads on one job; and many jobs through an SQS that repeats itself, workers that die, and bad minutes."""

import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random
from threading import Barrier

import pytest

from herald.errors import Unavailable
from herald.jobs.states import State
from herald.jobs.work import Later
from tests.unit.jobs.services import BROKEN, UNSPEAKABLE, KilledWorker, sound_of
from tests.unit.jobs.sqs import Sqs


@pytest.fixture
def impatient():
    """Threads that take turns all the time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


def check_one_end(services, job):
    row = services.row(job)
    assert row.state is State.DONE
    assert services.audio.files[row.audio.key] == sound_of(job.script)
    assert len(services.told(job)) == 1


@pytest.mark.usefixtures("impatient")
def test_a_thousand_races_of_two_workers_on_one_job(services):
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
    told = [event.id for event in services.events.published]
    assert sorted(told) == sorted(job.id for job in jobs)
    assert services.audio.puts == len(services.audio.files) == services.speaker.calls["speak"] == 1_000
    assert {row.state for row in services.table.rows.values()} == {State.DONE}
    assert {row.attempts for row in services.table.rows.values()} == {1}
    # At least one of each two had the job, and nobody went away empty from one that was not over.
    assert all(None in pair for pair in zip(first, second, strict=True))
    assert all(later is None or isinstance(later, Later) for later in first + second)


@pytest.mark.usefixtures("impatient")
def test_two_who_both_speak_because_one_was_thought_dead(services):
    """300 races from the speaking on: to the file, to the row, to the event."""
    jobs = [services.submit(f"Number {number}.") for number in range(300)]
    start, speaking = Barrier(2), Barrier(2)
    services.speaker.faults.on_call = lambda _, when: when == "before" and speaking.wait(10)
    claim = services.table.claim

    def steal(job_id, to, *, worker, at, until):
        return claim(job_id, to, worker=worker, at=at, until=at)  # a lease that is over at once

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


@pytest.mark.usefixtures("impatient")
def test_three_hundred_races_of_a_notice_with_itself_and_with_a_look(services):
    jobs = [services.dialogue(f"Number {number}.") for number in range(300)]
    for job in jobs:
        services.hand_over(job)
    notices = [services.endpoint.finish(at) for at in range(300)]
    start = Barrier(3)

    def run(act):
        for at, job in enumerate(jobs):
            start.wait()
            services.gpu.look(services.row(job)) if act == "look" else services.gpu.notice(notices[at])

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(run, ["notice", "notice", "look"]))
    for job in jobs:
        check_one_end(services, job)


class Deaths:
    """So many workers die, each at some call."""

    def __init__(self, services, random, number):
        self.left = number
        self._services = services
        self._random = random
        self._calls = 0

    def perhaps(self, deliver):
        """Deliver a message; in one of ten cases the worker dies of it, if it makes so many calls."""
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
    """Let the queues and, every 5 minutes, the sweeper run in steps of a second, until all jobs have ended."""
    sqs, random, start = Sqs(services), Random(seed), services.time.now  # noqa: S311
    for second in range(20_000):
        letters = sqs.visible()
        random.shuffle(letters)
        for letter in letters:
            deliver = partial(sqs.deliver, letter, lose_the_answer=random.random() < twice)
            deaths.perhaps(deliver) if deaths else deliver()
        if second % 300 == 299:
            services.sweep()
        if all(row.ended and row.told for row in services.table.rows.values()):
            break
        services.time.move(1)
    return (services.time.now - start).total_seconds()


@pytest.mark.parametrize("seed", range(3))
def test_five_hundred_jobs_of_which_some_come_twice_and_some_are_poison(services, seed):
    """Promises 1 and 2: 5 % twice, 2 % poison, 20 deaths, any order."""
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
    told = Counter(event.id for event in services.events.published)
    assert told.keys() == {job.id for job in jobs}
    assert told.total() <= 500 + 20  # who dies between the event and the note of it leaves it to be told again
    assert sum(count for text, count in services.speaker.spoken.items() if text not in bad) <= 490 + 20
    assert max(services.speaker.spoken.values()) <= 5


@pytest.mark.parametrize("outage", ["table", "audio", "queues", "events", "all"])
def test_a_minute_without_a_service_costs_no_job(services, outage):
    """Not one call in a minute succeeds, however often it is tried."""
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
def test_a_minute_in_which_three_calls_of_ten_fail_costs_no_job(services, seed):
    """Promise 12, and harder: here they fail after all tries that a client of AWS makes by itself."""
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
