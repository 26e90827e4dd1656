"""AWS in this process (moto). Requests are serialized, as AWS does for each row and each object."""

from functools import partialmethod
from threading import Lock
from types import SimpleNamespace

import pytest
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber
from moto.s3.exceptions import MissingKey, PreconditionFailed
from moto.s3.responses import S3Response

from herald.aws.audio_store import S3AudioStore
from herald.aws.clients import Clients
from herald.aws.job_table import DynamoJobTable, TextStore
from herald.aws.key_table import DynamoKeys
from tests.support.job_fakes import MemoryAudioStore, MemoryJobTable
from tests.support.s3_fake import MemoryS3
from tests.template.template import RESOURCES

TABLE, KEYS, BUCKET = "jobs", "keys", "audio-bucket"
ACCOUNT = "123456789012"


def table_of_template(table):
    """Return the parameters of a table as deployed by the template."""
    properties = RESOURCES[table]["Properties"]
    return {
        name: properties[name]
        for name in ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    }


@pytest.fixture(scope="package")
def clients():
    """The clients that functions use; created once, because that takes longer than most tests."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            environment.delenv(name, raising=False)
        environment.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "example")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield Clients()


@pytest.fixture
def aws(clients, monkeypatch):
    """An empty AWS."""
    lock, process = Lock(), BotocoreStubber.process_request

    def process_alone(self, request):
        with lock:
            return process(self, request)

    monkeypatch.setattr(BotocoreStubber, "process_request", process_alone)
    monkeypatch.setattr(S3Response, "copy_object", partialmethod(_copy_if, S3Response.copy_object))
    with mock_aws():
        yield clients


def _copy_if(self, copy):
    """Copy an object if the conditions on the target hold, which moto ignores."""
    existing = self.backend.get_object(self.bucket_name, self.parse_key_name())
    if existing is not None and self.headers.get("If-None-Match"):
        raise PreconditionFailed("If-None-Match")
    if etag := self.headers.get("If-Match"):
        if existing is None:
            raise MissingKey
        if existing.etag != etag:
            raise PreconditionFailed("If-Match")
    return copy(self)


@pytest.fixture
def s3(aws):
    aws.s3.create_bucket(Bucket=BUCKET)
    return aws.s3


@pytest.fixture
def dynamo(aws, s3):
    """The job table, with access to the clients and objects behind it."""
    aws.dynamodb.create_table(TableName=TABLE, **table_of_template("JobTable"))
    table = DynamoJobTable(aws.dynamodb, table=TABLE, texts=TextStore(s3, bucket=BUCKET))

    def row(job_id):
        return aws.dynamodb.get_item(TableName=TABLE, Key={"id": {"S": job_id}}).get("Item")

    def texts():
        return [one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET, Prefix="texts/").get("Contents", [])]

    return SimpleNamespace(table=table, client=aws.dynamodb, s3=s3, row=row, texts=texts)


@pytest.fixture
def dynamo_keys(aws):
    """The table of API keys as deployed."""
    aws.dynamodb.create_table(TableName=KEYS, **table_of_template("KeyTable"))
    return DynamoKeys(aws.dynamodb, table=KEYS)


@pytest.fixture(params=["memory", "dynamo"])
def table(request):
    """The job table and its fake, which share their contract tests."""
    return MemoryJobTable() if request.param == "memory" else request.getfixturevalue("dynamo").table


@pytest.fixture
def fail(monkeypatch):
    """`fail(client, "PutItem", "ThrottlingException", 400)`: let an operation fail, `times` times or always."""

    def fail(client, operation, code, status=400, times=None):
        real, left = client._make_api_call, [times]

        def make(name, parameters):
            if name != operation or left[0] == 0:
                return real(name, parameters)
            left[0] = left[0] and left[0] - 1
            error = {"Code": code, "Message": f"Refused: {parameters}"}
            response = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}}
            if code == "TransactionCanceledException":
                response["CancellationReasons"] = [{"Code": "None"}, {"Code": "ThrottlingError"}]
            raise client.exceptions.from_code(code)(response, name)

        monkeypatch.setattr(client, "_make_api_call", make)

    return fail


@pytest.fixture
def record(monkeypatch):
    """`record(client, "PutItem")`: return a list that collects the parameters of all later calls."""

    def record(client, operation):
        real, calls = client._make_api_call, []

        def make(name, parameters):
            if name == operation:
                calls.append(parameters)
            return real(name, parameters)

        monkeypatch.setattr(client, "_make_api_call", make)
        return calls

    return record


@pytest.fixture(params=["memory", "s3", "memory s3"])
def store(request):
    """The audio store, its fake and the store with a fake of S3, which share their contract tests."""
    if request.param == "memory":
        return MemoryAudioStore()
    if request.param == "memory s3":
        return S3AudioStore(MemoryS3(), bucket=BUCKET)
    return S3AudioStore(request.getfixturevalue("s3"), bucket=BUCKET)
