"""infra/load-balancer.yaml, deployed: which function gets which request, and in which form."""

import json

import httpx
import pytest

from tests.local.conftest import client
from tests.template.template import ROOT

CODE = """
import json, os
def handler(event, context):
    shown = {"function": os.environ["NAME"], "event": event}
    headers = {"Content-Type": ["application/json"]}
    return {"statusCode": 200, "statusDescription": "200 OK", "multiValueHeaders": headers, "body": json.dumps(shown)}
"""
KEY = {"AttributeName": "id", "AttributeType": "S"}


def function(name, **properties):
    fixed = {"InlineCode": CODE, "Handler": "index.handler", "Runtime": "python3.13", "Timeout": 20}
    environment = {"Environment": {"Variables": {"NAME": name}}}
    return {"Type": "AWS::Serverless::Function", "Properties": fixed | environment | properties}


HERALD = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Resources": {
        "ApiFunction": function("api"),
        "SpeechFunction": function("speech", AutoPublishAlias="live"),
        "AlarmTopic": {"Type": "AWS::SNS::Topic"},
        "KeyTable": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [KEY],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            },
        },
    },
}
"""The part of Herald's stack that the load balancer needs."""


@pytest.fixture(scope="module")
def resources(emulator):
    """Both deployed stacks' resources by logical id."""
    cloudformation = client(emulator[1], "cloudformation")

    def deploy(name, template, **parameters):
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
        cloudformation.create_stack(StackName=name, TemplateBody=template, Parameters=given, Capabilities=capabilities)
        cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
        listed = cloudformation.list_stack_resources(StackName=name)["StackResourceSummaries"]
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in listed}

    herald = deploy("herald", json.dumps(HERALD))
    ec2 = client(emulator[1], "ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"] for number in range(2)
    ]
    certificate = client(emulator[1], "acm").request_certificate(DomainName="speech.example.com")["CertificateArn"]
    found = herald | deploy(
        "herald-load-balancer",
        (ROOT / "infra" / "load-balancer.yaml").read_text(),
        SpeechFunction=herald["SpeechFunction"],
        SpeechRole=herald["SpeechFunctionRole"],
        ApiFunction=herald["ApiFunction"],
        ApiRole=herald["ApiFunctionRole"],
        KeyTable=herald["KeyTable"],
        AlarmTopic=herald["AlarmTopic"],
        Vpc=vpc,
        Subnets=",".join(subnets),
        Certificate=certificate,
        AllowedCidr="10.0.0.0/16",
    )
    # The emulator ignores the property Targets.
    arn = "arn:aws:lambda:us-east-1:000000000000:function:"
    for group, target in (("SpeechTargets", f"{found['SpeechFunction']}:live"), ("ApiTargets", found["ApiFunction"])):
        client(emulator[1], "elbv2").register_targets(TargetGroupArn=found[group], Targets=[{"Id": arn + target}])
    return found


@pytest.fixture(scope="module")
def ask(emulator, resources):
    """Send a request through the load balancer; return the name of the function and its event."""
    balancers = client(emulator[1], "elbv2").describe_load_balancers(LoadBalancerArns=[resources["LoadBalancer"]])
    (balancer,) = balancers["LoadBalancers"]
    address, host = f"http://127.0.0.1:{emulator[1].port}", f"{balancer['LoadBalancerName']}.alb.localhost:443"

    def ask(method, path, **headers):
        given = {"Host": host} | headers
        answer = httpx.request(method, address + path, headers=given, trust_env=False, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()["function"], answer.json()["event"]

    return ask


@pytest.mark.parametrize(
    ("method", "path", "function"),
    [
        ("POST", "/v1/audio/speech", "speech"),
        ("POST", "/v1/speech", "speech"),
        ("POST", "/v1/text-to-speech/voice", "speech"),
        ("POST", "/v1/text-to-speech/voice/stream/with-timestamps", "speech"),
        ("GET", "/v1/audio/speech", "api"),
        ("OPTIONS", "/v1/audio/speech", "api"),
        ("POST", "/v1/audio/speech/", "api"),
        ("POST", "/v1/audio/reading", "api"),
        ("POST", "/v1/jobs", "api"),
        ("GET", "/", "api"),
        ("DELETE", "/nowhere", "api"),
    ],
)
def test_a_request_reaches_the_function_of_its_route(ask, method, path, function):
    assert ask(method, path)[0] == function


def test_a_function_gets_headers_as_lists(ask):
    _, event = ask("GET", "/v1/voices", Authorization="Bearer hk_x")
    assert event["multiValueHeaders"]["authorization"] == ["Bearer hk_x"]
    assert set(event["requestContext"]) == {"elb"}


def test_both_roles_may_read_keys_and_nothing_else_is_added(emulator, resources):
    iam = client(emulator[1], "iam")
    for role in ("SpeechFunctionRole", "ApiFunctionRole"):
        policy = iam.get_role_policy(RoleName=resources[role], PolicyName="load-balancer")["PolicyDocument"]
        (statement,) = policy["Statement"]
        assert (statement["Action"], statement["Resource"].endswith(f":table/{resources['KeyTable']}")) == (
            "dynamodb:GetItem",
            True,
        )


def test_only_its_own_target_groups_may_invoke_the_functions(emulator, resources):
    lambdas = client(emulator[1], "lambda")
    for function, qualifier, group in (
        (resources["SpeechFunction"], {"Qualifier": "live"}, resources["SpeechTargets"]),
        (resources["ApiFunction"], {}, resources["ApiTargets"]),
    ):
        (statement,) = json.loads(lambdas.get_policy(FunctionName=function, **qualifier)["Policy"])["Statement"]
        allowed = statement["Condition"]["ArnLike"]["AWS:SourceArn"]
        assert group.startswith(allowed.removesuffix("*"))
