"""Synthesis tasks of Amazon Polly's API with boto3's own client, over HTTP, against the functions in this process."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from herald.auth.caller import Scope
from herald.aws.job_table import DynamoJobTable, TextStore
from herald.clock import utc_now
from herald.jobs.job import JobError, State, new_id
from tests.support.job_samples import a_job
from tests.support.moto_cloud import BUCKET as STORE
from tests.support.moto_cloud import TABLE
from tests.unit.functions.conftest import MARKER
from tests.unit.functions.test_polly_lexicons import pls

BUCKET = "my-bucket"


@pytest.fixture
def jobs(cloud):
    return DynamoJobTable(cloud.clients.dynamodb, table=TABLE, texts=TextStore(cloud.clients.s3, bucket=STORE))


def start(polly, **fields):
    asked = {"VoiceId": "Joanna", "OutputFormat": "mp3", "Text": "Good morning.", "OutputS3BucketName": BUCKET}
    return polly.start_speech_synthesis_task(**asked | fields)["SynthesisTask"]


def refused(call, exception, status=400):
    """Check that a call raises that exception of the client with the status of Polly's model; return its message."""
    with pytest.raises(ClientError) as caught:
        call()
    assert caught.value.response["Error"]["Code"] == exception
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    return caught.value.response["Error"]["Message"]


def test_a_task_is_a_job(polly, jobs):
    task = start(polly, Engine="neural", OutputFormat="ogg_opus", LanguageCode="en-US", OutputS3KeyPrefix="a/b")
    assert task["TaskStatus"] == "scheduled"
    assert task["CreationTime"] == pytest.approx(datetime.now(UTC), abs=timedelta(minutes=1))
    settings = {"VoiceId": "Joanna", "OutputFormat": "ogg_opus", "SampleRate": "48000", "Engine": "neural"}
    settings |= {"LanguageCode": "en-US", "TextType": "text", "RequestCharacters": len("Good morning.")}
    assert task | settings == task
    job = jobs.get(task["TaskId"])
    assert (job.tenant, job.response_format, job.use_case) == ("acme", "opus", "polly-task")
    assert job.audio_key in task["OutputUri"]
    found = polly.get_speech_synthesis_task(TaskId=task["TaskId"])["SynthesisTask"]
    assert {name: found[name] for name in found if name != "OutputUri"} == {
        name: task[name] for name in task if name != "OutputUri"
    }


@pytest.mark.parametrize("voice", ["Joanna\n", "Joanna\u202e", "Joanna\0", "\u200b", "en_US-heart\t"])
def test_a_voice_of_unprintable_characters_is_unknown(polly, voice):
    assert "voice" in refused(lambda: start(polly, VoiceId=voice), "ValidationException")


@pytest.mark.parametrize(
    ("state", "status"),
    [(State.SPEAKING, "inProgress"), (State.CANCELLED, "failed"), (State.FAILED, "failed"), (State.DONE, "completed")],
)
def test_states_of_jobs_are_states_of_tasks(polly, jobs, state, status):
    task = start(polly)
    error = JobError(code="too_many_attempts", message="It failed.") if state is State.FAILED else None
    if state is State.SPEAKING:
        later = utc_now() + timedelta(minutes=1)
        jobs.claim(task["TaskId"], state, worker="one", at=utc_now(), until=later)
    else:
        jobs.move(task["TaskId"], state, at=utc_now(), changes={"error": error} if error else None)
    found = polly.get_speech_synthesis_task(TaskId=task["TaskId"])["SynthesisTask"]
    assert found["TaskStatus"] == status
    assert ("TaskStatusReason" in found) is (status == "failed")
    assert ("OutputUri" in found) is (status != "failed")
    listed = polly.list_speech_synthesis_tasks(Status=status)["SynthesisTasks"]
    assert [one["TaskId"] for one in listed] == [task["TaskId"]]
    assert not polly.list_speech_synthesis_tasks(Status="scheduled")["SynthesisTasks"]


def test_a_list_has_pages(polly, polly_of):
    tasks = [start(polly, Text=f"Text {number}.")["TaskId"] for number in range(3)]
    start(polly_of("other"))
    pages = [
        page["SynthesisTasks"] for page in polly.get_paginator("list_speech_synthesis_tasks").paginate(MaxResults=2)
    ]
    assert [len(page) for page in pages] == [2, 1]
    assert sorted(one["TaskId"] for page in pages for one in page) == sorted(tasks)
    refused(lambda: polly.list_speech_synthesis_tasks(NextToken="no"), "InvalidNextTokenException")
    refused(lambda: polly.list_speech_synthesis_tasks(MaxResults=100, Status="no"), "ValidationException")


@pytest.mark.parametrize(
    ("fields", "exception", "says"),
    [
        ({"OutputS3BucketName": "Not a bucket"}, "InvalidS3BucketException", "OutputS3BucketName"),
        ({"OutputS3KeyPrefix": "a b"}, "InvalidS3KeyException", "OutputS3KeyPrefix"),
        ({"SnsTopicArn": "arn:aws:sns:us-east-1:123456789012:t"}, "InvalidSnsTopicArnException", "SnsTopicArn"),
        ({"OutputFormat": "json", "SpeechMarkTypes": ["word"]}, "ValidationException", "SynthesizeSpeech"),
        ({"SpeechMarkTypes": ["word"]}, "MarksNotSupportedForFormatException", "json"),
        ({"Text": "a" * 5_001}, "TextLengthExceededException", "5,000"),
        ({"Text": f"<speak>{MARKER}", "TextType": "ssml"}, "InvalidSsmlException", "Line 1"),
        ({"SampleRate": "12345"}, "InvalidSampleRateException", "22050"),
        ({"LexiconNames": ["none"]}, "LexiconNotFoundException", "GET /v1/lexicons"),
        ({"VoiceId": "Nobody"}, "ValidationException", "Available voices"),
        ({"VoiceId": "Joanna\n"}, "ValidationException", "Available voices"),
        ({"VoiceId": "Joanna\u202e"}, "ValidationException", "Available voices"),
        ({"LanguageCode": "fr-FR"}, "LanguageNotSupportedException", "en-US"),
    ],
)
def test_refusals(polly, fields, exception, says):
    status = 404 if exception == "LexiconNotFoundException" else 400
    message = refused(lambda: start(polly, **fields), exception, status)
    assert says in message
    assert MARKER not in message
    assert not polly.list_speech_synthesis_tasks()["SynthesisTasks"]


def test_a_task_names_its_lexicons(polly):
    for name in ("brands", "names"):
        polly.put_lexicon(Name=name, Content=pls())
    task = start(polly, LexiconNames=["brands", "names"])
    assert task["LexiconNames"] == ["brands", "names"]
    assert polly.get_speech_synthesis_task(TaskId=task["TaskId"])["SynthesisTask"]["LexiconNames"] == [
        "brands",
        "names",
    ]
    assert "LexiconNames" not in start(polly)


def test_a_longer_text_than_of_real_time_is_accepted(polly):
    assert start(polly, Text="Good morning. " * 130)["RequestCharacters"] == 1_820
    ssml = f"<speak>{'<s>Good morning.</s>' * 140}</speak>"
    assert start(polly, Text=ssml, TextType="ssml")["RequestCharacters"] == 1_820


def test_unknown_tasks(polly, polly_of):
    other = start(polly_of("other"))["TaskId"]
    for task_id in (other, "job_" + "0" * 32, "b2c4"):
        refused(
            lambda task_id=task_id: polly.get_speech_synthesis_task(TaskId=task_id), "SynthesisTaskNotFoundException"
        )
    refused(lambda: polly.get_speech_synthesis_task(TaskId="a b"), "InvalidTaskIdException")


def test_tasks_need_the_scope_of_jobs(polly_of):
    polly = polly_of(scopes=frozenset({Scope.SPEECH}))
    for call in (lambda: start(polly), polly.list_speech_synthesis_tasks):
        with pytest.raises(ClientError, match="AccessDeniedException"):
            call()


def test_a_job_of_our_own_api_can_be_read_as_a_task(polly, jobs):
    job = jobs.add(a_job(id=new_id(utc_now()), tenant="acme", response_format="opus", metadata={"VoiceId": "x"}))
    found = polly.get_speech_synthesis_task(TaskId=job.id)["SynthesisTask"]
    assert (found["OutputFormat"], found["VoiceId"]) == ("ogg_opus", job.voice)
    assert not polly.list_speech_synthesis_tasks()["SynthesisTasks"]
