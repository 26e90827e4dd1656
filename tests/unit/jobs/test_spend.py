"""The price of every job that ends is added to the spend of its tenant, once."""

from contextlib import suppress
from decimal import Decimal

import pytest

from herald.errors import Unavailable
from herald.jobs.job import DUE_AFTER, State


class Died(BaseException):
    """The end of a process."""


def spent(services):
    return [(spend.tenant, spend.price) for spend in services.table.spent]


def test_a_job_is_added_when_its_end_is_published(services):
    job = services.submit()
    services.work(job)
    price = services.row(job).price
    assert price > 0
    assert spent(services) == [("acme", price)]
    assert services.table.spent[0].at == services.row(job).ended_at


def test_a_job_whose_end_is_published_later_is_added_once(services):
    services.events.faults.before("publish", Unavailable("Not now."))
    job = services.submit()
    services.work(job)
    assert spent(services) == []
    services.time.move(DUE_AFTER[State.DONE].total_seconds() + 1)
    services.sweep()
    services.completion.publish(services.row(job))
    assert spent(services) == [("acme", services.row(job).price)]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_dies_while_it_records_the_end_loses_no_spend(services, when):
    getattr(services.table.faults, when)("mark_published", Died())
    job = services.submit()
    with suppress(Died):
        services.work(job)
    services.time.move(DUE_AFTER[State.DONE].total_seconds() + 1)
    services.sweep()
    assert services.row(job).published
    assert spent(services) == [("acme", services.row(job).price)]


@pytest.mark.parametrize("again", [False, True])
def test_a_repeated_request_is_not_added_again(services, again):
    for _ in range(2):
        services.work(services.submit(key="order-1"), fresh=not again)
    assert len(spent(services)) == 1


def test_a_cancelled_job_has_no_price(services):
    services.job_service.cancel(services.submit().id, tenant="acme")
    assert spent(services) == []


def test_the_item_of_a_batch_is_added_with_its_batch(services):
    job = services.submit().model_copy(update={"task_token": "token"})
    ended = job.model_copy(
        update={"state": State.DONE, "price": Decimal(1), "published": False, "ended_at": job.created_at}
    )
    services.table.rows[job.id] = ended
    services.completion.publish(ended)
    assert services.row(job).published
    assert spent(services) == []
