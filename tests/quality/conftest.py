"""Shows what was measured, after all tests."""

import pytest

RATES = pytest.StashKey()


@pytest.fixture(scope="session")
def rates(request):
    """Word error rates by format, to be shown at the end."""
    return request.config.stash.setdefault(RATES, {})


def pytest_terminal_summary(terminalreporter, config):
    if rates := config.stash.get(RATES, {}):
        terminalreporter.section("word errors that Whisper tiny.en hears")
        for name, rate in rates.items():
            terminalreporter.write_line(f"{name:10} {rate:6.1%}")
