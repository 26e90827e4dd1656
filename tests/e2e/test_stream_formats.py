"""Every format of a stream is heard whole: by libsndfile, ffmpeg and sox."""

import shutil
import subprocess

import pytest

from herald.speech.audio.formats import FORMATS
from tests.e2e.decoding import RAW_CODINGS, decode
from tests.e2e.streams import PATH, ask, pcm_seconds

MP3_PADDING = 2 * 1_152 / 22_050
"""Seconds that are heard beside the sound where a decoder does not skip LAME's delay, and of a last frame not full."""
FOR_FFMPEG = {"pcm": "s16le", "ulaw": "mulaw", "alaw": "alaw"}
FOR_SOX = {"pcm": ("signed-integer", "16"), "ulaw": ("u-law", "8"), "alaw": ("a-law", "8")}
READ = {"ffmpeg": [*FORMATS], "sox": [name for name in FORMATS if name != "opus"]}
"""Debian's sox reads no Opus."""


@pytest.fixture(scope="module")
def streamed(stream):
    """The sentence as a file of each format, and its sample rate."""
    answers = {name: stream.post(PATH, json=ask(response_format=name)).raise_for_status() for name in FORMATS}
    return {name: (answer.content, int(answer.headers["X-Herald-Sample-Rate"])) for name, answer in answers.items()}


@pytest.mark.parametrize("name", FORMATS)
def test_each_has_its_type(stream, name):
    with stream.stream("POST", PATH, json=ask("Hello.", response_format=name)) as answer:
        assert answer.headers["Content-Type"] == FORMATS[name].media_type
        assert "Content-Length" not in answer.headers


# libsndfile reads no FLAC of unknown length.
@pytest.mark.parametrize("name", [name for name in FORMATS if name != "flac"])
def test_libsndfile_reads_it_to_its_end(streamed, seconds, name):
    content, rate = streamed[name]
    samples, found = decode(content, name, rate)
    assert found == rate
    assert len(samples) / rate == pytest.approx(seconds, abs=max(0.01 * seconds, MP3_PADDING))
    assert abs(samples[-int(0.6 * rate) :]).max() > 0.01, "the last word is there"


@pytest.mark.parametrize(("listener", "name"), [(one, name) for one, names in READ.items() for name in names])
def test_others_hear_all_of_it(streamed, seconds, tmp_path, listener, name):
    if not shutil.which(listener):
        pytest.skip(f"{listener} is not here")
    content, rate = streamed[name]
    file = tmp_path / f"stream.{FORMATS[name].extension}"
    file.write_bytes(content)
    command = by_ffmpeg(file, name, str(rate)) if listener == "ffmpeg" else by_sox(file, name, str(rate))
    heard = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    assert pcm_seconds(heard) == pytest.approx(seconds, abs=max(0.01 * seconds, MP3_PADDING))


def by_ffmpeg(file, name, rate):
    given = ["-f", FOR_FFMPEG[name], "-ar", rate, "-ac", "1"] if name in RAW_CODINGS else []
    return ["ffmpeg", "-v", "error", *given, "-i", file, "-f", "s16le", "-ar", "24000", "-ac", "1", "-"]


def by_sox(file, name, rate):
    given = ["--ignore-length"]
    if name in RAW_CODINGS:
        coding, bits = FOR_SOX[name]
        given = ["-t", "raw", "-r", rate, "-c", "1", "-e", coding, "-b", bits]
    return ["sox", "-V1", *given, file, "-t", "raw", "-r", "24000", "-e", "signed-integer", "-b", "16", "-c", "1", "-"]
