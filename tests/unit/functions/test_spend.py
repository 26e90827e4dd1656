"""GET /v1/usage returns what the tenant's responses, jobs and batches cost, by day."""

import pytest

from herald.functions import worker
from tests.unit.functions.conftest import Context
from tests.unit.functions.test_batches import ITEMS, ORDER, drive

TEXT = "Guten Tag."


def spend(http, **who):
    return http("GET", "/v1/usage?days=1", **who).json["data"][0]["spend"]


def test_the_spend_is_the_sum_of_the_prices(http, cloud):
    spoken = float(http("POST", "/v1/audio/speech", {"input": TEXT}).headers["X-Herald-Price"])
    assert spend(http) == pytest.approx(spoken, abs=1e-9)
    job_id = http("POST", "/v1/jobs", {"input": TEXT, "priority": "standard"}).json["id"]
    assert spend(http) == pytest.approx(spoken, abs=1e-9)
    worker.handler(cloud.receive("standard"), Context(milliseconds_left=900_000))
    job = http("GET", f"/v1/jobs/{job_id}").json
    assert job["state"] == "done"
    assert spend(http) == pytest.approx(spoken + job["price"], abs=1e-9)
    batch_id = http("POST", "/v1/batches", ORDER | {"items": ITEMS}).json["id"]
    drive(cloud)
    batch = http("GET", f"/v1/batches/{batch_id}").json
    assert batch["state"] == "done"
    assert spend(http) == pytest.approx(spoken + job["price"] + batch["price"], abs=1e-9)
    assert spend(http, tenant="mallory") == 0


def test_a_hit_costs_its_acceptance(http, cloud):
    first = http("POST", "/v1/jobs", {"input": TEXT, "priority": "standard"}).json
    worker.handler(cloud.receive("standard"), Context(milliseconds_left=900_000))
    before = spend(http)
    again = http("POST", "/v1/jobs", {"input": TEXT, "priority": "standard"}).json
    assert (again["state"], again["hit"]) == ("done", True)
    assert again["id"] != first["id"]
    assert spend(http) == pytest.approx(before + again["price"], abs=1e-9)


def test_a_refused_text_costs_nothing(http):
    assert http("POST", "/v1/audio/speech", {"input": ""}).status == 400
    assert spend(http) == 0


def test_90_days_are_read_by_their_ids(http, cloud):
    cloud.asked.clear()
    assert len(http("GET", "/v1/usage?days=90").json["data"]) == 90
    assert [name for name, _ in cloud.asked] == ["BatchGetItem", "BatchGetItem"]
