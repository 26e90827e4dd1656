"""Shared fixtures: an environment without the developer's settings, and Herald deployed to a separate emulator."""

import os

import httpx
import pytest
from hypothesis import HealthCheck, settings

from local import ROOT, calls
from local.process import free_port
from local.stack import Stack

NEED_THE_EMULATOR = {"stack", "emulator"}
ALL_OF_THE_STACK = {"not docker", "(stack or browser) and not docker"}
"""Selections of tests that include all tests of the local stack; scripts/run-tests uses the second."""
USED_THE_STACK = pytest.StashKey[bool]()
NO_AWS_ACCOUNT = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
HERALD_CLIENT = {"HERALD_URL", "HERALD_KEY", ""}
LOOPBACK = "127.0.0.1,localhost"
CALLS = ROOT / ".local" / "calls.jsonl"
"""AWS calls of the deployed functions in the last run with a stack, evaluated by tests.iam."""


def pytest_configure():
    """Remove the shell's settings for AWS and Herald, so that no test depends on them or reaches a real account.

    Proxies are kept, because pulling images may need them, but are not used for this machine.
    """
    for name in [name for name in os.environ if name.startswith("AWS_") or name in HERALD_CLIENT]:
        del os.environ[name]
    os.environ.update(NO_AWS_ACCOUNT)
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), LOOPBACK]))
    os.environ[calls.VARIABLE] = str(CALLS)
    # How fast examples are generated and run says more about the machine than about the code.
    settings.register_profile("herald", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("herald")


def pytest_sessionfinish(session, exitstatus):
    """Record whether all tests of the stack ran and passed; only then is a grant without a call unused."""
    option = session.config.option
    narrowed = option.keyword or option.file_or_dir or option.markexpr not in ALL_OF_THE_STACK
    if session.config.stash.get(USED_THE_STACK, False):
        calls.note(complete=exitstatus == pytest.ExitCode.OK and not narrowed)


def pytest_itemcollected(item):
    if NEED_THE_EMULATOR & set(getattr(item, "fixturenames", ())):
        item.add_marker("stack")
    if "browser" in getattr(item, "fixturenames", ()):
        item.add_marker("browser")


@pytest.fixture(scope="session")
def stack(pytestconfig):
    """Herald deployed from .local/build, independent of `make run`; see local.deploy.Deployment."""
    home = Stack(ROOT / ".local" / "test")
    home.down()  # remains of a killed test run
    CALLS.unlink(missing_ok=True)
    pytestconfig.stash[USED_THE_STACK] = True
    try:
        yield home.up(free_port())
    finally:
        home.down()


class Sagemaker:
    """Control of the stand-in for SageMaker's asynchronous runtime; see local.asynchronous.behaviour."""

    def __init__(self, http):
        self.http = http

    def behave(self, inference_id=None, **settings):
        """Set the behaviour of an inference id, or the default."""
        body = {"inference_id": inference_id, **settings}
        self.http.put("/_behaviour", json=body).raise_for_status()

    def notice(self, inference_id):
        """Return the notification of an ended invocation, whether or not it was sent, or None."""
        answer = self.http.get(f"/_notices/{inference_id}")
        return answer.json() if answer.is_success else None

    def send_notice(self, inference_id):
        """Send the notification of an ended invocation, possibly again."""
        self.http.post(f"/_notices/{inference_id}").raise_for_status()


@pytest.fixture
def sagemaker(stack):
    """The control of the stack's stand-in for SageMaker; reset after the test."""
    with httpx.Client(base_url=stack.sagemaker_runtime_url, trust_env=False) as http:
        yield Sagemaker(http)
        http.delete("/_behaviour").raise_for_status()
