"""Processes: started once, listening on loopback, stopped completely, without affecting others."""

import fcntl
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.process import Process, Program, bare_environment, free_port
from local.progress import Failure
from tests.local.conftest import client, start_emulator, wait_for, zipped

STUBBORN = """
import os, pathlib, signal, time

def handler(event, context):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pathlib.Path(event["file"]).write_text(str(os.getpid()))
    time.sleep(60)
"""


def lives(pid):
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


@pytest.fixture
def sleeper():
    """An unrelated process."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True) as process:
        yield process
        process.kill()


@pytest.mark.stack
def test_stop_leaves_no_process_and_no_file(tmp_path):
    emulator, identity = start_emulator(tmp_path / "stack")
    try:
        functions = client(identity, "lambda")
        code = {"ZipFile": zipped("index.py", STUBBORN)}
        role = "arn:aws:iam::000000000000:role/any"
        functions.create_function(
            FunctionName="stubborn", Runtime="python3.13", Handler="index.handler", Role=role, Code=code, Timeout=60
        )
        written = tmp_path / "pid"
        payload = json.dumps({"file": str(written)})
        functions.invoke(FunctionName="stubborn", InvocationType="Event", Payload=payload)
        wait_for(lambda: written.exists() and written.read_text())
    finally:
        removed = emulator.remove()
    assert removed
    wait_for(lambda: not lives(int(written.read_text())))
    assert not lives(identity.pid)
    assert list(tmp_path.iterdir()) == [written]
    assert emulator.remove() is False


@pytest.mark.stack
def test_only_loopback_is_served(emulator):
    with socket.socket() as probe:
        probe.settimeout(1)
        assert probe.connect_ex(("127.0.0.1", emulator[1].port)) == 0
    with socket.socket() as probe:
        probe.settimeout(1)
        assert probe.connect_ex(("127.0.0.2", emulator[1].port)) != 0


def serve(tmp_path, code):
    """Return a one-line program that gets its port as an argument."""
    return Program([sys.executable, "-c", code], bare_environment(tmp_path / "tmp"), "/")


def test_a_crash_shows_the_end_of_the_log(tmp_path):
    process, program, port = Process(tmp_path, "thing"), serve(tmp_path, "raise SystemExit('no wish to')"), free_port()
    process.begin(program, port)
    with pytest.raises(Failure, match=r"(?s)The thing exited during its start.*no wish to"):
        process.wait(program, port)


def test_one_at_a_time(tmp_path):
    process, program, port = Process(tmp_path, "thing"), serve(tmp_path, "pass"), free_port()
    with process.identity_file.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        process.begin(program, port)
        with pytest.raises(Failure, match="Already running"):
            process.wait(program, port)


def test_a_program_that_never_locks_is_found_and_stopped(tmp_path):
    port = free_port()
    code = f"import http.server as h; h.HTTPServer(('127.0.0.1', {port}), h.SimpleHTTPRequestHandler).serve_forever()"
    process, program = Process(tmp_path, "thing"), serve(tmp_path, code)
    process.begin(program, port)
    identity = process.wait(program, port)
    assert Process(tmp_path, "thing").identity() == identity
    assert process.stop()
    assert not lives(identity.pid)
    assert Process(tmp_path, "thing").identity() is None


def test_a_port_in_use_is_reported_with_advice(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Failure, match=rf"Port {port} is in use.*make run PORT={port + 1}"):
            Process(tmp_path / "stack", "thing").begin(serve(tmp_path, "pass"), port)
    assert not (tmp_path / "stack").exists()


def test_a_reused_process_id_is_not_stopped(tmp_path, sleeper):
    emulator = Process(tmp_path / "stack", "emulator")
    emulator.folder.mkdir()
    emulator.identity_file.write_text(json.dumps({"pid": sleeper.pid, "port": 1, "instance": "old"}))
    assert emulator.identity() is None
    assert emulator.stop() is False
    assert emulator.remove() is True
    assert lives(sleeper.pid)


def test_the_lock_identifies_the_running_process(tmp_path):
    emulator = Process(tmp_path, "emulator")
    emulator.identity_file.write_text(json.dumps({"pid": os.getpid(), "port": 1, "instance": "this"}))
    with emulator.identity_file.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert emulator.identity().instance == "this"
    assert emulator.identity() is None


@pytest.mark.skipif(sys.platform != "linux", reason="The range is read from /proc.")
def test_a_free_port_can_be_bound_and_is_none_of_an_outgoing_connection():
    port = free_port()
    first_of_connections = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert port < first_of_connections
    with socket.create_server(("127.0.0.1", port)):
        assert free_port() != port
