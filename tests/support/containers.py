"""Images for tests in Docker containers, built on Debian where no image can be pulled."""

import os
import subprocess
from typing import NoReturn

import pytest

from local import ROOT

DEBIAN = "herald-gpu-test-base:trixie"
"""Debian with Python 3.13, built by `debian_image`."""
_MISSING_ON_THIS_MACHINE = 3  # exit status of base_image


def cannot_run(untested: str, reason: str) -> NoReturn:
    """Skip a test that needs Docker, loudly; fail it with HERALD_REQUIRE_DOCKER=1."""
    message = f"{untested}: {reason}"
    if os.environ.get("HERALD_REQUIRE_DOCKER"):
        pytest.fail(message)
    pytest.skip(message)


def build_base(untested: str, *command: str | os.PathLike[str], timeout: float) -> None:
    """Run a script that builds a base image; skip the test if it lacks something on this machine."""
    built = subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=timeout, check=False
    )
    if built.returncode == _MISSING_ON_THIS_MACHINE:
        cannot_run(untested, built.stderr.strip().splitlines()[-1])
    assert built.returncode == 0, built.stderr


def debian_image(untested: str) -> str:
    """Return the name of the image DEBIAN, built if necessary."""
    build_base(untested, ROOT / "tests/gpu/base_image", DEBIAN, timeout=300)
    return DEBIAN
