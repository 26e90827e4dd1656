"""A request sent a hundred times at once takes effect once. Threads stand for environments that share only AWS."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from herald.batches.batch_files import BatchFiles
from herald.batches.batch_request import BatchRequest
from herald.jobs.job import State
from herald.runtime.batch_runtime import BatchDependencies
from tests.support.http_events import ANYBODY
from tests.unit.functions.test_jobs import TEXT, bring

AT_ONCE = 100
ROWS = BatchRequest(name="Reminders", template="Hallo {name}.", items=[{"name": "Ann"}, {"name": "Bob"}])
UPLOAD = BatchRequest(name="Reminders", template="Hallo {name}.")


@pytest.fixture
def at_once():
    """Return a function that calls another a hundred times at once and returns the results."""

    def at_once(do):
        start = Barrier(AT_ONCE)

        def one(_):
            start.wait()
            return do()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(one, range(AT_ONCE)))

    return at_once


@pytest.fixture
def batch_service(parts):
    """The service for batches, created before the race."""
    return BatchDependencies(parts).batch_service


@pytest.mark.parametrize("request_", [ROWS, UPLOAD], ids=["rows", "upload"])
def test_submitting_a_batch(cloud, batch_service, at_once, request_):
    batches = at_once(lambda: batch_service.submit(request_, caller=ANYBODY, key="7c9e6679"))
    assert len({batch.id for batch in batches}) == 1
    assert len([row for row in cloud.rows() if "document" in row]) == 1
    assert len({given["name"] for given in cloud.calls("StartExecution")}) == (1 if request_ is ROWS else 0)


def test_starting_a_batch(cloud, batch_service, at_once):
    batch = batch_service.submit(UPLOAD, caller=ANYBODY)
    BatchFiles.of(batch_service.objects, batch).put_manifest([{"name": "Ann"}])
    started = at_once(lambda: batch_service.start(batch.id, tenant=ANYBODY.tenant))
    assert {one.id for one in started} == {batch.id}
    assert len({given["name"] for given in cloud.calls("StartExecution")}) == 1


def test_retrying_a_job(cloud, parts, http, at_once):
    job_id = http("POST", "/v1/jobs", {"input": TEXT}).json["id"]
    bring(parts, job_id, State.FAILED)
    cloud.messages("vip")
    again = at_once(lambda: parts.job_service.retry(job_id, tenant=ANYBODY.tenant))
    assert len({job.id for job in again}) == 1
    assert len(cloud.rows()) == 2
    assert len(cloud.messages("vip")) == 1
