"""The deployed stack, seen from inside; and what was measured, shown after all tests."""

import pytest

from tests.reliability.deployed import deployed

FIGURES = pytest.StashKey()

house = pytest.fixture(deployed, scope="module")


@pytest.fixture
def figures(request):
    """Lines to be shown at the end."""
    return request.config.stash.setdefault(FIGURES, [])


def pytest_terminal_summary(terminalreporter, config):
    if figures := config.stash.get(FIGURES, []):
        terminalreporter.section("reliability")
        for line in figures:
            terminalreporter.write_line(line)
