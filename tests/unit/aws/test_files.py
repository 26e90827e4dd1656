"""The contract of Objects, for S3 and the fake; and the requests to S3."""

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta

import pytest

from herald.aws import object_store as files
from herald.aws import object_store as streams
from herald.aws.audio_store import S3Sentences
from herald.aws.batch_messaging import StepFunctionsMachine
from herald.aws.messaging import StepFunctionsTasks
from herald.aws.object_store import S3Objects
from herald.batches.batch_ports import Run
from herald.errors import BrokenInstallation, InvalidManifest, InvalidSettings, Unavailable
from herald.jobs.job_messages import JobEnd
from tests.support.batch_fakes import MemoryMachine, MemoryObjects
from tests.unit.aws.conftest import ACCOUNT, BUCKET

KEY = "batches/acme/batch_0/items.jsonl"
LONG = bytes(range(256)) * 50_000


@pytest.fixture(params=["memory", "s3"])
def objects(request):
    if request.param == "memory":
        return MemoryObjects()
    return S3Objects(request.getfixturevalue("s3"), bucket=BUCKET, account=ACCOUNT)


def uploads(s3):
    return s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])


def test_files_are_read_whole_or_in_ranges(objects):
    objects.write(KEY, b"0123456789")
    assert objects.read(KEY) == b"0123456789"
    assert (objects.read(KEY, 2, 3), objects.read(KEY, 8, 5)) == (b"234", b"89")
    assert objects.read(KEY, 10, 5) is objects.read("batches/else") is None


def test_write_once_does_not_replace_a_file(objects):
    assert objects.write_once(KEY, b"first")
    assert not objects.write_once(KEY, b"second")
    assert objects.read(KEY) == b"first"


def test_a_file_that_is_written_once_is_written_despite_a_conflict(s3, fail, monkeypatch):
    monkeypatch.setattr(files, "_PAUSE", 0)
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    fail(s3, "PutObject", "ConditionalRequestConflict", 409, times=2)
    assert objects.write_once(KEY, b"first")
    fail(s3, "PutObject", "ConditionalRequestConflict", 409)
    with pytest.raises(Unavailable, match="several processes"):
        objects.write_once(KEY, b"second")
    assert objects.read(KEY) == b"first"


@pytest.mark.parametrize(
    ("operation", "call"),
    [("GetObject", lambda objects: objects.read(KEY)), ("PutObject", lambda objects: objects.write_once(KEY, b"x"))],
)
def test_a_refused_file_is_neither_missing_nor_existing(s3, fail, operation, call):
    fail(s3, operation, "AccessDenied", 403)
    with pytest.raises(BrokenInstallation, match=f"S3: {operation} was rejected"):
        call(S3Objects(s3, bucket=BUCKET, account=ACCOUNT))


@pytest.mark.parametrize("sizes", [[], [0], [5], [1_000, 2_000], [len(LONG)]])
def test_a_stream_becomes_one_file(objects, sizes):
    with objects.writing(KEY, "application/x-ndjson") as write:
        for size in sizes:
            write(LONG[:size])
    assert objects.read(KEY) == b"".join(LONG[:size] for size in sizes)


def test_a_long_stream_is_uploaded_in_parts(s3, record, monkeypatch):
    monkeypatch.setattr(streams, "PART", 5 << 20)  # S3's minimum
    parts = record(s3, "UploadPart")
    with S3Objects(s3, bucket=BUCKET, account=ACCOUNT).writing(KEY, "text/csv") as write:
        for at in range(0, len(LONG), 100_000):
            write(LONG[at : at + 100_000])
    assert len(parts) == 3
    head = s3.head_object(Bucket=BUCKET, Key=KEY)
    assert (head["ContentLength"], head["ContentType"]) == (len(LONG), "text/csv")
    assert S3Objects(s3, bucket=BUCKET, account=ACCOUNT).read(KEY) == LONG
    assert not uploads(s3)


@pytest.mark.parametrize("size", [10, len(LONG)])
def test_a_failed_stream_keeps_the_existing_file(s3, size):
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    objects.write(KEY, b"before")

    def fail_midway():
        with objects.writing(KEY, "text/csv") as write:
            write(LONG[:size])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    assert objects.read(KEY) == b"before"
    assert not uploads(s3)


def test_a_pinned_version_is_read_in_blocks(objects, monkeypatch):
    monkeypatch.setattr(files, "_BLOCK", 1_000)
    objects.write(KEY, LONG[:2_500])
    pinned = objects.version_of(KEY)
    assert pinned.bytes == 2_500
    assert [len(block) for block in objects.read_version(pinned)] == [1_000, 1_000, 500]
    assert b"".join(objects.read_version(pinned)) == LONG[:2_500]
    assert objects.version_of("batches/else") is None


@pytest.mark.parametrize("after", [0, 1])
def test_reading_a_replaced_version_fails(objects, monkeypatch, after):
    monkeypatch.setattr(files, "_BLOCK", 1_000)
    objects.write(KEY, LONG[:2_500])
    blocks = objects.read_version(objects.version_of(KEY))
    for _ in range(after):
        next(blocks)
    objects.write(KEY, LONG[1:2_501])
    with pytest.raises(InvalidManifest) as replaced:
        next(blocks)
    assert replaced.value.code == "manifest_replaced"


def test_reading_a_deleted_version_fails(s3):
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    objects.write(KEY, b"rows")
    pinned = objects.version_of(KEY)
    s3.delete_object(Bucket=BUCKET, Key=KEY)
    with pytest.raises(InvalidManifest):
        next(objects.read_version(pinned))


def test_failed_block_reads_are_retried(s3, fail, monkeypatch):
    monkeypatch.setattr(files, "_PAUSE", 0)
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    objects.write(KEY, b"rows")
    pinned = objects.version_of(KEY)
    fail(s3, "GetObject", "SlowDown", 503, times=2)
    assert b"".join(objects.read_version(pinned)) == b"rows"
    fail(s3, "GetObject", "SlowDown", 503)
    with pytest.raises(Unavailable):
        next(objects.read_version(pinned))


def test_a_manifest_in_another_bucket_is_pinned_by_its_exact_key(s3):
    s3.create_bucket(Bucket="theirs")
    s3.put_object(Bucket="theirs", Key="a+b%2B c.csv", Body=b"rows", ContentType="text/csv")
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    pinned = objects.version_of("a+b%2B c.csv", "theirs")
    assert (pinned.bucket, pinned.content_type) == ("theirs", "text/csv")
    assert b"".join(objects.read_version(pinned)) == b"rows"
    assert objects.version_of("a b%2B c.csv", "theirs") is objects.version_of("x", "nowhere-at-all") is None


def test_manifests_are_read_only_from_buckets_of_the_account(s3, record):
    s3.create_bucket(Bucket="theirs")
    s3.put_object(Bucket="theirs", Key="acme/a.csv", Body=b"rows")
    calls = record(s3, "HeadObject"), record(s3, "GetObject")
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    assert b"".join(objects.read_version(objects.version_of("acme/a.csv", "theirs"))) == b"rows"
    assert [one["ExpectedBucketOwner"] for call in calls for one in call] == [ACCOUNT] * 2


@pytest.mark.parametrize("code", ["403", "AccessDenied"])
def test_access_denied_means_missing_only_in_other_buckets(s3, fail, code):
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"rows")
    pinned = objects.version_of(KEY)
    fail(s3, "HeadObject", code, 403)
    fail(s3, "GetObject", code, 403)
    assert objects.version_of(KEY, "theirs") is None
    with pytest.raises(BrokenInstallation):
        objects.version_of(KEY)
    with pytest.raises(InvalidManifest):
        next(objects.read_version(pinned.model_copy(update={"bucket": "theirs"})))
    with pytest.raises(BrokenInstallation):
        next(objects.read_version(pinned))


def test_links_are_signed(s3):
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    assert "X-Amz-Signature=" in objects.link(KEY, file_name="results.csv", seconds=60)


def test_an_upload_form_limits_key_size_and_time(s3):
    form = S3Objects(s3, bucket=BUCKET, account=ACCOUNT).upload_form(
        "uploads/acme/b/manifest", seconds=60, most_bytes=1_000, content_type="text/csv"
    )
    policy = json.loads(b64decode(form.fields["policy"]))
    conditions = policy["conditions"]
    assert ["content-length-range", 0, 1_000] in conditions
    assert {"key": "uploads/acme/b/manifest"} in conditions
    assert {"bucket": BUCKET} in conditions
    until = datetime.fromisoformat(policy["expiration"]) - datetime.now(UTC)
    assert timedelta(seconds=50) < until <= timedelta(seconds=60)
    assert form.fields["Content-Type"] == "text/csv"


COPY = "batches/acme/batch_0/manifest-1"


@pytest.mark.parametrize("size", [5, len(LONG)])
def test_a_copy_is_independent_of_later_versions(objects, size, monkeypatch):
    monkeypatch.setattr(files, "_COPIED_PART", 5 << 20)
    objects.write(KEY, LONG[:size])
    copy = objects.copy(objects.version_of(KEY), COPY)
    objects.write(KEY, b"another")
    assert (copy.key, copy.bytes) == (COPY, size)
    assert b"".join(objects.read_version(copy)) == LONG[:size]


def test_a_replaced_version_is_not_copied(objects):
    objects.write(KEY, b"rows")
    pinned = objects.version_of(KEY)
    objects.write(KEY, b"other rows")
    assert objects.copy(pinned, COPY) is None
    assert objects.read(COPY) is None


def test_a_long_version_is_copied_in_conditional_parts(s3, record, monkeypatch):
    monkeypatch.setattr(files, "_COPIED_PART", 5 << 20)
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=LONG, ContentType="text/csv")
    parts = record(s3, "UploadPartCopy")
    pinned = objects.version_of(KEY)
    assert objects.copy(pinned, COPY).content_type == "text/csv"
    assert [part["CopySourceIfMatch"] for part in parts] == [pinned.etag] * 3


def test_an_existing_copy_is_reused(s3, record):
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    objects.write(KEY, b"rows")
    copies = record(s3, "CopyObject")
    assert objects.copy(objects.version_of(KEY), COPY) == objects.copy(objects.version_of(KEY), COPY)
    assert len(copies) == 1


@pytest.mark.parametrize(
    ("code", "status", "raised"), [("SlowDown", 503, Unavailable), ("AccessDenied", 403, BrokenInstallation)]
)
def test_errors_of_a_copy_are_translated(s3, fail, code, status, raised):
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    objects.write(KEY, b"rows")
    pinned = objects.version_of(KEY)
    fail(s3, "CopyObject", code, status)
    with pytest.raises(raised):
        objects.copy(pinned, COPY)


def test_sentences_are_cached_per_tenant(s3):
    ours, theirs = (S3Sentences(s3, bucket=BUCKET, tenant=tenant) for tenant in ("acme", "mallory"))
    ours.put("ab", b"samples")
    assert (ours.get("ab"), ours.get("cd"), theirs.get("ab")) == (b"samples", None, None)
    with pytest.raises(InvalidSettings):
        S3Sentences(s3, bucket=BUCKET, tenant="../acme")


@pytest.mark.parametrize("operation", ["GetObject", "PutObject"])
def test_sentences_may_be_unavailable(s3, fail, operation):
    fail(s3, operation, "SlowDown", 503)
    sentences = S3Sentences(s3, bucket=BUCKET, tenant="acme")
    with pytest.raises(Unavailable):
        sentences.get("ab") or sentences.put("ab", b"samples")


@pytest.fixture
def machine(aws):
    definition = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'
    role = "arn:aws:iam::123456789012:role/machine"
    return aws.stepfunctions.create_state_machine(name="batch", definition=definition, roleArn=role)["stateMachineArn"]


def test_a_run_is_started_once(aws, machine):
    run = Run(batch="batch_0", tenant="acme")
    started = [StepFunctionsMachine(aws.stepfunctions, machine=machine).start(run) for _ in range(2)]
    assert started == ["batch_0-0"] * 2
    (execution,) = aws.stepfunctions.list_executions(stateMachineArn=machine)["executions"]
    description = aws.stepfunctions.describe_execution(executionArn=execution["executionArn"])
    assert Run.model_validate_json(description["input"]) == run


@pytest.mark.parametrize("kind", ["memory", "aws"])
def test_a_run_is_started_again_once_its_execution_has_ended(aws, machine, kind):
    run = Run(batch="batch_0", tenant="acme", run=2)
    runs = MemoryMachine() if kind == "memory" else StepFunctionsMachine(aws.stepfunctions, machine=machine)

    def end(name):
        if kind == "memory":
            runs.ended.add(name)
        else:
            aws.stepfunctions.stop_execution(executionArn=f"{machine.replace(':stateMachine:', ':execution:')}:{name}")

    assert runs.start(run) == "batch_0-2"
    # Another input, as of a second upload: the first one counts.
    assert runs.start(run.model_copy(update={"manifest_format": "jsonl"})) == "batch_0-2"
    end("batch_0-2")
    assert [runs.start(run) for _ in range(2)] == ["batch_0-2-2"] * 2
    end("batch_0-2-2")
    assert runs.start(run) == "batch_0-2-3"


def test_a_throttled_state_machine_is_unavailable(aws, machine, fail):
    fail(aws.stepfunctions, "StartExecution", "ThrottlingException")
    with pytest.raises(Unavailable):
        StepFunctionsMachine(aws.stepfunctions, machine=machine).start(Run(batch="batch_0", tenant="acme"))


@pytest.mark.parametrize("code", ["TaskDoesNotExist", "TaskTimedOut", "InvalidToken"])
def test_completing_an_ended_task_is_ignored(aws, fail, code):
    fail(aws.stepfunctions, "SendTaskSuccess", code)
    StepFunctionsTasks(aws).complete("token", JobEnd())


def test_a_throttled_task_callback_is_unavailable(aws, fail):
    fail(aws.stepfunctions, "SendTaskSuccess", "ThrottlingException")
    with pytest.raises(Unavailable):
        StepFunctionsTasks(aws).complete("token", JobEnd())
