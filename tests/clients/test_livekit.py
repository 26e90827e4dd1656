"""LiveKit's agents with their plugin for OpenAI (livekit-plugins-openai), with both APIs."""

import pytest

from tests.clients.conftest import DOORS, TEXT, need_python_client

FORMATS = ("mp3", "pcm", "wav", "opus", "flac")
CASES = {
    # With tts-1, the plugin asks for audio, with all others for events.
    **{
        (model, name): {"model": model, "voice": "ash", "response_format": name}
        for model in ("tts-1", "gpt-4o-mini-tts")
        for name in FORMATS
    },
    "defaults": {},
    "an unknown voice": {"voice": "nobody"},
}


@pytest.fixture(scope="module", params=DOORS)
def played(request, stack, python_client):
    """What an agent would play in all cases at one of the addresses, from one process."""
    need_python_client("livekit.plugins.openai")
    base_url = f"{getattr(stack, DOORS[request.param]).rstrip('/')}/v1"
    asked = [{"base_url": base_url, "key": stack.api_key, "text": TEXT, "request": case} for case in CASES.values()]
    return dict(zip(CASES, python_client("livekit_speech.py", asked), strict=True))


@pytest.mark.parametrize("model", ["tts-1", "gpt-4o-mini-tts"])
@pytest.mark.parametrize("response_format", FORMATS)
def test_speech(played, model, response_format):
    one = played[model, response_format]
    assert "error" not in one
    assert one["sample_rate"] == 24_000
    assert 1.5 < one["seconds"] < 5
    assert one["loudest"] > 3_000


def test_speech_with_the_defaults_of_the_plugin(played):
    assert 1.5 < played["defaults"]["seconds"] < 5


def test_an_error_has_its_status(played):
    error = played["an unknown voice"]["error"]
    assert (error["type"], error["status"]) == ("APIStatusError", 400)
