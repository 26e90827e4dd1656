"""litellm, which calls many vendors by one name, with both APIs."""

from base64 import b64decode

import pytest

from tests.clients.conftest import DOORS, TEXT, need_python_client
from tests.support.decoding import decode

MODES = ("speech", "aspeech", "router")
CASES = {
    **{mode: {"mode": mode, "response_format": "wav", "speed": 1.2} for mode in MODES},
    "defaults": {},
    "an unknown voice": {"voice": "nobody"},
}


@pytest.fixture(scope="module", params=DOORS)
def answers(request, stack, python_client):
    """The results of all cases at one of the addresses, from one process, since litellm takes seconds to start."""
    need_python_client("litellm")
    base_url = f"{getattr(stack, DOORS[request.param]).rstrip('/')}/v1"
    asked = []
    for case in CASES.values():
        fields = {"model": "openai/tts-1", "voice": "alloy", "input": TEXT} | case
        mode = fields.pop("mode", "speech")
        asked.append({"base_url": base_url, "key": stack.api_key, "mode": mode, "request": fields})
    return dict(zip(CASES, python_client("litellm_speech.py", asked), strict=True))


@pytest.mark.parametrize("mode", MODES)
def test_speech(answers, mode):
    assert "error" not in answers[mode]
    samples, rate = decode(b64decode(answers[mode]["audio"]), "wav", 24_000)
    assert 1.2 < len(samples) / rate < 4.5


def test_speech_with_the_defaults(answers):
    samples, rate = decode(b64decode(answers["defaults"]["audio"]), "mp3", 24_000)
    assert 1.5 < len(samples) / rate < 5


def test_errors_have_the_types_of_litellm(answers):
    error = answers["an unknown voice"]["error"]
    assert (error["type"], error["status"]) == ("BadRequestError", 400)
    assert "Available voices" in error["message"]
