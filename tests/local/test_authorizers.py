"""Lambda authorizers of HTTP APIs: access, the context passed to the function, and caching."""

import json
from pathlib import Path

import httpx
import pytest

from tests.local.conftest import client

CODE = (Path(__file__).parent / "functions_under_test.py").read_text()
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


def function(handler, **routes):
    events = {
        name: {"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "Api"}, **route}} for name, route in routes.items()
    }
    properties = {"InlineCode": CODE, "Handler": f"index.{handler}", "Runtime": "python3.13", "Timeout": 20}
    return {"Type": "AWS::Serverless::Function", "Properties": {**properties, "Events": events}}


def template(seconds):
    key = {
        "FunctionArn": {"Fn::GetAtt": ["Authorizer", "Arn"]},
        "AuthorizerPayloadFormatVersion": "2.0",
        "EnableSimpleResponses": True,
        "Identity": {"Headers": ["Authorization"], "ReauthorizeEvery": {"Ref": "Seconds"}},
    }
    auth = {"DefaultAuthorizer": "Key", "Authorizers": {"Key": key}}
    public = {"Auth": {"Authorizer": "NONE"}}
    behind = function(
        "handler",
        Asker={"Method": "GET", "Path": "/asker"},
        Open={"Method": "GET", "Path": "/open", **public},
        Preflight={"Method": "OPTIONS", "Path": "/{proxy+}", **public},
        Rest={},
    )
    resources = {
        "Api": {"Type": "AWS::Serverless::HttpApi", "Properties": {"Auth": auth}},
        "Authorizer": function("authorize"),
        "Function": behind,
    }
    parameters = {"Seconds": {"Type": "Number", "Default": seconds}}
    whole = {"Transform": "AWS::Serverless-2016-10-31", "Parameters": parameters, "Resources": resources}
    return json.dumps({**whole, "Outputs": {"Api": {"Value": {"Ref": "Api"}}}})


@pytest.fixture(scope="module")
def cloudformation(emulator):
    return client(emulator[1], "cloudformation")


@pytest.fixture(scope="module")
def door(emulator, cloudformation):
    """The address of an API that caches an authorizer's response for a minute."""
    cloudformation.create_stack(StackName="doors", TemplateBody=template(60), Capabilities=CAPABILITIES)
    cloudformation.get_waiter("stack_create_complete").wait(StackName="doors", WaiterConfig={"Delay": 1})
    (stack,) = cloudformation.describe_stacks(StackName="doors")["Stacks"]
    (output,) = stack["Outputs"]
    return f"{emulator[1].url}/_aws/execute-api/{output['OutputValue']}"


@pytest.fixture
def ask(door):
    """Send a request with or without an Authorization header; return the status and body."""
    with httpx.Client(base_url=door, trust_env=False, timeout=20) as http:

        def ask(path, said=None, method="GET"):
            answer = http.request(method, path, headers={"Authorization": said} if said else {})
            return answer.status_code, answer.json()

        yield ask


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (None, (401, {"message": "Unauthorized"})),
        ("nobody", (403, {"message": "Forbidden"})),
        ("fail", (500, {"message": "Internal Server Error"})),
        ("odd", (500, {"message": "Internal Server Error"})),
    ],
)
@pytest.mark.parametrize("path", ["/asker", "/any/where"])
def test_rejected_requests(ask, path, said, answer):
    assert ask(path, said) == answer


def test_the_context_is_passed_to_the_function(ask):
    status, context = ask("/asker", "Bearer me")
    assert (status, context["said"]) == (200, "Bearer me")


def test_public_routes_need_no_authorization(ask):
    assert ask("/open") == ask("/open", "nobody")
    assert ask("/open")[1]["route"] == "GET /open"
    assert ask("/any/where", method="OPTIONS")[1]["route"] == "OPTIONS /{proxy+}"


def test_a_response_is_cached_per_header(ask):
    first, second, other = (ask("/asker", said)[1]["call"] for said in ("Bearer a", "Bearer a", "Bearer b"))
    assert first == second
    assert other != first


def test_failures_are_not_cached(ask):
    before = ask("/asker", "Bearer before")[1]["call"]
    assert [ask("/asker", "odd")[0] for _ in range(2)] == [500, 500]
    assert ask("/asker", "Bearer after")[1]["call"] >= before + 3


def test_an_update_replaces_the_authorizer(ask, cloudformation):  # last: it changes the shared stack
    cloudformation.update_stack(StackName="doors", TemplateBody=template(0), Capabilities=CAPABILITIES)
    cloudformation.get_waiter("stack_update_complete").wait(StackName="doors", WaiterConfig={"Delay": 1})
    first, second = (ask("/asker", "Bearer a")[1]["call"] for _ in range(2))
    assert first != second
    assert ask("/asker")[0] == 401
