"""A voice of the deployed stack, from the sentence of consent to a job spoken in it, and its deletion."""

import httpx
import pytest

from tests.support.deployed_stack import deployed, until
from tests.support.programs import missing

deployed = pytest.fixture(deployed, scope="module")
PERSON = "kokoro:am_adam(1)+am_onyx(1)"
TALK = "The library opens at ten. Please bring your card, and return the books that you borrowed last month."
SECONDS = 600
"""The first enrolment loads the checks and the model, and hears twelve mixes."""


def download(job):
    return httpx.get(job["audio_url"], trust_env=False, timeout=60)


@pytest.fixture
def say(deployed):
    """Return a text as the person says it."""

    def say(text):
        job = deployed.ended(deployed.post(input=text, voice=PERSON, response_format="wav")["id"], seconds=SECONDS)
        assert job["state"] == "done", job
        return download(job).raise_for_status().content

    return say


@pytest.fixture
def enrol(api):
    """Enrol a voice, delete it at the end, and return it when its check has ended."""
    made = []

    def enrol(consent, sample):
        form = {"name": "Ann", "language": "en-US"}
        sent = api.post("/v1/audio/voice_consents", data=form, files={"recording": ("consent.wav", consent)})
        assert sent.status_code == 201, sent.text
        form = {"name": "Ann", "consent": sent.json()["id"]}
        voice = api.post("/v1/audio/voices", data=form, files={"audio_sample": ("sample.wav", sample)})
        assert voice.status_code == 202, voice.text
        address = voice.headers["Location"]
        made.append(address)
        until(lambda: api.get(address).json()["state"] not in {"pending", "checking"}, SECONDS, pause=1)
        return api.get(address).json()

    yield enrol
    for address in made:
        api.delete(address).raise_for_status()


def test_a_person_becomes_a_voice_that_only_its_tenant_can_use(api, another, deployed, enrol, say):
    sentence = (
        api.get("/v1/audio/voice_consents/sentence", params={"language": "en"}).raise_for_status().json()["sentence"]
    )
    consent, sample = say(sentence), say(TALK)
    voice = enrol(consent, sample)
    if "checks_missing" in str(voice):
        missing("the container's checks of recordings are not installed; 'make enrolment' does")
    assert voice["state"] == "ready", voice
    spoken = deployed.ended(deployed.post(input="Good morning.", voice={"id": voice["id"]})["id"], seconds=SECONDS)
    assert (spoken["state"], spoken["voice"]) == ("done", voice["id"])
    assert download(spoken).status_code == 200
    refused = another.post("/v1/jobs", json={"input": "Good morning.", "voice": voice["id"]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "unknown_voice")
    again = {"name": "Ann", "language": "en-US"}
    api.get("/v1/audio/voice_consents/sentence", params={"language": "en"}).raise_for_status()
    replayed = api.post("/v1/audio/voice_consents", data=again, files={"recording": ("consent.wav", consent)})
    assert replayed.json()["error"]["code"] == "replayed_recording"

    api.delete(f"/v1/audio/voices/{voice['id']}").raise_for_status()
    assert download(spoken).status_code in {403, 404}
    silent = api.post("/v1/jobs", json={"input": "Good evening.", "voice": voice["id"]})
    assert silent.status_code == 400
    record = api.get(f"/v1/audio/voices/{voice['id']}").json()
    assert (record["state"], bool(record["deleted_at"])) == ("deleted", True)


def test_recordings_without_speech_are_refused(api, enrol):
    api.get("/v1/audio/voice_consents/sentence", params={"language": "en"}).raise_for_status()
    empty = b"RIFF\x24\x00\x00\x00WAVEfmt "
    voice = enrol(empty + b"consent", empty + b"sample")
    if "checks_missing" in str(voice):
        missing("the container's checks of recordings are not installed; 'make enrolment' does")
    refused = {one["message"].partition(":")[0] for one in voice["refusals"]}
    assert (voice["state"], refused) == ("refused", {"consent", "sample"})
