"""The emulator and its companion processes start and stop together."""

import os
import signal
import sys
from threading import Event

import pytest

from local import cloud
from local.process import Program, answers, bare_environment, free_port, refuse_taken
from local.progress import Failure
from tests.local.conftest import wait_for
from tests.local.test_process import lives


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A cloud without the container's server."""
    monkeypatch.setattr(cloud, "CONTAINER_PYTHON", tmp_path / "none")
    machine = cloud.Cloud(tmp_path / "stack")
    yield machine
    machine.remove()


@pytest.fixture
def machine_with_container(machine, monkeypatch):
    """A cloud whose container's server is any server."""

    def program(_, port, __):
        command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
        return Program(command, bare_environment(machine.folder / "tmp"), "/ping")

    monkeypatch.setattr(cloud, "container_program", program)
    return machine


@pytest.mark.stack
def test_all_processes_start_and_stop(machine):
    identity = machine.start(free_port())
    machine.wait()
    assert machine.identity() == identity
    runtime = machine.runtime.identity()
    assert answers(f"{machine.runtime_url}/_health")
    assert machine.remove() is True
    assert not lives(identity.pid)
    assert not lives(runtime.pid)
    assert not machine.folder.exists()
    assert machine.remove() is False


@pytest.mark.stack
def test_a_dead_process_is_detected(machine):
    machine.start(free_port())
    machine.wait()
    runtime = machine.runtime.identity()
    os.kill(runtime.pid, signal.SIGKILL)
    wait_for(lambda: machine.identity() is None)
    with pytest.raises(Failure, match=r"SageMaker's runtime has exited. See its log: .*runtime\.log"):
        _ = machine.runtime_url


@pytest.mark.stack
def test_all_processes_stop_if_one_fails(machine, monkeypatch):
    monkeypatch.setattr(cloud, "EMULATOR_PYTHON", "/bin/false")
    with pytest.raises(Failure, match="The emulator exited during its start"):
        machine.start(free_port())
    assert machine.runtime.identity() is None
    assert machine.runtime.log.exists()


@pytest.mark.stack
def test_all_processes_stop_if_the_build_fails(machine):
    def build():
        raise Failure("The build failed.")

    port = free_port()
    with pytest.raises(Failure, match="The build failed"):
        machine.start(port, build)
    assert machine.emulator.identity() is None
    refuse_taken(port)


@pytest.mark.stack
def test_the_container_starts_after_its_build(machine_with_container):
    def build():
        assert release.wait(30)

    release = Event()
    machine_with_container.start(free_port(), bool, build)
    assert machine_with_container.container.identity() is None
    release.set()
    machine_with_container.wait()
    wait_for(lambda: machine_with_container.container.identity() is not None)


@pytest.mark.stack
def test_the_container_starts_if_there_is_nothing_to_build(machine_with_container):
    machine_with_container.start(free_port(), bool, bool)
    machine_with_container.wait()
    wait_for(lambda: machine_with_container.container.identity() is not None)


@pytest.mark.stack
def test_a_failed_build_of_the_container_is_reported(machine):
    def build():
        raise Failure("The packages of the container could not be installed.")

    machine.start(free_port(), bool, build)
    with pytest.raises(Failure, match="The packages of the container"):
        machine.wait()


def test_the_container_has_the_voices_of_the_functions(tmp_path, monkeypatch):
    monkeypatch.setattr(cloud, "CONTAINER_PYTHON", tmp_path)
    command = " ".join(cloud.container_program({"TMPDIR": "/t"}, 1234, 4566).command)
    assert command.startswith(f"{tmp_path} -m gpu.server --port 1234 --cache /t/models --models ")
    assert command.endswith("VoiceLayer/voices")
