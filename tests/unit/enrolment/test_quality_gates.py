"""Gates of quality: each defect of a recording has its code, and a good recording has none."""

import numpy as np
import pytest

from herald.enrolment.checking import CONSENT, LARGEST, SAMPLE, inspect
from tests.support.recordings import RATE, as_file, speechlike


def codes(kind, data):
    return [refusal.code for refusal in inspect(kind, data)[1]]


GOOD = speechlike()


@pytest.mark.parametrize("kind", [CONSENT, SAMPLE], ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    ("container", "coding", "rate"),
    [
        ("WAV", "PCM_16", 48_000),
        ("WAV", "FLOAT", 44_100),
        ("WAV", "ULAW", 8_000),
        ("FLAC", "PCM_16", 16_000),
        ("MP3", "MPEG_LAYER_III", 44_100),
        ("OGG", "OPUS", 48_000),
        ("OGG", "VORBIS", 44_100),
    ],
)
def test_a_good_recording_passes_in_every_format(kind, container, coding, rate):
    data = as_file(speechlike(rate=rate), rate=rate, container=container, coding=coding)
    recording, refusals = inspect(kind, data)
    assert refusals == []
    assert recording.seconds == pytest.approx(8, abs=0.1)
    assert len(recording.samples) == pytest.approx(8 * RATE, rel=0.02)


def test_a_stereo_recording_passes():
    assert codes(SAMPLE, as_file(np.stack([GOOD, GOOD * 0.5], axis=1))) == []


DEFECTS = {
    "consent of three seconds": (CONSENT, GOOD[: 3 * RATE], ["recording_too_short"]),
    "sample of four seconds": (SAMPLE, GOOD[: 4 * RATE], ["recording_too_short"]),
    "consent of 31 seconds": (CONSENT, speechlike(31), ["recording_too_long"]),
    "sample of 61 seconds": (SAMPLE, speechlike(61), ["recording_too_long"]),
    "digital silence": (SAMPLE, np.zeros(8 * RATE), ["recording_silent"]),
    "nothing": (SAMPLE, np.zeros(0), ["recording_too_short", "recording_silent"]),
    "faint speech": (SAMPLE, speechlike(peak=0.004, noise_db=-90), ["recording_silent"]),
    "faint noise": (SAMPLE, speechlike(peak=1e-9, noise_db=-70), ["recording_silent"]),
    "loud noise": (SAMPLE, speechlike(peak=1e-9, noise_db=-20), ["recording_noisy", "recording_little_speech"]),
    "speech in noise": (SAMPLE, speechlike(noise_db=-26), ["recording_noisy"]),
    "a word and a long pause": (
        SAMPLE,
        np.concatenate([GOOD[: 2 * RATE], speechlike(10, peak=1e-9)]),
        ["recording_little_speech"],
    ),
    "clipped by 12 dB": (SAMPLE, np.clip(GOOD, -0.1, 0.1), ["recording_clipped"]),
    "clipped in one channel": (
        SAMPLE,
        np.stack([GOOD, np.clip(4 * GOOD, -0.4, 0.4)], axis=1),
        ["recording_clipped"],
    ),
}


@pytest.mark.parametrize(("kind", "samples", "expected"), DEFECTS.values(), ids=DEFECTS)
def test_a_defect_has_its_code(kind, samples, expected):
    assert codes(kind, as_file(samples)) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"not a recording",
        as_file(GOOD)[:30],
        as_file(GOOD, rate=4_000),
        as_file(GOOD, rate=192_000),
        as_file(np.zeros((RATE, 3))),
        as_file(np.full(8 * RATE, np.nan, np.float32), coding="FLOAT"),
        as_file(np.full(8 * RATE, np.inf, np.float32), coding="FLOAT"),
    ],
    ids=["empty", "RIFF", "text", "cut", "4 kHz", "192 kHz", "three channels", "NaN", "infinity"],
)
def test_a_file_that_is_no_recording_is_unreadable(data):
    recording, refusals = inspect(SAMPLE, data)
    assert recording is None
    assert [refusal.code for refusal in refusals] == ["unreadable_recording"]


def test_a_file_over_the_limit_is_not_read():
    assert codes(SAMPLE, bytes(LARGEST + 1)) == ["recording_too_large"]


def test_an_hour_in_a_small_file_is_not_decoded_whole():
    hour = as_file(np.zeros(3600 * 8_000, np.float32), rate=8_000, container="FLAC")
    assert len(hour) < LARGEST
    recording, refusals = inspect(SAMPLE, hour)
    assert recording.seconds == pytest.approx(SAMPLE.longest + 1, abs=0.01)
    assert "recording_too_long" in [refusal.code for refusal in refusals]


def test_every_message_says_what_to_do():
    for _, samples, _ in DEFECTS.values():
        for refusal in inspect(SAMPLE, as_file(samples))[1]:
            assert refusal.message.count(". ") >= 1
