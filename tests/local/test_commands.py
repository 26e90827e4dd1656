"""`python -m local`, as called by make."""

import socket
import subprocess
import sys

import pytest

from local import ROOT
from local.process import free_port


def local(*arguments):
    command = [sys.executable, "-m", "local", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("arguments", [["--help"], ["up", "--help"], ["down", "--help"]])
def test_help(arguments):
    done = local(*arguments)
    assert (done.returncode, done.stderr) == (0, "")


def test_down_without_a_running_stack(tmp_path):
    done = local("down", "--home", tmp_path / "home")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Nothing is running.\n", "")


def test_a_port_in_use_is_reported_without_a_traceback(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = local("up", "--home", tmp_path / "home", "--port", port)
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_failed_build_is_reported_and_nothing_is_left_running(tmp_path):
    done = local("up", "--home", tmp_path / "home", "--port", free_port(), "--build", "false")
    assert (done.returncode, done.stderr) == (1, "The build failed; its errors are above.\n")
    assert local("down", "--home", tmp_path / "home").stdout == "Stopped; nothing is left running.\n"


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_an_invalid_port(port):
    done = local("up", "--port", port)
    assert done.returncode == 2
    assert "must be a port from 1 to 65535" in done.stderr
