"""boto3's client of Amazon Polly with the deployed stack: every operation of its service model that applies here."""

import json
import time

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.clients.conftest import TEXT
from tests.support.decoding import decode
from tests.support.polly_client import polly_client

TAGS_AND_HTTP2 = {"TagResource", "UntagResource", "ListTagsForResource", "StartSpeechSynthesisStream"}
"""Operations that do not exist here (docs/migrate/from-polly.md)."""
PLS = (
    '<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">'
    "<lexeme><grapheme>Xyloq</grapheme><alias>silo</alias></lexeme></lexicon>"
)


@pytest.fixture
def polly(stack):
    return polly_client(stack.api_url, token=stack.api_key)


def test_every_operation(polly):
    used = set()
    polly.meta.events.register("before-call", lambda model, **_: used.add(model.name))
    voices = polly.describe_voices(LanguageCode="en-US")["Voices"]
    assert {"Joanna", "Matthew"} <= {voice["Id"] for voice in voices}
    polly.put_lexicon(Name="e2epolly", Content=PLS)
    assert "silo" in polly.get_lexicon(Name="e2epolly")["Lexicon"]["Content"]
    assert "e2epolly" in {lexicon["Name"] for lexicon in polly.list_lexicons()["Lexicons"]}
    asked = {"VoiceId": "Joanna", "Text": "Ask Xyloq.", "OutputFormat": "pcm", "LexiconNames": ["e2epolly"]}
    audio = polly.synthesize_speech(**asked)["AudioStream"].read()
    task = polly.start_speech_synthesis_task(**asked, OutputS3BucketName="any-bucket")["SynthesisTask"]
    deadline = time.monotonic() + 60
    while task["TaskStatus"] in {"scheduled", "inProgress"} and time.monotonic() < deadline:
        time.sleep(0.2)
        task = polly.get_speech_synthesis_task(TaskId=task["TaskId"])["SynthesisTask"]
    assert task["TaskStatus"] == "completed"
    assert httpx.get(task["OutputUri"], trust_env=False).raise_for_status().content == audio
    listed = polly.list_speech_synthesis_tasks(Status="completed", MaxResults=100)["SynthesisTasks"]
    assert task["TaskId"] in {one["TaskId"] for one in listed}
    polly.delete_lexicon(Name="e2epolly")
    with pytest.raises(polly.exceptions.LexiconNotFoundException):
        polly.get_lexicon(Name="e2epolly")
    assert used == set(polly.meta.service_model.operation_names) - TAGS_AND_HTTP2


def test_operations_that_do_not_exist_here_are_reported_as_such(polly):
    arn = "arn:aws:polly:us-east-1:123456789012:lexicon/any"
    with pytest.raises(ClientError, match="UnknownOperationException"):
        polly.list_tags_for_resource(ResourceArn=arn)


@pytest.mark.parametrize(("output", "made", "rate"), [("mp3", "mp3", 22_050), ("ogg_opus", "opus", 48_000)])
def test_audio_at_both_addresses(door, stack, output, made, rate):
    polly = polly_client(door, token=stack.api_key)
    audio = polly.synthesize_speech(VoiceId="Joanna", Text=TEXT, OutputFormat=output)["AudioStream"].read()
    samples, found = decode(audio, made, rate)
    assert found == rate
    assert 1.5 < len(samples) / rate < 5


def test_marks_equal_our_own(stack, polly):
    asked = {"VoiceId": "Joanna", "OutputFormat": "json", "SpeechMarkTypes": ["word", "sentence"]}
    lines = polly.synthesize_speech(Text=TEXT, **asked)["AudioStream"].read().decode().splitlines()
    words = [mark for mark in map(json.loads, lines) if mark["type"] == "word"]
    body = {"input": TEXT, "stream_format": "sse", "marks": True, "response_format": "mp3", "sample_rate": 22_050}
    headers = {"Authorization": f"Bearer {stack.api_key}"}
    sent = httpx.post(f"{stack.stream_url.rstrip('/')}/v1/audio/speech", json=body, headers=headers, trust_env=False)
    events = [json.loads(line.removeprefix("data: ")) for line in sent.text.splitlines() if line]
    ours = [mark for event in events for mark in event.get("marks", ())]
    assert [mark["value"] for mark in words] == [mark["word"] for mark in ours]
    assert [mark["time"] for mark in words] == pytest.approx([1_000 * mark["start"] for mark in ours], abs=1)
