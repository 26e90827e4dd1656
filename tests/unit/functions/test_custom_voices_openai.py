"""OpenAI's SDK enrols, lists, speaks and deletes a custom voice, unchanged."""

import httpx2
import pytest
from openai import NotFoundError, OpenAI, PermissionDeniedError

from herald.functions import api
from herald.jobs.custom_voice_records import disable
from tests.support.enrolling import CONSENT, SAMPLE, Enrolling
from tests.support.http_events import ANYBODY, event_of
from tests.unit.functions.conftest import Context


@pytest.fixture
def acme(gpu):
    return Enrolling(gpu)


@pytest.fixture
def client(acme):
    """The SDK, with the api function as its server."""

    def answer(request):
        context = ANYBODY.context() | {"tenant": acme.tenant}
        sent = event_of(request.method, request.url.raw_path.decode(), dict(request.headers), request.read(), context)
        found = api.handler(sent, Context())
        return httpx2.Response(int(found["statusCode"]), headers=found["headers"], content=found["body"])

    transport = httpx2.Client(transport=httpx2.MockTransport(answer))
    return OpenAI(base_url="http://herald/v1", api_key="hk_test", http_client=transport, max_retries=0)


def test_the_sdk_enrols_a_voice(client, acme):
    acme.sentence()
    consent = client.audio.voice_consents.create(name="Ann", language="en-US", recording=("c.wav", CONSENT))
    voice = client.audio.voices.create(name="Ann", consent=consent.id, audio_sample=("s.wav", SAMPLE))
    assert (voice.object, voice.type) == ("audio.voice", "audio_sample")
    acme.answer(acme.submit()[0])
    assert acme.voice(voice.id)["state"] == "ready"
    assert [one.id for one in client.audio.voice_consents.list()] == [consent.id]
    assert client.audio.voice_consents.retrieve(consent.id).name == "Ann"
    assert client.audio.voices.delete(voice.id).deleted
    assert client.audio.voice_consents.delete(consent.id).deleted
    assert client.audio.voice_consents.retrieve(consent.id).id == consent.id
    with pytest.raises(NotFoundError):
        client.audio.voices.delete("voice_" + 32 * "0")


def test_the_sdk_reports_a_disabled_voice(client, acme, parts):
    voice = acme.enrol()
    disable(parts.custom_voice_store, "acme", voice["id"], disabled=True)
    with pytest.raises(PermissionDeniedError) as refused:
        client.post("/jobs", body={"input": "Hello.", "voice": voice["id"]}, cast_to=object)
    assert refused.value.code == "voice_disabled"
