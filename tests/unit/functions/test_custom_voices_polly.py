"""boto3's client of Polly lists a tenant's custom voices and speaks them as tasks."""

import httpx
import pytest
from botocore.exceptions import ClientError

from herald.auth.api_keys import KeyRing, KeySettings
from herald.auth.caller import Scope
from herald.aws.key_table import DynamoKeys
from herald.clock import utc_now
from tests.support.enrolling import MIX, Enrolling
from tests.support.moto_cloud import KEYS
from tests.support.polly_client import polly_client
from tests.support.polly_gateway import gateway

TEXT = "Your appointment is confirmed."


@pytest.fixture
def acme(gpu):
    return Enrolling(gpu)


@pytest.fixture
def url(gpu):
    address, end = gateway()
    yield address
    end()


@pytest.fixture
def ring(gpu):
    return KeyRing(DynamoKeys(gpu.clients.dynamodb, table=KEYS), clock=utc_now)


@pytest.fixture
def client(url, ring):
    """Return a client with a new key."""
    return lambda **settings: polly_client(url, token=str(ring.create(KeySettings(**{"tenant": "acme"} | settings))[1]))


def ids(client, **query):
    return {voice["Id"] for voice in client.describe_voices(**query)["Voices"]}


def test_a_task_speaks_a_custom_voice(client, acme):
    voice = acme.enrol()["id"]
    polly = client()
    asked = {"VoiceId": voice, "OutputFormat": "mp3", "Text": TEXT, "OutputS3BucketName": "theirs"}
    task = polly.start_speech_synthesis_task(**asked, Engine="generative", LanguageCode="en-US")["SynthesisTask"]
    assert (task["TaskStatus"], task["VoiceId"]) == ("scheduled", voice)
    (request,) = acme.submit()
    assert [(line["voice"], line["text"]) for line in request["lines"]] == [(MIX, TEXT)]
    acme.answer(request)
    done = polly.get_speech_synthesis_task(TaskId=task["TaskId"])["SynthesisTask"]
    assert done["TaskStatus"] == "completed"
    assert f"/audio/acme/{voice}/" in done["OutputUri"]


def test_voices_that_are_ready_are_described(client, acme):
    voice = acme.enrol()["id"]
    acme.sentence()
    waiting = acme.create(acme.consent(b"fLaC another consent").json["id"], b"OggS another sample").json["id"]
    (described,) = [one for one in client().describe_voices()["Voices"] if one["Id"] == voice]
    assert (described["Name"], described["LanguageCode"], "Gender" in described) == ("Ann", "en-US", False)
    assert "generative" in described["SupportedEngines"]
    assert waiting not in ids(client())
    assert voice in ids(client(), LanguageCode="en-US") - ids(client(), LanguageCode="de-DE")
    assert voice not in ids(client(tenant="other"))
    assert voice in ids(client(scopes={Scope.JOBS}))
    assert voice not in ids(client(scopes={Scope.BATCHES}))


@pytest.mark.parametrize("output", [{"OutputFormat": "mp3"}, {"OutputFormat": "json", "SpeechMarkTypes": ["word"]}])
def test_synthesize_speech_names_tasks(client, acme, output):
    voice = acme.enrol()["id"]
    with pytest.raises(ClientError) as refused:
        client().synthesize_speech(VoiceId=voice, Text=TEXT, **output)
    error = refused.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert "StartSpeechSynthesisTask" in error["Message"]


def test_a_voice_of_another_tenant_is_unknown(client, acme):
    voice = acme.enrol()["id"]
    with pytest.raises(ClientError) as refused:
        client(tenant="other").start_speech_synthesis_task(
            VoiceId=voice, OutputFormat="mp3", Text=TEXT, OutputS3BucketName="theirs"
        )
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_create_voice_is_refused_with_the_way_to_make_one(url, ring):
    key = str(ring.create(KeySettings(tenant="acme"))[1])
    headers = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=any/20261128/us-east-1/polly/aws4_request, SignedHeaders=host, "
        "Signature=0",
        "X-Amz-Security-Token": key,
    }
    answer = httpx.post(f"{url}/v1/voices", headers=headers, json={"Name": "Ann"}, trust_env=False)
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (404, "UnknownOperationException")
    assert "POST /v1/audio/voice_consents" in answer.json()["message"]
