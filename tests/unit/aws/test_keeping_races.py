"""No order of the S3 calls of concurrent requests deletes a file that a job still keeps."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from queue import Queue
from threading import local

import pytest

from herald.aws.audio_store import S3AudioStore
from tests.support.s3_fake import MemoryS3
from tests.unit.aws.test_audio import AUDIO, FILE, KEY

READS = {"HeadObject", "GetObjectTagging"}


class Gate:
    """Stops the calls of each thread until they are let through, one at a time."""

    def __init__(self, s3):
        self._own = local()
        s3.before_call = self._call

    def _call(self, operation):
        if own := getattr(self._own, "gate", None):
            asked, let = own
            asked.put(operation)
            let.get()

    def _run(self, own, act):
        self._own.gate = own
        try:
            return act()
        finally:
            self._own.gate = None
            own[0].put(None)

    def run(self, acts, first):
        """Run `acts` concurrently, with their calls in the order `first`, and then one act after the other.

        Return their results and the steps: the act whose call was let through, and the next calls of all acts.
        """
        gates, steps = [(Queue(), Queue()) for _ in acts], []
        with ThreadPoolExecutor(len(acts)) as pool:
            futures = [pool.submit(self._run, gate, act) for gate, act in zip(gates, acts, strict=True)]
            calls = {number: asked.get() for number, (asked, _) in enumerate(gates)}
            while going := {number: call for number, call in calls.items() if call}:
                chosen = first[len(steps)] if len(steps) < len(first) else min(going)
                steps.append((chosen, going))
                gates[chosen][1].put(True)
                calls[chosen] = gates[chosen][0].get()
            return [future.result() for future in futures], steps


def orders(run):
    """Call `run` for each order of the calls of two acts; it gets the beginning of an order and returns the steps.

    Orders that differ only in reads next to each other have the same effect, so one of them is enough.
    """
    waiting = [()]
    while waiting:
        first = waiting.pop()
        steps = run(first)
        order = tuple(chosen for chosen, _ in steps)
        for at in range(len(first), len(order)):
            for other, call in steps[at][1].items():
                last = steps[at - 1][1][order[at - 1]] if at and order[at - 1] > other else None
                if other != order[at] and not {call, last} <= READS:
                    waiting.append((*order[:at], other))


def keep(job):
    return lambda store: {job: store.find(KEY, keeper=job)}


def speak(job):
    return lambda store: {job: store.put(FILE, AUDIO, keeper=job).file}


def release(job):
    def act(store):
        store.expire(KEY, by=job)
        return {job: None}

    return act


def expiring(store):
    store.put(FILE, AUDIO)
    return {}


RACES = {
    "a release and a keeper": ([speak("a")], [release("a")], [keep("b")]),
    "a release and a job that has spoken": ([speak("a")], [release("a")], [speak("b")]),
    "two keepers": ([expiring], [keep("a")], [keep("b"), release("b")]),
    "two jobs that have spoken": ([], [speak("a")], [speak("b"), release("b")]),
    "a keeper and a job that has spoken": ([expiring], [speak("a")], [keep("b"), release("b")]),
    "a release and a later keeper": ([speak("a"), keep("b")], [release("a")], [keep("c")]),
    "a repeated release and the same job": ([speak("a")], [release("a")], [release("a"), keep("a")]),
    "two releases": ([speak("a"), keep("b"), keep("c")], [release("a")], [release("b")]),
}


@pytest.mark.parametrize(("before", "one", "other"), RACES.values(), ids=RACES)
def test_a_file_is_not_deleted_while_a_job_keeps_it(monkeypatch, before, one, other):
    monkeypatch.setattr("herald.aws.audio_store._PAUSE", 0)
    s3 = MemoryS3()
    store, gate = S3AudioStore(s3, bucket="bucket"), Gate(s3)

    def run(first):
        s3.objects.clear()
        kept = all_of(before, store)
        results, steps = gate.run([partial(all_of, acts, store) for acts in (one, other)], first)
        for result in results:
            kept |= result
        delete_released(s3)
        for job in filter(kept.get, kept):
            assert kept[job].key in s3.objects, (job, steps)
            assert store.find(KEY, keeper=job), (job, steps)
        return steps

    orders(run)


def all_of(acts, store):
    """Return the files that the jobs keep after all `acts`."""
    return {job: file for act in acts for job, file in act(store).items()}


def delete_released(s3):
    """Delete what the lifecycle rule of the bucket deletes."""
    released = [{"Key": "kept_by", "Value": "none"}]
    for key in [key for key, found in s3.objects.items() if found.tags == released]:
        del s3.objects[key]
