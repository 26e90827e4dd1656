"""When `up` starts the cloud and deploys, with a fake deployment."""

import dataclasses
import shutil
from types import SimpleNamespace

import pytest

from local import stack
from local.cloud import Cloud
from local.deploy import Deployment
from local.process import Identity
from local.progress import Failure

PORT = 4566
FIELDS = {field.name: "" for field in dataclasses.fields(Deployment)}


@pytest.fixture
def world(monkeypatch, tmp_path):
    """A stack with a fake cloud and fake `sam deploy`; `world.did` lists the actions."""
    world = SimpleNamespace(did=[], runs=None, streams=True, build="one", fails=False)
    world.stack = stack.Stack(tmp_path / "home")

    def start(self, port, build, build_container):
        world.did.append("start")
        build()
        if build_container:
            build_container()
        world.runs = Identity(1, port, f"emulator {len(world.did)}")
        return world.runs

    def remove(self):
        ran, world.runs = world.runs, None
        return ran is not None

    def deploy(identity, folder):
        world.did.append("deploy")
        if world.fails:
            raise KeyboardInterrupt
        return Deployment(**{**FIELDS, "instance": identity.instance, "fingerprint": world.build})

    monkeypatch.setattr(Cloud, "identity", lambda _: world.runs)
    monkeypatch.setattr(Cloud, "streams", property(lambda _: world.streams))
    monkeypatch.setattr(Cloud, "start", start)
    monkeypatch.setattr(Cloud, "remove", remove)
    monkeypatch.setattr(stack, "deploy", deploy)
    monkeypatch.setattr(stack, "fingerprint", lambda: world.build)
    return world


def done(world, port=PORT, build=bool):
    world.did.clear()
    world.stack.up(port, build)
    return world.did


def test_first_time_starts_and_deploys(world):
    assert done(world) == ["start", "deploy"]


def test_nothing_is_done_when_nothing_changed(world):
    done(world)
    assert done(world) == []


def test_what_is_built_while_the_emulator_starts_is_deployed(world):
    def build():
        world.did.append("build")
        world.build = "two"

    done(world)
    assert done(world, build=build) == ["build", "deploy"]
    assert done(world, build=build) == ["build"]
    world.runs = None
    assert done(world, build=build) == ["start", "build", "deploy"]


def test_what_the_container_needs_is_built_in_every_case(world):
    def build_container():
        world.did.append("build the container")

    world.stack.up(PORT, bool, build_container)
    assert world.did == ["start", "build the container", "deploy"]
    world.did.clear()
    world.stack.up(PORT, bool, build_container)
    assert world.did == ["build the container"]


def test_a_stack_without_its_container_is_started_again(world):
    def build_container():
        world.did.append("build the container")
        world.runs = None  # the container should run now, but does not

    done(world)
    world.did.clear()
    world.stack.up(PORT, bool, build_container)
    assert world.did == ["build the container", "start", "build the container", "deploy"]


def test_the_record_is_readable_only_by_the_user(world):
    done(world)
    assert world.stack.record.stat().st_mode & 0o777 == 0o600
    world.build = "two"
    done(world)
    assert world.stack.record.stat().st_mode & 0o777 == 0o600


def test_a_deployment_of_another_version_is_removed(world):
    done(world)
    world.stack.record.write_text('{"api_url": "http://127.0.0.1"}')
    assert done(world) == ["start", "deploy"]


def test_a_changed_build_is_deployed_to_the_same_emulator(world):
    done(world)
    world.build = "two"
    assert done(world) == ["deploy"]


def test_a_stopped_streaming_function_is_started_by_a_deployment(world):
    done(world)
    world.streams = False
    assert done(world) == ["deploy"]


def test_new_emulator_gets_a_deployment(world):
    done(world)
    world.runs = None
    assert done(world) == ["start", "deploy"]


@pytest.mark.parametrize("before", [0, 1])
def test_an_interrupted_deployment_is_removed(world, before):
    for _ in range(before):
        done(world)
    world.build, world.fails = "two", True
    with pytest.raises(KeyboardInterrupt):
        done(world)
    assert not world.stack.record.exists()
    world.fails = False
    assert done(world) == ["start", "deploy"]


def test_another_port_is_rejected_while_running(world):
    done(world)
    with pytest.raises(Failure, match=rf"already running on port {PORT}.*make stop"):
        done(world, PORT + 1)


def test_a_full_disk_is_reported_first(world, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000_000))
    with pytest.raises(Failure, match=r"about 2 GB.*1\.0 GB are free"):
        done(world)
    assert world.did == []


def test_down_twice(world):
    done(world)
    assert world.stack.down() is True
    assert world.stack.down() is False
    assert not world.stack.home.exists()


def test_down_keeps_the_build(world):
    done(world)
    build = world.stack.home / "build"
    build.mkdir()
    world.stack.down()
    assert list(world.stack.home.iterdir()) == [build]
