"""The worker's main program processes jobs until it is terminated, and does not start without what it needs."""

import os
import signal
import sys
from threading import Thread

import httpx
import pytest

from herald.errors import VoiceNotPrepared
from herald.jobs.job import State
from herald.jobs.job_request import JobRequest
from herald.worker.__main__ import main
from tests.support.deployed_stack import until
from tests.unit.conftest import voices_folder
from tests.unit.functions.conftest import clients, cloud, environment, logged, parts

__all__ = ["clients", "cloud", "environment", "parts", "voices_folder"]
"""Fixtures."""


@pytest.fixture(autouse=True)
def program(monkeypatch):
    """Set the arguments; restore the handlers of signals, which the program replaces."""
    monkeypatch.setattr(sys, "argv", ["herald.worker", "--host", "127.0.0.1", "--port", "0"])
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def terminated_after():
    """Return a function that runs a check in a thread, and sends SIGTERM to this process when it has ended."""
    threads, errors = [], []

    def terminated_after(check):
        def run():
            try:
                check()
            except BaseException as error:  # noqa: BLE001  raised in the main thread
                errors.append(error)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)

        threads.append(Thread(target=run))
        threads[0].start()

    yield terminated_after
    threads[0].join()
    assert errors == []


def test_jobs_are_processed_until_sigterm(cloud, parts, terminated_after, capfd):
    job = parts.job_service.submit(JobRequest(input="One."), tenant="acme")
    output = []

    def check():
        until(lambda: parts.table.get(job.id).state is State.DONE, 60)
        output.append(capfd.readouterr().out)
        port = next(one["port"] for one in logged(output[0]) if one.get("message") == "started")
        until(lambda: httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5, trust_env=False).is_success, 30)

    terminated_after(check)
    main()
    rest = capfd.readouterr().out
    assert [one["message"] for one in logged(rest) if "message" in one][-1] == "stopped"
    assert cloud.shown("standard") == (0, 0)


def test_the_queue_of_chunks_is_polled_if_the_deployment_has_one(cloud, terminated_after, monkeypatch):
    monkeypatch.setenv("HERALD_CHUNK_QUEUE", cloud.urls["gpu"])
    terminated_after(lambda: until(lambda: cloud.urls["gpu"] in polled(cloud), 60))
    main()
    assert polled(cloud) == {cloud.urls["vip"], cloud.urls["standard"], cloud.urls["gpu"]}


def polled(cloud):
    return {given["QueueUrl"] for given in cloud.calls("ReceiveMessage")}


def test_a_machine_without_a_voice_is_an_error_at_the_start(cloud, tmp_path, monkeypatch):
    monkeypatch.setenv("_LAMBDA_LAYERS_DIRS", str(tmp_path))
    with pytest.raises(VoiceNotPrepared, match="no prepared voice"):
        main()
