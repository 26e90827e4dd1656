"""What many tests need: an environment without the developer's settings, and a Herald deployed to an AWS of its own."""

import os

import httpx
import pytest

from local import ROOT, calls
from local.process import free_port
from local.stack import Stack

NEED_THE_EMULATOR = {"stack", "emulator"}
NO_AWS_ACCOUNT = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
HERALD_CLIENT = {"HERALD_URL", "HERALD_KEY", ""}
LOOPBACK = "127.0.0.1,localhost"
CALLS = ROOT / ".local" / "calls.jsonl"
"""The AWS calls of the deployed functions in the last run with a stack; tests.iam evaluates them."""


def pytest_configure():
    """Remove what a developer's shell says about AWS and Herald, so that no test depends on it or reaches an account.

    A proxy stays, because pulling images may need it, and is not used for this machine.
    """
    for name in [name for name in os.environ if name.startswith("AWS_") or name in HERALD_CLIENT]:
        del os.environ[name]
    os.environ.update(NO_AWS_ACCOUNT)
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), LOOPBACK]))
    os.environ[calls.VARIABLE] = str(CALLS)


def pytest_sessionfinish(session, exitstatus):
    """Record whether all tests ran and passed: only then is a grant without a call a grant in vain."""
    option = session.config.option
    narrowed = option.keyword or option.file_or_dir or option.markexpr != "not docker"
    if CALLS.exists() and not option.collectonly:
        calls.note(complete=exitstatus == pytest.ExitCode.OK and not narrowed)


def pytest_itemcollected(item):
    if NEED_THE_EMULATOR & set(getattr(item, "fixturenames", ())):
        item.add_marker("stack")


@pytest.fixture(scope="session")
def stack():
    """Herald as built in .local/build, beside any that `make run` serves; see local.deploy.Deployment."""
    home = Stack(ROOT / ".local" / "test")
    home.down()  # what a killed test run left
    CALLS.unlink(missing_ok=True)
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
