"""herald voices publish, unpublish and --stack."""

import json
import sys

import pytest
from botocore.exceptions import ClientError

from herald.aws.clients import Clients
from herald.aws.voice_store import S3Voices
from herald.cli import main
from herald.speech.prepare import this_architecture
from tests.support.kokoro_session import write_pack
from tests.unit.cli.test_keys import aws  # noqa: F401  the fixture

BUCKET, TINY = "audio-bucket", "de_DE-tiny-low"


def stacks(operation, given):
    """Answer CloudFormation calls, for one stack."""
    if given["StackName"] != "herald":
        raise ClientError(
            {"Error": {"Code": "ValidationError"}, "ResponseMetadata": {"HTTPStatusCode": 400}}, operation
        )
    bucket = {"LogicalResourceId": "AudioBucket", "PhysicalResourceId": BUCKET, "ResourceType": "AWS::S3::Bucket"}
    return {"StackResourceSummaries": [bucket]}


@pytest.fixture
def voices(aws, voices_folder, monkeypatch, tmp_path, capsys):  # noqa: F811
    """`voices("publish", NAME)` returns the exit status and the output, for a local stack of `make run`."""
    monkeypatch.setattr("herald.speech.voices.catalog.LAYER", voices_folder)
    monkeypatch.setattr("herald.speech.voices.catalog.user_folder", lambda: tmp_path / "user")
    aws.s3.create_bucket(Bucket=BUCKET)
    record = {
        "aws_endpoint_url": None,
        "region": "us-east-1",
        "stack_name": "herald",
        "credentials": {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"},
        "resources": {"AudioBucket": BUCKET, "SpeechFunction": "speech"},
    }
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "stack.json").write_text(json.dumps(record))
    monkeypatch.setattr("herald.cli.deployment.Clients", lambda **_: aws)
    monkeypatch.setattr(aws.cloudformation, "_make_api_call", stacks)
    monkeypatch.setattr(aws.lambda_, "_make_api_call", lambda *_: {"Architectures": [this_architecture()]})

    def voices(*words):
        status = main(["voices", *words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return voices


@pytest.fixture
def published(aws):  # noqa: F811
    return lambda: set(S3Voices(aws, bucket=BUCKET).entries())


def test_a_voice_of_this_machine_is_published_listed_and_removed(voices, published):
    status, out, err = voices("publish", TINY)
    assert (status, published()) == (0, {TINY})
    assert f"Published {TINY}" in out
    assert f"{TINY}: uploading" in err
    rows = voices("--stack")[1].splitlines()
    assert rows[1].split()[0] == TINY
    assert rows[1].endswith("usable")
    assert [one["id"] for one in json.loads(voices("--stack", "--json")[1])] == [TINY]
    assert voices("unpublish", TINY)[0] == 0
    assert published() == set()
    assert "No voices are published" in voices("--stack")[1]


def test_a_folder_is_published(voices, published, voices_folder):
    assert voices("publish", str(voices_folder / TINY))[0] == 0
    assert published() == {TINY}


def test_a_packed_kokoro_model_is_published_for_any_processor(voices, published, tmp_path):
    assert voices("publish", str(write_pack(tmp_path / "packs" / "kokoro")))[0] == 0
    assert published() == {"kokoro"}
    assert voices("--stack")[1].splitlines()[1].endswith("usable in jobs")


def test_a_voice_of_another_version_is_marked(voices, monkeypatch):
    assert voices("publish", TINY)[0] == 0
    monkeypatch.setattr("herald.aws.voice_store.FORMAT", 0)
    assert voices("--stack")[1].splitlines()[1].endswith("  incompatible version: publish it again")
    assert [one["usable"] for one in json.loads(voices("--stack", "--json")[1])] == [False]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["publish", "unknown"], "Unknown voice"),
        (["publish", "kokoro"], "in jobs only (GPU, or Kokoro worker)"),
        (["publish", TINY, "--architecture", "arm64"], "only"),
        (["unpublish", TINY], "is not published"),
    ],
)
def test_errors_are_reported(voices, published, words, message):
    status, _, err = voices(*words)
    assert (status, published()) == (1, set())
    assert message in err


def test_a_missing_stack(voices):
    status, _, err = voices("publish", TINY, "--stack", "other")
    assert status == 1
    assert "There is no stack other" in err


def test_the_voice_is_prepared_for_the_processor_of_the_deployment(voices, aws, monkeypatch):  # noqa: F811
    monkeypatch.setattr(aws.lambda_, "_make_api_call", lambda *_: {"Architectures": ["arm64"]})
    status, _, err = voices("publish", TINY)
    assert status == 1
    assert "--force" in err


@pytest.mark.parametrize("words", [["--stack"], ["publish", TINY], ["unpublish", TINY]])
def test_missing_boto3_is_reported(voices, monkeypatch, words):
    monkeypatch.setattr("herald.cli.deployment.Clients", lambda **_: Clients())
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    status, _, err = voices(*words)
    assert status == 1
    assert ".tools/uv/bin/uv pip install --python .venv -e '.[lambda]'" in err
