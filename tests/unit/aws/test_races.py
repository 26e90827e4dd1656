"""Of many concurrent attempts at the same operation, one succeeds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from herald.jobs.job import ENDS, AudioFile, State
from tests.support.job_samples import NOON, a_job

MANY = 50


def at_once(operation):
    """Call `operation` with 0..49 in 50 threads that start together; return the results."""
    start = Barrier(MANY)

    def call(number):
        start.wait()
        return operation(number)

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(call, range(MANY)))


def test_one_of_many_adds_wins(table):
    job = a_job()
    stored = at_once(lambda number: table.add(job.model_copy(update={"created_at": NOON + timedelta(seconds=number)})))
    assert len({one.created_at for one in stored}) == 1
    assert table.get(job.id) == stored[0]


def test_one_of_many_claims_wins(table):
    job = table.add(a_job())
    until = NOON + timedelta(minutes=1)
    claims = at_once(lambda number: table.claim(job.id, State.SPEAKING, worker=f"w{number}", at=NOON, until=until))
    (winner,) = [claim for claim in claims if claim]
    assert winner == table.get(job.id)
    assert winner.attempts == 1


def test_one_of_many_ends_wins(table):
    job = table.add(a_job())
    ends = sorted(ENDS)
    moves = at_once(lambda number: table.move(job.id, ends[number % 3], at=NOON, changes={"fingerprint": f"{number}"}))
    (winner,) = [move for move in moves if move]
    assert winner == table.get(job.id)


def test_either_one_cancellation_or_one_claim_wins(table):
    job = table.add(a_job())
    until = NOON + timedelta(minutes=1)

    def either(number):
        if number % 2:
            return table.move(job.id, State.CANCELLED, at=NOON)
        return table.claim(job.id, State.SPEAKING, worker=f"w{number}", at=NOON, until=until)

    assert len([one for one in at_once(either) if one]) == 1


def test_concurrent_attempts_are_all_counted(table):
    job = table.add(a_job())
    at_once(lambda _: table.claim(job.id, State.SPEAKING, worker="w", at=NOON, until=NOON))
    assert table.get(job.id).attempts == MANY


def test_one_of_many_files_is_stored(store):
    def put(number):
        file = b"%d" % number * 100
        audio = AudioFile(key="audio/acme/1", seconds=number, bytes=0, sample_rate=8_000, media_type="audio/basic")
        return store.put(file, audio).file

    stored = at_once(put)
    assert len({one.seconds for one in stored}) == 1
    assert store.find("audio/acme/1") == stored[0]
