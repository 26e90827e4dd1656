"""Estimates of synthesis time, file size and duration."""

import json
from pathlib import Path
from statistics import median

import pytest

from herald.jobs import job_price as estimate
from herald.jobs.job_price import PriceList, expected_work, usage
from herald.jobs.routing import Decision
from herald.jobs.script import Line, Script
from herald.pricing import pace
from herald.speech.voices.catalog import Catalog, engine_of

VOICE = "en_US-joe-medium"
RESULTS = json.loads((Path(__file__).parents[3] / "bench" / "results.json").read_text())


def script(characters=600, **more):
    line = Line(text="a" * characters, voice="en_US-joe-medium")
    return Script(**{"lines": (line,), "response_format": "mp3", "sample_rate": 22_050} | more)


@pytest.mark.parametrize(
    ("engine", "megabytes", "seconds"),
    [
        ("spectral", 1_769, 0.040),
        ("spectral", 512, 0.040 * 1_769 / 512),
        ("spectral", 3_538, 0.040 / 1.3),
        ("spectral", 10_240, 0.040 / 1.3),
        ("piper", 1_769, 0.130),
        ("piper", 3_538, 0.130 / 1.65),
        ("unheard-of", 1_769, 0.130),
    ],
)
def test_synthesis_time_by_engine_and_memory(engine, megabytes, seconds):
    assert pace.speaking_seconds(1.0, engine, megabytes) == pytest.approx(seconds)


@pytest.mark.parametrize("megabytes", [512, 1_024, 1_769, 3_008])
def test_the_default_engine_is_as_fast_as_in_the_published_benchmark(megabytes):
    """Within an eighth: performance.md has 8.74 s of audio for the long sentence."""
    measured = median(
        row["seconds"] for row in RESULTS["memory"] if (row["text"], row["megabytes"]) == ("sentence", megabytes)
    )
    assert pace.speaking_seconds(8.74, pace.DEFAULT_ENGINE, megabytes) == pytest.approx(measured, rel=0.125)


def test_every_voice_has_a_pace():
    """Those of recipes are here even where the layer with the voices is not."""
    assert engine_of("en_US-heart", {}) == engine_of("en_US-heart-low", {}) == "spectral"
    assert engine_of("de_DE-thorsten-medium", {}) == "piper"
    assert engine_of(VOICE, Catalog().local) == "piper"


@pytest.mark.parametrize(
    ("made", "rate", "size"),
    [
        ("wav", 22_050, 44_100),
        ("pcm", 24_000, 48_000),
        ("ulaw", 8_000, 8_000),
        ("wav_alaw", 8_000, 8_000),
        ("mp3", 22_050, 6_000),
        ("opus", 24_000, 4_603),
        ("flac", 22_050, 22_116),
    ],
)
def test_file_size_of_a_second(made, rate, size):
    assert estimate.file_bytes(script(response_format=made, sample_rate=rate), 1.0) == size


def test_duration():
    assert estimate.audio_seconds(script(characters=168), "spectral") == pytest.approx(10)
    assert estimate.audio_seconds(script(characters=183, speed=2.0), "piper") == pytest.approx(5)


def test_a_slower_engine_costs_more():
    prices = PriceList(engine_of=lambda voice: "piper" if voice == VOICE else "spectral")
    decision = Decision(route="queue", reason="Because.")
    fast = script().model_copy(update={"lines": (Line(text="a" * 600, voice="en_US-heart"),)})
    piper, spectral = (
        prices.bill(usage(expected_work(one, "queue", prices.deployment, engine=engine), prices.deployment))
        for one, engine in ((script(), "piper"), (fast, "spectral"))
    )
    assert piper["gigabyte_second"] > 2 * spectral["gigabyte_second"]
    assert prices.expected(script(), decision) > prices.expected(fast, decision)


@pytest.mark.parametrize(("memory", "threads"), [(128, 1), (1_769, 1), (2_600, 1), (3_008, 2), (7_076, 4), (10_240, 6)])
def test_threads_follow_the_memory(memory, threads):
    assert pace.threads_for(memory) == threads
