"""Streams of every format are decoded completely by libsndfile, ffmpeg and sox."""

import pytest

from herald.disclosure.file_claims import read_claim
from herald.speech.audio.formats import FORMATS
from tests.support.decoding import decode
from tests.support.programs import need_decoder, seconds_heard
from tests.support.stream_reader import PATH, ask

MP3_PADDING = 2 * 1_152 / 24_000
"""Additional seconds if a decoder does not skip LAME's delay, and from a partial last frame."""


@pytest.fixture(scope="module")
def streamed(stream):
    """The sentence as a file in each format, with its sample rate."""
    answers = {name: stream.post(PATH, json=ask(response_format=name)).raise_for_status() for name in FORMATS}
    return {name: (answer.content, int(answer.headers["X-Herald-Sample-Rate"])) for name, answer in answers.items()}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_its_media_type(stream, name):
    with stream.stream("POST", PATH, json=ask("Hello.", response_format=name)) as answer:
        assert answer.headers["Content-Type"] == FORMATS[name].media_type
        assert "Content-Length" not in answer.headers


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"pcm", "ulaw", "alaw"}))
def test_streams_state_that_they_are_synthetic(streamed, name):
    assert read_claim(streamed[name][0]).state == "marked"


# libsndfile cannot read FLAC of unknown length.
@pytest.mark.parametrize("name", [name for name in FORMATS if name != "flac"])
def test_libsndfile_reads_the_complete_stream(streamed, seconds, name):
    content, rate = streamed[name]
    samples, found = decode(content, name, rate)
    assert found == rate
    assert len(samples) / rate == pytest.approx(seconds, abs=max(0.01 * seconds, MP3_PADDING))
    assert abs(samples[-int(0.6 * rate) :]).max() > 0.01, "the last word is audible"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("program", ["ffmpeg", "sox"])
def test_other_programs_read_the_complete_stream(streamed, seconds, program, name):
    need_decoder(program, name)
    content, rate = streamed[name]
    assert seconds_heard(program, content, name, rate) == pytest.approx(seconds, abs=max(0.01 * seconds, MP3_PADDING))
