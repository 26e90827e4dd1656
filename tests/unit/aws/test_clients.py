"""The boto3 clients, and the translation of their errors."""

import socket
import subprocess
import sys
from threading import Thread

import pytest
from botocore import exceptions as botocore_errors
from botocore.parsers import ResponseParserError

from herald.aws.audio_store import S3AudioStore
from herald.aws.clients import Clients, translate_errors
from herald.aws.job_table import DynamoJobTable, TextStore
from herald.aws.messaging import SqsJobQueues
from herald.errors import BrokenInstallation, HeraldError, InvalidSettings, Unavailable
from tests.support.job_samples import a_job

MARKER = "purple elephant"
MODULES = (
    "herald.aws.job_table, herald.aws.audio_store, herald.aws.messaging, herald.aws.messaging, herald.aws.gpu_endpoint"
)


def test_boto3_is_imported_lazily():
    heavy = "[name for name in ('boto3', 'botocore', 'numpy', 'onnxruntime') if name in sys.modules]"
    script = f"import sys, {MODULES}, herald.aws.clients; herald.aws.clients.Clients(); print({heavy})"
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert output.stdout.strip() == "[]"


def test_clients_are_cached(clients):
    for name in ("dynamodb", "events", "s3", "sagemaker", "sqs"):
        assert getattr(clients, name) is getattr(clients, name)


def test_clients_have_short_timeouts(clients):
    for name in ("dynamodb", "events", "s3", "sagemaker", "sqs"):
        config = getattr(clients, name).meta.config
        assert config.retries["mode"] == "standard"
        assert 1 < config.retries["total_max_attempts"] <= 5
        assert config.connect_timeout <= 2
        assert config.read_timeout <= 10
        assert config.signature_version in {"v4", "s3v4"}


def client_error(operation="PutItem", code="ValidationException", status=400):
    response = {"Error": {"Code": code, "Message": MARKER}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return botocore_errors.ClientError(response, operation)


URL = f"https://dynamodb.example/{MARKER}"
TRANSLATIONS = [
    (client_error(code="ThrottlingException"), Unavailable),
    (client_error(code="InternalServerError", status=500), Unavailable),
    (client_error(code="whatever", status=429), Unavailable),
    (client_error(code="TransactionConflictException"), Unavailable),
    (botocore_errors.EndpointConnectionError(endpoint_url=URL, error=MARKER), Unavailable),
    (botocore_errors.ConnectTimeoutError(endpoint_url=URL, error=MARKER), Unavailable),
    (botocore_errors.ReadTimeoutError(endpoint_url=URL, error=MARKER), Unavailable),
    (botocore_errors.ConnectionClosedError(endpoint_url=URL, error=MARKER), Unavailable),
    (botocore_errors.IncompleteReadError(actual_bytes=1, expected_bytes=2), Unavailable),
    (ResponseParserError(MARKER), Unavailable),
    (botocore_errors.CredentialRetrievalError(provider="p", error_msg=MARKER), Unavailable),
    (client_error(), BrokenInstallation),
    (client_error(code="AccessDeniedException"), BrokenInstallation),
    (client_error(code="ResourceNotFoundException"), BrokenInstallation),
    (botocore_errors.ParamValidationError(report=MARKER), BrokenInstallation),
    (botocore_errors.NoCredentialsError(), BrokenInstallation),
    (botocore_errors.NoRegionError(), BrokenInstallation),
]


@pytest.mark.parametrize(
    ("raised", "translated"), TRANSLATIONS, ids=[type(raised).__name__ for raised, _ in TRANSLATIONS]
)
def test_botocore_errors_are_translated_without_any_value(raised, translated):
    with pytest.raises(HeraldError) as caught, translate_errors("DynamoDB"):
        raise raised
    assert type(caught.value) is translated
    assert caught.value.message.startswith("DynamoDB")
    assert MARKER not in caught.value.message
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("address", ["localhost:4566", "127.0.0.1", "http//localhost"])
def test_an_endpoint_that_is_not_a_url_is_named(monkeypatch, address):
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with pytest.raises(InvalidSettings, match="Begin AWS_ENDPOINT_URL with https://"):
        _ = Clients().dynamodb


def test_other_errors_are_not_translated():
    with pytest.raises(KeyError), translate_errors("DynamoDB"):
        raise KeyError("x")
    with pytest.raises(Unavailable, match="as it was"), translate_errors("DynamoDB"):
        raise Unavailable("as it was")


def parts(clients):
    """Return one call for each service."""
    table = DynamoJobTable(clients.dynamodb, table="jobs", texts=TextStore(clients.s3, bucket="bucket"))
    store = S3AudioStore(clients.s3, bucket="bucket")
    queues = SqsJobQueues(clients.sqs, standard="http://127.0.0.1/q", vip="")
    return {
        "DynamoDB": lambda: table.add(a_job(text=MARKER)),
        "S3": lambda: store.find(MARKER),
        "SQS": lambda: queues.send(a_job()),
    }


@pytest.fixture
def impatient(clients, monkeypatch):
    """A factory of clients for a local port, with one attempt and a timeout of half a second."""

    def make(port):
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        return Clients(attempts=1, read_seconds=0.5)

    return make


@pytest.mark.parametrize("service", ["DynamoDB", "S3", "SQS"])
def test_a_closed_port_is_unavailable(impatient, service):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Unavailable, match=f"{service} did not respond") as caught:
        parts(impatient(port))[service]()
    assert MARKER not in caught.value.message


@pytest.mark.parametrize("service", ["DynamoDB", "S3", "SQS"])
def test_a_silent_service_is_unavailable(impatient, service):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(Unavailable, match=rf"{service} did not respond .ReadTimeoutError"):
            parts(impatient(port))[service]()


TRUNCATED = b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"lines": "purple'


@pytest.mark.parametrize(
    ("response", "service", "reason"),
    [(b"", "DynamoDB", "ConnectionClosed"), (b"", "SQS", "ConnectionClosed"), (TRUNCATED, "text", "ResponseStreaming")],
)
def test_an_incomplete_response_is_unavailable(impatient, response, service, reason):
    def serve(server):
        connection, _ = server.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(response)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=serve, args=(server,))
        thread.start()
        clients = impatient(server.getsockname()[1])
        text = TextStore(clients.s3, bucket="bucket")
        calls = parts(clients) | {"text": lambda: text.get("texts/1")}
        try:
            with pytest.raises(Unavailable, match=f"did not respond .{reason}") as caught:
                calls[service]()
        finally:
            thread.join(10)
    assert "purple" not in caught.value.message
