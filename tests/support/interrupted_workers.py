"""Jobs whose workers, outside Lambda, are killed and terminated while they work.

A worker has the methods send_signal, terminate and wait of subprocess.Popen. HERALD_SOAK_JOBS sets the number of jobs.
"""

import os
import signal
import time
from contextlib import contextmanager
from itertools import product
from random import Random
from typing import NamedTuple

from tests.support.deployed_stack import until

JOBS = int(os.environ.get("HERALD_SOAK_JOBS", "60"))
TWICE = JOBS // 20
LONGEST = 180 + JOBS
QUEUES = ("StandardQueue", "VipQueue")
MAPPINGS = ("WorkerFunctionStandard", "WorkerFunctionVip")
WORDS = (
    "ash", "bay", "cat", "dew", "ear", "fig", "gum", "hen", "ivy", "jar", "kit", "log", "mud", "nut", "oar", "pea",
    "rug", "sky", "toe", "urn", "van", "web", "yak", "zoo", "arm", "bed", "cup", "dot", "egg", "fan", "gap", "hat",
)  # fmt: skip


@contextmanager
def without_functions(deployed):
    with deployed.paused(*MAPPINGS):
        time.sleep(2)  # a poll that has begun
        yield


def texts():
    return [f"{one} {other}." for one, other in product(WORDS, repeat=2)][:JOBS]


def submit(deployed, number, text):
    job_id = deployed.post(input=text, response_format="wav", priority="standard" if number % 3 else "vip")["id"]
    if number in set(Random(2).sample(range(JOBS), TWICE)):  # noqa: S311
        deployed.parts.queues.send(deployed.parts.table.get(job_id))
    return job_id


def done(deployed, ids):
    return sum(row.ended for row in deployed.rows(ids).values())


def interrupted(deployed, start, *, workers=2):
    """Run jobs while one worker is killed and one is terminated; return a Run."""
    with without_functions(deployed):
        deployed.purge(*QUEUES)
        ids = [submit(deployed, number, text) for number, text in enumerate(texts())]
        running, killed, statuses = [start() for _ in range(workers)], 0, []
        began = time.monotonic()
        for part, number in ((4, signal.SIGKILL), (2, signal.SIGTERM)):
            until(lambda part=part: done(deployed, ids) >= JOBS // part, LONGEST, pause=0.2)
            ended = running.pop(0)
            ended.send_signal(number)
            status = ended.wait(30)
            killed += number == signal.SIGKILL
            statuses += [status] if number == signal.SIGTERM else []
            running.append(start())
        rows = deployed.all_ended(ids, LONGEST)
        until(lambda: not deployed.waiting(*QUEUES), LONGEST, pause=1)
        seconds = time.monotonic() - began
        for process in running:
            process.terminate()
        statuses += [process.wait(30) for process in running]
        return Run(rows, killed, statuses, seconds)


class Run(NamedTuple):
    """How jobs ended whose workers were interrupted."""

    rows: dict
    killed: int
    statuses: list[int]
    """Exit statuses of the terminated workers."""
    seconds: float
