"""Access to the internals of the deployed stack, and a report of measurements after all tests."""

import pytest

from tests.support.deployed_stack import deployed

FIGURES = pytest.StashKey()

deployed = pytest.fixture(deployed, scope="module")


@pytest.fixture
def figures(request):
    """Lines of the report."""
    return request.config.stash.setdefault(FIGURES, [])


def pytest_terminal_summary(terminalreporter, config):
    if figures := config.stash.get(FIGURES, []):
        terminalreporter.section("reliability")
        for line in figures:
            terminalreporter.write_line(line)
