"""Sample events of the speech function."""

import base64
import io

import pytest
import soundfile

from tests.docker.expected import body_of, error_of, headers_of, of
from tests.docker.herald import SAMPLE_KEY
from tests.support.load_balancer_events import sent


@of("speech__short")
def a_short_message_is_synthesized(herald):
    answer = herald.call("speech__short")
    headers, (samples, rate) = headers_of(answer), audio_of(answer)
    seconds = len(samples) / rate
    assert headers["content-type"] == "audio/mpeg"
    assert headers["x-herald-voice"] == "en_US-heart"
    assert rate == int(headers["x-herald-sample-rate"])
    assert 1 < seconds < 5
    assert abs(samples).max() > 0.05, "silence"
    # MP3 has a delay at the start and complete frames, so files are slightly longer than the audio.
    assert float(headers["x-herald-audio-seconds"]) == pytest.approx(seconds, abs=0.15)


@of("speech__phone_line")
def a_telephony_format_is_returned(herald):
    answer = herald.call("speech__phone_line")
    samples, rate = audio_of(answer)
    assert (rate, samples.ndim) == (8_000, 1)
    assert len(samples) / rate == pytest.approx(float(headers_of(answer)["x-herald-audio-seconds"]), abs=0.01)
    assert abs(samples).max() > 0.05, "silence"


@of("speech__load_balancer")
def a_message_is_synthesized_behind_a_load_balancer(herald):
    _, shown = herald.key()
    status, headers, body = sent(herald.call("speech__load_balancer", {SAMPLE_KEY: shown}))
    assert (status, headers["Content-Type"]) == (200, "audio/mpeg")
    samples, rate = soundfile.read(io.BytesIO(body))
    assert 1 < len(samples) / rate < 5
    assert abs(samples).max() > 0.05, "silence"


@of("speech__bad_voice")
def an_unknown_voice_is_rejected(herald):
    assert error_of(herald.call_as_built("speech__bad_voice"), 400) == ("unknown_voice", "voice")


@of("speech__respond_async")
def a_caller_that_prefers_async_gets_a_job(herald):
    answer = herald.call("speech__respond_async")
    job, headers = body_of(answer, 202), headers_of(answer)
    assert (headers["preference-applied"], headers["location"]) == ("respond-async", f"/v1/jobs/{job['id']}")
    assert (job["state"], job["priority"]) == ("queued", "vip"), "its key's tier"
    assert job["id"] in herald.drain("vip")


def audio_of(answer):
    """Return the samples of an audio file in a response to API Gateway, and their rate in Hz."""
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True), answer
    return soundfile.read(io.BytesIO(base64.b64decode(answer["body"], validate=True)))
