"""Kubernetes' probes of the worker."""

from contextlib import ExitStack

import httpx
import pytest

from herald.worker.__main__ import LONGEST_SILENCE, checks, serving_probes
from herald.worker.consumer import Pulse, Shutdown


@pytest.fixture
def probed():
    """The state of a worker, its clock, and a function that requests a path."""
    now = [0.0]
    pulse, shutdown = Pulse(clock=lambda: now[0]), Shutdown()
    with ExitStack() as exits:
        port = exits.enter_context(serving_probes(checks(pulse, shutdown), host="127.0.0.1", port=0))
        http = exits.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False))
        yield pulse, shutdown, now, lambda path: http.get(path).status_code


def test_a_worker_is_ready_when_its_queues_respond_and_until_it_stops(probed):
    pulse, shutdown, _, get = probed
    assert get("/readyz") == 503
    pulse.beat(receives=True)
    assert get("/readyz") == 200
    pulse.beat(receives=False)
    assert get("/readyz") == 503
    pulse.beat(receives=True)
    shutdown.request()
    assert get("/readyz") == 503
    assert get("/healthz") == 200, "a draining process must not be killed"


def test_a_worker_is_unhealthy_only_after_more_than_the_longest_job(probed):
    _, _, now, get = probed
    now[0] = LONGEST_SILENCE - 1
    assert get("/healthz") == 200
    now[0] = LONGEST_SILENCE
    assert get("/healthz") == 503


def test_other_paths_are_not_found(probed):
    *_, get = probed
    assert {get(path) for path in ("/", "/healthz/", "/readyz?x", "/../etc/passwd")} == {404}
