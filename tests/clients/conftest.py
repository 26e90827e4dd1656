"""Existing clients, configured for the deployed stack."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from local import ROOT
from tests.support.programs import missing

DOORS = {"buffered": "api_url", "streaming": "stream_url"}
TEXT = "Your appointment is confirmed for Monday morning."
PYTHON = ROOT / ".tools" / "clients" / "bin" / "python"
"""The environment of the Python clients, whose requirements differ from those of the tests."""
BARE = {"PATH": "/usr/bin:/bin", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "PYTHONWARNINGS": "ignore"}


@pytest.fixture(params=DOORS)
def door(request, stack):
    """The base address of the buffered and of the streaming API, without /v1."""
    return getattr(stack, DOORS[request.param]).rstrip("/")


def need_a_run_of_clients():
    """Skip unless `make test-clients` runs the test: these clients take minutes."""
    if not os.environ.get("HERALD_TEST_CLIENTS"):
        pytest.skip("NOT CHECKED: only 'make test-clients' runs this client")


def need_python_client(package):
    """Skip unless the environment of `make test-clients` has a package."""
    need_a_run_of_clients()
    if not PYTHON.exists():
        missing(f"the client {package} is not installed; 'make test-clients' installs it")
    done = subprocess.run([PYTHON, "-c", f"import {package}"], env=BARE, capture_output=True, text=True, check=False)
    if done.returncode:
        missing(f"the client {package} cannot be imported ({done.stderr.strip().splitlines()[-1]})")


@pytest.fixture(scope="session")
def python_client(tmp_path_factory):
    """Run a script of the folder python/ in the clients' environment: JSON in, JSON out."""

    def run(script, asked):
        done = subprocess.run(
            [PYTHON, Path(__file__).parent / "python" / script],
            input=json.dumps(asked),
            env=BARE | {"HOME": str(tmp_path_factory.mktemp("home")), "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run
