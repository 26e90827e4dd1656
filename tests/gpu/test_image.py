"""The container, built on a base image without CUDA and run like on SageMaker: IMAGE serve, models at /opt/ml/model.

Skipped without a Docker daemon, or failed with HERALD_REQUIRE_DOCKER=1.
"""

import os
import subprocess

import pytest

from local import ROOT
from local.process import free_port
from tests.gpu.conftest import Serving, wait_for
from tests.support.containers import debian_image

pytestmark = pytest.mark.docker

IMAGE = "herald-gpu:test"
NAME = f"herald-gpu-test-{os.getpid()}"


def run(*command, timeout=60):
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=timeout, check=False
    )


@pytest.fixture(scope="module")
def image():
    base = debian_image("THE GPU CONTAINER WAS NOT TESTED")
    command = ["docker", "build", "--network", "host", "--file", "gpu/Dockerfile", "--tag", IMAGE]
    command += ["--build-arg", f"BASE={base}", "--build-arg", "REQUIREMENTS=requirements/gpu.txt", "."]
    built = run(*command, timeout=900)
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return IMAGE


@pytest.fixture
def container(image, models, tmp_path):
    models.chmod(0o755)
    for folder in models.iterdir():
        folder.chmod(0o755)
    port = free_port()
    command = ["docker", "run", "--detach", "--name", NAME, "--network", "host", "--read-only", "--tmpfs", "/tmp"]  # noqa: S108
    command += ["--volume", f"{models}:/opt/ml/model:ro", "--env", f"SAGEMAKER_BIND_TO_PORT={port}", image, "serve"]
    started = run(*command)
    assert started.returncode == 0, started.stderr
    waiting = subprocess.Popen(["docker", "wait", NAME], stdout=subprocess.DEVNULL)
    log = tmp_path / "log"
    log.write_text("see docker logs")
    try:
        server = Serving(f"http://127.0.0.1:{port}", waiting, log)
        wait_for(server)
        yield server
    finally:
        run("docker", "rm", "--force", NAME)
        waiting.wait(30)


def test_the_container_serves_and_stops(container):
    user = run("docker", "exec", NAME, "id", "--user").stdout.strip()
    assert user not in {"", "0"}
    assert container.speak(("Hello.", "en_US-joe-medium"), ("Hello.", "kokoro")).engine == "kokoro+piper"
    assert container.speak(("こんにちは。", "kokoro:jm_kumo")).seconds > 0.4
    run("docker", "stop", "--time", "28", NAME)
    assert run("docker", "inspect", "--format", "{{.State.ExitCode}}", NAME).stdout.strip() == "0"
    assert "Traceback" not in run("docker", "logs", NAME).stderr
