"""What many tests need: a Herald deployed to an AWS of its own."""

import httpx
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


class Sagemaker:
    """How the stand-in for SageMaker's asynchronous runtime is told to behave; see local.asynchronous.behaviour."""

    def __init__(self, http):
        self.http = http

    def behave(self, inference_id=None, **settings):
        """Behave so, for one inference id or for all that have no behaviour of their own."""
        body = {"inference_id": inference_id, **settings}
        self.http.put("/_behaviour", json=body).raise_for_status()

    def notice(self, inference_id):
        """Return the notice of an invocation that ended, sent or not; None before its end."""
        answer = self.http.get(f"/_notices/{inference_id}")
        return answer.json() if answer.is_success else None

    def send_notice(self, inference_id):
        """Send the notice of an invocation that ended, once more or at last."""
        self.http.post(f"/_notices/{inference_id}").raise_for_status()


@pytest.fixture
def sagemaker(stack):
    """The control of the stack's stand-in for SageMaker; after the test it behaves well again."""
    with httpx.Client(base_url=stack.sagemaker_runtime_url, trust_env=False) as http:
        yield Sagemaker(http)
        http.delete("/_behaviour").raise_for_status()
