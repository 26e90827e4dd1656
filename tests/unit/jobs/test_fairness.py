"""One tenant's campaign does not hold up another's few jobs.

This is a model of SQS, not our code: what fair queues do, as their documentation tells it. That every message names its
tenant as its group is held by the tests of herald.aws; that vip jobs have a queue of their own by test_submit.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
"""

from collections import Counter, deque
from dataclasses import dataclass
from heapq import heappop, heappush

import pytest

NOISY_SHARE, NOISY_IN_FLIGHT = 0.1, 30
"""A tenant is noisy with more than a tenth of the messages in flight, and 30 of them or more."""
POLLERS = 5
"""Batches that Lambda asks for at first; later it adds up to 300 a minute, as far as MaximumConcurrency lets it.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"""
POLLERS_PER_SECOND = 300 / 60


@dataclass
class Queue:
    """A standard queue; fair, if its messages have groups."""

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
        mine = self.in_flight[tenant]
        return mine >= NOISY_IN_FLIGHT and mine > NOISY_SHARE * self.in_flight.total()


def finished(queue, *, batch, concurrency):
    """Tenants in the order in which their jobs end; each takes a second, and a batch one after the other."""
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


def big_ones_before_the_last_small_one(*, fair, batch, concurrency):
    queue = Queue(deque(["big"] * 290 + ["small"] * 10), fair, Counter())
    order = finished(queue, batch=batch, concurrency=concurrency)
    assert Counter(order) == {"big": 290, "small": 10}
    last = max(at for at, tenant in enumerate(order) if tenant == "small")
    return order[:last].count("big")


@pytest.mark.parametrize("concurrency", [10, 20, 50])
def test_the_small_tenant_is_done_before_the_big_one_is_half_through(concurrency):
    assert big_ones_before_the_last_small_one(fair=True, batch=5, concurrency=concurrency) < 145


def test_without_groups_it_would_be_last():
    assert big_ones_before_the_last_small_one(fair=False, batch=5, concurrency=20) > 250


def test_in_batches_of_ten_it_waits_for_itself():
    """All its jobs may lie in one batch, which is spoken one after the other while 19 others are at the big one's."""
    assert big_ones_before_the_last_small_one(fair=True, batch=10, concurrency=20) == 160


@pytest.mark.parametrize(("batch", "concurrency"), [(10, 2), (5, 5), (1, 20)])
def test_where_less_than_thirty_are_in_flight_nobody_is_noisy(batch, concurrency):
    """SQS then goes by shares of processing time, for which its documentation tells no window: not modelled."""
    assert big_ones_before_the_last_small_one(fair=True, batch=batch, concurrency=concurrency) > 250
