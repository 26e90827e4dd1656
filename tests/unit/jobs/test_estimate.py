"""Estimates of synthesis time, file size and duration."""

import pytest

from herald.jobs import job_price as estimate
from herald.jobs.script import Line, Script


def script(characters=600, **more):
    line = Line(text="a" * characters, voice="en_US-joe-medium")
    return Script(**{"lines": (line,), "response_format": "mp3", "sample_rate": 22_050} | more)


@pytest.mark.parametrize(
    ("megabytes", "speed"), [(512, 5.75), (768, (5.75 + 11.31) / 2), (256, 5.75 / 2), (3_008, 29.06), (10_240, 29.06)]
)
def test_synthesis_speed_by_memory(megabytes, speed):
    assert estimate.speaking_seconds(1.0, megabytes) == pytest.approx(1 / speed)


@pytest.mark.parametrize(
    ("made", "rate", "size"),
    [
        ("wav", 22_050, 44_100),
        ("pcm", 24_000, 48_000),
        ("ulaw", 8_000, 8_000),
        ("wav_alaw", 8_000, 8_000),
        ("mp3", 22_050, 7_313),
        ("opus", 24_000, 4_603),
        ("flac", 22_050, 22_116),
    ],
)
def test_file_size_of_a_second(made, rate, size):
    assert estimate.file_bytes(script(response_format=made, sample_rate=rate), 1.0) == size


def test_duration():
    assert estimate.audio_seconds(script(characters=189)) == pytest.approx(10)
    assert estimate.audio_seconds(script(characters=189, speed=2.0)) == pytest.approx(5)
