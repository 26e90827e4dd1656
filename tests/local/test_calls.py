"""local.calls records what IAM evaluates, and no customer data."""

import json

import boto3
import botocore.handlers
import moto
import pytest
from botocore.exceptions import ClientError

from local import calls


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """Install the recorder in this process; return a function that reads the recorded calls."""
    path = tmp_path / "calls.jsonl"
    monkeypatch.setenv(calls.VARIABLE, str(path))
    monkeypatch.setattr(botocore.handlers, "BUILTIN_HANDLERS", list(botocore.handlers.BUILTIN_HANDLERS))
    calls.install("a-function")
    with moto.mock_aws():
        yield lambda: [json.loads(line) for line in path.read_text().splitlines()]


def client(service):
    return boto3.Session("a", "b", region_name="us-east-1").client(service)


def test_a_call_is_recorded_without_customer_data(recorded):
    with pytest.raises(ClientError):
        client("dynamodb").put_item(TableName="jobs", Item={"id": {"S": "job_1"}, "text": {"S": "Dear Ann"}})
    assert recorded() == [
        {
            "principal": "a-function",
            "service": "dynamodb",
            "operation": "PutItem",
            "parameters": {"TableName": "jobs", "Key": {"id": {"S": "job_1"}}},
        }
    ]


def test_a_missing_object_is_recorded_as_such(recorded):
    s3 = client("s3")
    s3.create_bucket(Bucket="files")
    with pytest.raises(ClientError):
        s3.head_object(Bucket="files", Key="none")
    _, asked, answered = recorded()
    assert (asked["operation"], asked["parameters"]) == ("HeadObject", {"Bucket": "files", "Key": "none"})
    assert answered == asked | {"missing": True}


def test_a_presigned_form_is_recorded_for_its_signer(recorded):
    s3 = client("s3")
    s3.generate_presigned_url("get_object", Params={"Bucket": "files", "Key": "a"})
    s3.generate_presigned_post("files", "b")
    link, form = recorded()
    assert (link["operation"], link["parameters"]) == ("GetObject", {"Bucket": "files", "Key": "a"})
    assert (form["operation"], form["parameters"]["Key"]) == ("PutObject", "b")


def test_a_transaction_is_recorded_by_its_keys(recorded):
    put = {"Put": {"TableName": "keys", "Item": {"id": {"S": "batch#1"}, "secret": {"S": "x"}}}}
    update = {"Update": {"TableName": "keys", "Key": {"id": {"S": "usage#a"}}, "UpdateExpression": "SET a = b"}}
    with pytest.raises(ClientError):
        client("dynamodb").transact_write_items(TransactItems=[put, update])
    (line,) = recorded()
    assert line["parameters"]["TransactItems"] == [
        {"Put": {"TableName": "keys", "Key": {"id": {"S": "batch#1"}}}},
        {"Update": {"TableName": "keys", "Key": {"id": {"S": "usage#a"}}}},
    ]


def test_nothing_is_recorded_by_default(monkeypatch, tmp_path):
    monkeypatch.delenv(calls.VARIABLE)
    before = list(botocore.handlers.BUILTIN_HANDLERS)
    calls.install("a-function")
    calls.write("s3", "GetObject", {}, principal="a-function")
    assert before == botocore.handlers.BUILTIN_HANDLERS


def test_a_table_with_another_key_does_not_stop_the_caller(recorded):
    with pytest.raises(ClientError, match="ResourceNotFound"):
        client("dynamodb").put_item(TableName="jobs", Item={"pk": {"S": "1"}})
    with pytest.raises(ClientError, match="ResourceNotFound"):
        client("dynamodb").batch_get_item(RequestItems={"jobs": {"Keys": [{"pk": {"S": "1"}}]}})
    assert [one["operation"] for one in recorded()] == ["PutItem", "BatchGetItem"]
