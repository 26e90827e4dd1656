"""The benchmark calls the functions with the settings that they need."""

from pathlib import Path

from bench.measure import function_environment
from herald.handlers.settings import Settings


def test_the_settings_of_the_function_are_whole():
    settings = Settings.read(function_environment(Path("files"), 1_769))
    assert settings.memory_megabytes == 1_769
