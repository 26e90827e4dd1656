"""Order of jobs: vip is not delayed by campaigns, and tenants are not delayed by a thousand jobs of another.

Herald's part is a separate queue with workers for vip, and MessageGroupId = tenant on every message, which is all that
SQS's fair queues require of a sender (herald.aws.messaging). The delivery order is the emulator's part:
local/patches/queues.py models it as AWS documents it. ministack itself delivers in order of sending, with which the
second test fails. The behaviour of AWS itself cannot be tested locally.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from herald.jobs.job_request import JobRequest
from tests.support.deployed_stack import deployed

MANY, FEW = 300, 10
STANDARD, VIP = "WorkerFunctionStandard", "WorkerFunctionVip"
TEXTS = ("Please come in.", "Thank you.", "One moment.", "Good night.")
"""Few texts, because only the order matters: most jobs hit the cache."""
LONGEST = 240
"""Seconds; an idle machine with two cores needs 15."""

deployed = pytest.fixture(deployed, scope="module")


def body(number, mark):
    return {"input": f"{TEXTS[number % len(TEXTS)]} {mark}.", "response_format": "ulaw"}


def submit(deployed, how_many, ask):
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(ask, range(how_many)))


def ranks(rows, ids):
    """Return the ranks of jobs in the order of their ends, from 1."""
    place = dict(zip(sorted(rows, key=lambda job_id: rows[job_id].ended_at), count(1), strict=False))
    return sorted(place[job_id] for job_id in ids)


def test_vip_does_not_wait_behind_a_campaign(deployed):
    with deployed.paused(VIP, STANDARD):
        standard = submit(deployed, MANY, lambda number: deployed.post(**body(number, "Crowd"))["id"])
        vip = submit(deployed, FEW, lambda number: deployed.post(**body(number, "Guest"), priority="vip")["id"])
    rows = deployed.all_ended(standard + vip, LONGEST)
    assert {row.state for row in rows.values()} == {"done"}
    assert ranks(rows, vip)[-1] < MANY / 2


def test_one_tenant_does_not_wait_for_another(deployed):
    def ask(number):
        tenant = "quiet" if number >= MANY - FEW else "loud"
        return deployed.parts.job_service.submit(JobRequest(**body(number, "Fair")), tenant=tenant).id

    with deployed.paused(STANDARD):
        ids = submit(deployed, MANY, ask)
    rows = deployed.all_ended(ids, LONGEST)
    assert {row.state for row in rows.values()} == {"done"}
    quiet = [job_id for job_id in ids if rows[job_id].tenant == "quiet"]
    assert len(quiet) == FEW
    assert ranks(rows, quiet)[-1] < MANY / 2
