"""How AWS is asked, and what its errors mean."""

import socket
import subprocess
import sys
from threading import Thread

import pytest
from botocore import exceptions as botocore_errors
from botocore.parsers import ResponseParserError

from herald.aws.audio import S3AudioStore
from herald.aws.clients import Clients, asking
from herald.aws.jobs import DynamoJobTable
from herald.aws.queues import SqsJobQueues
from herald.aws.texts import TextStore
from herald.errors import BrokenInstallation, HeraldError, Unavailable
from tests.jobs import a_job

MARKER = "purple elephant"
MODULES = "herald.aws.jobs, herald.aws.audio, herald.aws.queues, herald.aws.events, herald.aws.endpoint"


def test_boto3_waits_until_it_is_needed():
    heavy = "[name for name in ('boto3', 'botocore', 'numpy', 'onnxruntime') if name in sys.modules]"
    script = f"import sys, {MODULES}, herald.aws.clients; herald.aws.clients.Clients(); print({heavy})"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_a_client_is_made_once(clients):
    for name in ("dynamodb", "events", "s3", "sagemaker", "sqs"):
        assert getattr(clients, name) is getattr(clients, name)


def test_clients_are_for_a_function_that_has_seconds(clients):
    for name in ("dynamodb", "events", "s3", "sagemaker", "sqs"):
        config = getattr(clients, name).meta.config
        assert config.retries["mode"] == "standard"
        assert 1 < config.retries["total_max_attempts"] <= 5
        assert config.connect_timeout <= 2
        assert config.read_timeout <= 10
        assert config.signature_version in {"v4", "s3v4"}


def refused(operation="PutItem", code="ValidationException", status=400):
    answer = {"Error": {"Code": code, "Message": MARKER}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return botocore_errors.ClientError(answer, operation)


URL = f"https://dynamodb.example/{MARKER}"
MEANS = [
    (refused(code="ThrottlingException"), Unavailable),
    (refused(code="InternalServerError", status=500), Unavailable),
    (refused(code="whatever", status=429), Unavailable),
    (refused(code="TransactionConflictException"), Unavailable),
    (botocore_errors.EndpointConnectionError(endpoint_url=URL, error=MARKER), Unavailable),
    (botocore_errors.ConnectTimeoutError(endpoint_url=URL, error=MARKER), Unavailable),
    (botocore_errors.ReadTimeoutError(endpoint_url=URL, error=MARKER), Unavailable),
    (botocore_errors.ConnectionClosedError(endpoint_url=URL, error=MARKER), Unavailable),
    (botocore_errors.IncompleteReadError(actual_bytes=1, expected_bytes=2), Unavailable),
    (ResponseParserError(MARKER), Unavailable),
    (botocore_errors.CredentialRetrievalError(provider="p", error_msg=MARKER), Unavailable),
    (refused(), BrokenInstallation),
    (refused(code="AccessDeniedException"), BrokenInstallation),
    (refused(code="ResourceNotFoundException"), BrokenInstallation),
    (botocore_errors.ParamValidationError(report=MARKER), BrokenInstallation),
    (botocore_errors.NoCredentialsError(), BrokenInstallation),
    (botocore_errors.NoRegionError(), BrokenInstallation),
]


@pytest.mark.parametrize(("theirs", "ours"), MEANS, ids=[type(theirs).__name__ for theirs, _ in MEANS])
def test_an_error_of_boto_is_one_of_ours_without_any_value(theirs, ours):
    with pytest.raises(HeraldError) as caught, asking("DynamoDB"):
        raise theirs
    assert type(caught.value) is ours
    assert caught.value.message.startswith("DynamoDB")
    assert MARKER not in caught.value.message
    assert caught.value.__suppress_context__


def test_other_errors_stay_what_they_are():
    with pytest.raises(KeyError), asking("DynamoDB"):
        raise KeyError("x")
    with pytest.raises(Unavailable, match="as it was"), asking("DynamoDB"):
        raise Unavailable("as it was")


def parts(clients):
    """One call of each service."""
    table = DynamoJobTable(clients.dynamodb, table="jobs", texts=TextStore(clients.s3, bucket="bucket"))
    store = S3AudioStore(clients.s3, bucket="bucket", renew_after=None)
    queues = SqsJobQueues(clients.sqs, standard="http://127.0.0.1/q", vip="")
    return {
        "DynamoDB": lambda: table.add(a_job(text=MARKER)),
        "S3": lambda: store.find(MARKER),
        "SQS": lambda: queues.send(a_job()),
    }


@pytest.fixture
def impatient(clients, monkeypatch):
    """A function that makes clients of a port, which try once and wait half a second."""

    def make(port):
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        return Clients(attempts=1, read_seconds=0.5)

    return make


@pytest.mark.parametrize("service", ["DynamoDB", "S3", "SQS"])
def test_a_service_that_nobody_serves_is_unavailable(impatient, service):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Unavailable, match=f"{service} did not answer") as caught:
        parts(impatient(port))[service]()
    assert MARKER not in caught.value.message


@pytest.mark.parametrize("service", ["DynamoDB", "S3", "SQS"])
def test_a_service_that_is_silent_is_unavailable(impatient, service):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(Unavailable, match=rf"{service} did not answer .ReadTimeoutError"):
            parts(impatient(port))[service]()


CUT = b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"lines": "purple'


@pytest.mark.parametrize(
    ("answer", "service", "how"),
    [(b"", "DynamoDB", "ConnectionClosed"), (b"", "SQS", "ConnectionClosed"), (CUT, "text", "ResponseStreaming")],
)
def test_a_service_that_breaks_off_is_unavailable(impatient, answer, service, how):
    def serve(server):
        connection, _ = server.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=serve, args=(server,))
        thread.start()
        clients = impatient(server.getsockname()[1])
        text = TextStore(clients.s3, bucket="bucket")
        calls = parts(clients) | {"text": lambda: text.get("texts/1")}
        try:
            with pytest.raises(Unavailable, match=f"did not answer .{how}") as caught:
                calls[service]()
        finally:
            thread.join(10)
    assert "purple" not in caught.value.message
