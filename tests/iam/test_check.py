"""The check itself: it passes on calls that a stack made, and fails when the template grants less."""

import json
from pathlib import Path

import pytest

from tests.iam.check import check, missing_tools, read
from tests.iam.requests import Request, Unknown, requests_of
from tests.template import translated
from tests.template.translated import load

SAMPLE = Path(__file__).parent / "sample.jsonl"
"""One call of each form, as a run of the local stack recorded them."""

needs_the_simulator = pytest.mark.skipif(bool(missing_tools()), reason=f"NO IAM CHECK: {missing_tools()}")


def statements(value):
    """Yield every list of statements in a template."""
    if isinstance(value, dict):
        if isinstance(value.get("Statement"), list):
            yield value["Statement"]
        for one in value.values():
            yield from statements(one)
    elif isinstance(value, list):
        for one in value:
            yield from statements(one)


@pytest.fixture
def edit(monkeypatch):
    """`edit(path, resource)`: the lists of statements of a template's resource, to change before the check reads it."""

    def statements_of(path, resource):
        template = load(path)
        monkeypatch.setattr(translated, "load", lambda other: template if other == path else load(other))
        return list(statements(template["Resources"][resource]))

    return statements_of


@needs_the_simulator
def test_every_recorded_call_is_allowed():
    report = check(read(SAMPLE))
    assert (report.problems(complete=False), report.requests > 50) == ([], True)


@needs_the_simulator
@pytest.mark.parametrize(
    ("path", "resource", "sid", "action"),
    [
        ("template.yaml", "PlanBatchFunction", "CountBatches", "dynamodb:PutItem"),
        ("infra/permissions.yaml", "JobsPolicy", "Rows", "dynamodb:PutItem"),
        ("infra/permissions.yaml", "JobsPolicy", "SendTaskResults", "states:SendTaskSuccess"),
        ("template.yaml", "BatchMachineRole", "InvokeFunctions", "lambda:InvokeFunction"),
        ("template.yaml", "AuthorizerFunction", "ReadKeys", "dynamodb:GetItem"),
        ("template.yaml", "ApiFunction", "AcceptUploads", "s3:PutObject"),
    ],
)
def test_it_fails_without_a_statement(edit, path, resource, sid, action):
    (some,) = [some for some in edit(path, resource) if any(one.get("Sid") == sid for one in some)]
    some[:] = [one for one in some if one.get("Sid") != sid]
    report = check(read(SAMPLE))
    assert action in {request.action for request, _ in report.denied}
    assert any(f"may not {action} on" in line for line in report.problems(complete=False))


@needs_the_simulator
def test_a_grant_that_nothing_uses_fails_a_complete_run_only(edit):
    (some,) = edit("template.yaml", "AuthorizerFunction")
    some.append(some[0] | {"Sid": "Extra", "Action": "dynamodb:DeleteItem"})
    report = check(read(SAMPLE))
    assert "AuthorizerFunctionRole/Extra dynamodb:DeleteItem" in report.unexplained
    assert not report.problems(complete=False)
    assert any(
        "AuthorizerFunctionRole/Extra dynamodb:DeleteItem is granted" in one for one in report.problems(complete=True)
    )


def call(service, operation, **parameters):
    return {"principal": "f", "service": service, "operation": operation, "parameters": parameters}


def asked(some):
    return {(one.action, one.resource.rpartition(":")[2], json.dumps(one.context)) for one in requests_of(some)}


def test_a_transaction_is_asked_for_each_key_and_for_all():
    items = [
        {"Put": {"TableName": "keys", "Key": {"id": {"S": "batch#1"}}}},
        {"Update": {"TableName": "keys", "Key": {"id": {"S": "usage#a"}}}},
    ]
    found = requests_of(call("dynamodb", "TransactWriteItems", TransactItems=items))
    keys = {(one.action, *one.context["dynamodb:LeadingKeys"]) for one in found}
    assert keys == {
        ("dynamodb:PutItem", "batch#1"),
        ("dynamodb:PutItem", "batch#1", "usage#a"),
        ("dynamodb:UpdateItem", "usage#a"),
        ("dynamodb:UpdateItem", "batch#1", "usage#a"),
    }


def test_a_copy_reads_and_writes_and_takes_tags_along():
    copy = call("s3", "CopyObject", Bucket="b", Key="to", CopySource={"Bucket": "a", "Key": "from"})
    assert {(one.action, one.resource) for one in requests_of(copy)} == {
        ("s3:PutObject", "arn:aws:s3:::b/to"),
        ("s3:GetObject", "arn:aws:s3:::a/from"),
        ("s3:GetObjectTagging", "arn:aws:s3:::a/from"),
        ("s3:PutObjectTagging", "arn:aws:s3:::b/to"),
    }


def test_what_is_missing_is_told_only_to_who_may_list():
    head = call("s3", "HeadObject", Bucket="b", Key="k")
    assert [one.action for one in requests_of(head)] == ["s3:GetObject"]
    assert [one.action for one in requests_of(head | {"missing": True})] == ["s3:GetObject", "s3:ListBucket"]


def test_a_form_is_asked_for_its_signer():
    form = call("s3", "PutObject", Key="uploads/a", url="http://127.0.0.1:1/bucket")
    assert requests_of(form) == [Request("f", "s3:PutObject", "arn:aws:s3:::bucket/uploads/a")]


def test_a_query_has_the_partition_key_that_it_asks_for():
    query = call(
        "dynamodb", "Query", TableName="jobs", IndexName="due", KeyConditionExpression="#a = :a AND #b < :b",
        values={":a": {"N": "3"}, ":b": {"S": "x"}},
    )  # fmt: skip
    assert asked(query) == {("dynamodb:Query", "table/jobs/index/due", '{"dynamodb:LeadingKeys": ["3"]}')}


def test_an_unknown_call_is_an_error():
    with pytest.raises(Unknown, match="s3 PutBucketAcl"):
        requests_of(call("s3", "PutBucketAcl", Bucket="b"))
