"""The image of workers: three containers on the local stack, one of them killed and one terminated, lose no job.

Skipped without a Docker daemon, or failed with HERALD_REQUIRE_DOCKER=1.
"""

import json
import os
import subprocess
from collections import Counter

import httpx
import pytest

from local import ROOT
from tests.support.containers import debian_image
from tests.support.deployed_stack import outside, until
from tests.support.interrupted_workers import JOBS, interrupted

pytestmark = pytest.mark.docker

IMAGE = "herald-worker:test"
LARGEST = 450_000_000
RESTRICTED = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--memory", "1536m")  # noqa: S108


def docker(*words, timeout=60):
    ended = subprocess.run(
        ["docker", *words], text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=timeout, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, f"docker {' '.join(words)}: {ended.stdout}"
    return ended.stdout.strip()


class Container:
    """A running worker, with the methods of subprocess.Popen that the tests use."""

    def __init__(self, number, environment):
        self.name = f"herald-worker-test-{os.getpid()}-{number}"
        given = [word for name, value in environment.items() for word in ("--env", f"{name}={value}")]
        docker(
            "run", "--detach", "--name", self.name, "--network", "host", *RESTRICTED, *given,
            IMAGE, "--port", "0",
        )  # fmt: skip

    def send_signal(self, number):
        state = docker("inspect", "--format", "{{json .State}}", self.name)
        assert json.loads(state)["Running"], "\n".join([f"{self.name} has ended: {state}", *self.log()])
        docker("kill", "--signal", str(int(number)), self.name)

    def terminate(self):
        self.send_signal(15)

    def log(self):
        return docker("logs", "--tail", "20", self.name).splitlines()

    def probed_port(self):
        """Return the port of the probes, or None before the worker has started."""
        return next((json.loads(line)["port"] for line in self.log() if '"message":"started"' in line), None)

    def wait(self, seconds):
        return int(docker("wait", self.name, timeout=seconds))


@pytest.fixture(scope="module")
def image():
    base = debian_image("THE IMAGE OF WORKERS WAS NOT TESTED")
    built = subprocess.run(
        [ROOT / "scripts/build-worker", "--build", ".local/build", "--base", base, IMAGE],
        cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=600, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return IMAGE


@pytest.fixture(scope="module")
def start(image, deployed, stack):
    """A function that starts a container with the environment of the function `worker`."""
    environment, started = deployed.variables("WorkerFunction") | outside(stack), []

    def start():
        started.append(Container(len(started), environment))
        return started[-1]

    yield start
    if started:
        docker("rm", "--force", *(one.name for one in started))


@pytest.fixture(scope="module")
def run(deployed, start):
    return interrupted(deployed, start, workers=3)


def test_every_job_is_done_with_a_file_of_its_own(run, figures):
    figures.append(f"{JOBS} jobs in 3 containers, one killed, one terminated: {run.seconds:.0f} s")
    assert Counter(row.state for row in run.rows.values()) == {"done": JOBS}
    assert len({row.audio.key for row in run.rows.values()}) == JOBS
    assert sum(row.attempts - 1 for row in run.rows.values()) <= run.killed


def test_a_terminated_container_ends_within_its_time_and_without_an_error(run):
    assert run.statuses == [0, 0, 0, 0]


def test_the_probes_succeed_and_the_log_is_json(start, run):
    container = start()
    url = f"http://127.0.0.1:{until(container.probed_port, 30, pause=0.5)}"
    until(lambda: httpx.get(f"{url}/readyz", timeout=5, trust_env=False).is_success, 30, pause=0.5)
    assert httpx.get(f"{url}/healthz", timeout=5, trust_env=False).status_code == httpx.codes.OK
    assert docker("exec", container.name, "id", "-u") == "10001"
    container.terminate()
    assert container.wait(30) == 0
    assert {json.loads(line)["message"] for line in container.log()} >= {"started", "stopped"}


def test_the_image_is_small(image):
    assert int(docker("image", "inspect", "--format", "{{.Size}}", image)) < LARGEST
