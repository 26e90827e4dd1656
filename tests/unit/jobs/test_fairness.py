"""The campaign of one tenant does not hold up the few jobs of another.

This is a model of fair queues in SQS as documented, not a test of our code. Tests of herald.aws check that every
message has its tenant as its group; test_submit.py checks that vip jobs have a separate queue.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
"""

from collections import Counter, deque
from dataclasses import dataclass
from heapq import heappop, heappush

import pytest

NOISY_SHARE, NOISY_IN_FLIGHT = 0.1, 30
"""A tenant is noisy with more than a tenth of the messages in flight, and at least 30."""
POLLERS = 5
"""Concurrent batches of Lambda at first. It adds up to 300 a minute, limited by MaximumConcurrency.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"""
POLLERS_PER_SECOND = 300 / 60


@dataclass
class Queue:
    """A standard queue, which is fair if its messages have groups."""

    waiting: deque[str]
    fair: bool
    in_flight: Counter[str]

    def receive(self, most):
        return [self._next() for _ in range(min(most, len(self.waiting)))]

    def _next(self):
        quiet = (tenant for tenant in self.waiting if not (self.fair and self._noisy(tenant)))
        tenant = next(quiet, self.waiting[0])
        self.waiting.remove(tenant)
        self.in_flight[tenant] += 1
        return tenant

    def _noisy(self, tenant):
        in_flight = self.in_flight[tenant]
        return in_flight >= NOISY_IN_FLIGHT and in_flight > NOISY_SHARE * self.in_flight.total()


def finished(queue, *, batch, concurrency):
    """Return tenants in the order in which their jobs end. Each job takes a second; a batch is processed in
    sequence."""
    order, free = [], []
    for poller in range(concurrency):
        heappush(free, (max(0, poller - POLLERS + 1) / POLLERS_PER_SECOND, poller, []))
    while free:
        at, poller, done = heappop(free)
        for tenant in done:
            queue.in_flight[tenant] -= 1
        if not queue.waiting:
            continue
        received = queue.receive(batch)
        order += [(at + position + 1, tenant) for position, tenant in enumerate(received)]
        heappush(free, (at + len(received), poller, received))
    return [tenant for _, tenant in sorted(order)]


def big_jobs_before_the_last_small_one(*, fair, batch, concurrency):
    queue = Queue(deque(["big"] * 290 + ["small"] * 10), fair, Counter())
    order = finished(queue, batch=batch, concurrency=concurrency)
    assert Counter(order) == {"big": 290, "small": 10}
    last = max(at for at, tenant in enumerate(order) if tenant == "small")
    return order[:last].count("big")


@pytest.mark.parametrize("concurrency", [10, 20, 50])
def test_small_tenant_is_done_before_the_big_one_is_half_done(concurrency):
    assert big_jobs_before_the_last_small_one(fair=True, batch=5, concurrency=concurrency) < 145


def test_without_groups_the_small_tenant_is_last():
    assert big_jobs_before_the_last_small_one(fair=False, batch=5, concurrency=20) > 250


def test_in_batches_of_ten_the_small_tenant_delays_itself():
    """All jobs of the small tenant may be in one batch, which is processed in sequence."""
    assert big_jobs_before_the_last_small_one(fair=True, batch=10, concurrency=20) == 160


@pytest.mark.parametrize(("batch", "concurrency"), [(10, 2), (5, 5), (1, 20)])
def test_no_tenant_is_noisy_with_less_than_thirty_in_flight(batch, concurrency):
    """SQS then uses shares of processing time over an undocumented window, which is not modelled."""
    assert big_jobs_before_the_last_small_one(fair=True, batch=batch, concurrency=concurrency) > 250
