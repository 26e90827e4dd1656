"""What many tests need: a Herald deployed to an AWS of its own."""

import pytest

from local import ROOT
from local.process import free_port
from local.stack import Stack

NEED_THE_EMULATOR = {"stack", "emulator"}


def pytest_itemcollected(item):
    if NEED_THE_EMULATOR & set(getattr(item, "fixturenames", ())):
        item.add_marker("stack")


@pytest.fixture(scope="session")
def stack():
    """Herald as built in .local/build, beside any that `make run` serves; see local.deploy.Deployment."""
    home = Stack(ROOT / ".local" / "test")
    home.down()  # what a killed test run left
    try:
        yield home.up(free_port())
    finally:
        home.down()
