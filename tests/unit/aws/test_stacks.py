"""The state of a stack and of its account, as `herald doctor` reads it, from recorded responses."""

from contextlib import contextmanager

import pytest
from botocore.stub import Stubber

from herald.aws.clients import Clients
from herald.aws.stacks import Inspection, Subscriptions, architecture_of, name_in_stack, variables_of
from herald.errors import BrokenInstallation, InvalidSettings

RESOURCE = {"LastUpdatedTimestamp": 0, "ResourceStatus": "CREATE_COMPLETE"}
TOP = [
    RESOURCE
    | {"LogicalResourceId": "Speech", "ResourceType": "AWS::Lambda::Function", "PhysicalResourceId": "h-speech"},
    RESOURCE
    | {"LogicalResourceId": "Watch", "ResourceType": "AWS::CloudFormation::Stack", "PhysicalResourceId": "h-watch"},
]
NESTED = [
    RESOURCE | {"LogicalResourceId": "Alarms", "ResourceType": "AWS::SNS::Topic", "PhysicalResourceId": "arn:alarms"}
]


@pytest.fixture
def clients(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "example")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    return Clients()


@contextmanager
def answers(client, method, *responses):
    """Let a client return responses to calls of a method; an error is a code and a message."""
    with Stubber(client) as stub:
        for response in responses:
            if isinstance(response, tuple):
                stub.add_client_error(method, *response)
            else:
                stub.add_response(method, response)
        yield
        stub.assert_no_pending_responses()


def pages():
    return [{"StackResourceSummaries": TOP}, {"StackResourceSummaries": NESTED}]


def test_the_stack_has_its_parameters_and_outputs(clients):
    stack = {
        "StackName": "herald",
        "CreationTime": 0,
        "StackStatus": "CREATE_COMPLETE",
        "Parameters": [{"ParameterKey": "Profile", "ParameterValue": "dev"}],
        "Outputs": [{"OutputKey": "ApiUrl", "OutputValue": "https://example.com"}],
    }
    with answers(clients.cloudformation, "describe_stacks", {"Stacks": [stack]}):
        state = Inspection(clients, "herald").stack()
    assert state.status == "CREATE_COMPLETE"
    assert (state.parameters, state.outputs) == ({"Profile": "dev"}, {"ApiUrl": "https://example.com"})


QUESTIONS = pytest.mark.parametrize(
    ("method", "ask"), [("describe_stacks", Inspection.stack), ("list_stack_resources", Inspection.functions)]
)


@QUESTIONS
def test_a_missing_stack_is_named(clients, method, ask):
    with (
        answers(clients.cloudformation, method, ("ValidationError", "Stack with id herald does not exist")),
        pytest.raises(InvalidSettings, match=r"There is no stack herald in this account and region\. Check the name"),
    ):
        ask(Inspection(clients, "herald"))


@QUESTIONS
def test_credentials_without_permission_are_not_taken_for_a_missing_stack(clients, method, ask):
    with (
        answers(clients.cloudformation, method, ("AccessDenied", "not authorized")),
        pytest.raises(BrokenInstallation, match=r"CloudFormation: \w+ was rejected \(AccessDenied\)"),
    ):
        ask(Inspection(clients, "herald"))


def test_each_function_has_its_state(clients):
    broken = {"State": "Inactive", "StateReason": "The key is disabled.", "LastUpdateStatus": "Failed"}
    with (
        answers(clients.cloudformation, "list_stack_resources", *pages()),
        answers(clients.lambda_, "get_function_configuration", broken),
    ):
        (function,) = Inspection(clients, "herald").functions()
    assert (function.name, function.state, function.update) == ("h-speech", "Inactive", "Failed")
    assert function.reason == "The key is disabled."


def test_a_resource_is_also_found_in_a_nested_stack(clients):
    with answers(clients.cloudformation, "list_stack_resources", *pages()):
        assert name_in_stack(clients.cloudformation, "herald", "Alarms") == "arn:alarms"
    with (
        answers(clients.cloudformation, "list_stack_resources", *pages()),
        pytest.raises(InvalidSettings, match="The stack herald has no resource AudioBucket"),
    ):
        name_in_stack(clients.cloudformation, "herald", "AudioBucket")


@pytest.mark.parametrize(("changed", "outdated"), [({}, False), ({"MemorySize": 2048}, True)])
def test_a_function_whose_alias_has_an_older_version_is_outdated(clients, changed, outdated):
    alias = {
        "LogicalResourceId": "SpeechAliaslive",
        "ResourceType": "AWS::Lambda::Alias",
        "PhysicalResourceId": "arn:aws:lambda:eu-central-1:123456789012:function:h-speech:live",
    }
    latest = {"MemorySize": 1769, "CodeSha256": "x", "Environment": {"Variables": {"A": "1"}}}
    with (
        answers(clients.cloudformation, "list_stack_resources", {"StackResourceSummaries": [TOP[0], RESOURCE | alias]}),
        answers(clients.lambda_, "get_function_configuration", latest, latest | changed),
    ):
        (state,) = Inspection(clients, "herald").functions()
    assert (state.name, state.outdated) == ("h-speech", outdated)


@pytest.mark.parametrize(
    ("architectures", "expected"), [(["arm64"], "arm64"), (["x86_64"], "x86_64"), (None, "x86_64")]
)
def test_a_function_has_its_architecture(clients, architectures, expected):
    response = {"Architectures": architectures} if architectures else {}
    with answers(clients.lambda_, "get_function_configuration", response):
        assert architecture_of(clients.lambda_, "h-speech") == expected


@pytest.mark.parametrize("variables", [{"HERALD_BUCKET": "audio"}, {}])
def test_a_function_has_its_variables(clients, variables):
    response = {"Environment": {"Variables": variables}} if variables else {}
    with answers(clients.lambda_, "get_function_configuration", response):
        assert variables_of(clients.lambda_, "h-speech") == variables


def test_the_credentials_have_an_identity(clients):
    response = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/ann", "UserId": "A"}
    with answers(clients.sts, "get_caller_identity", response):
        identity = Inspection(clients, "herald").identity()
    assert (identity.account, identity.region) == ("123456789012", "eu-central-1")


def test_subscriptions_are_counted_by_status(clients):
    arns = ["arn:aws:sns:eu-central-1:123456789012:alarms:1", "PendingConfirmation", "PendingConfirmation"]
    response = {"Subscriptions": [{"SubscriptionArn": arn} for arn in arns]}
    with answers(clients.sns, "list_subscriptions_by_topic", response):
        found = Inspection(clients, "herald").subscriptions("arn:alarms")
    assert found == Subscriptions(confirmed=1, pending=2)


@pytest.mark.parametrize(("instance", "quota"), [("ml.g5.xlarge", 2.0), ("ml.g6.xlarge", None)])
def test_the_quota_of_endpoints_is_that_of_the_instance_type(clients, instance, quota):
    quotas = [
        {"QuotaName": "ml.g5.xlarge for training job usage", "Value": 9.0},
        {"QuotaName": "ml.g5.xlarge for endpoint usage", "Value": 2.0},
    ]
    with answers(clients.quotas, "list_service_quotas", {"Quotas": quotas}):
        assert Inspection(clients, "herald").endpoint_instances(instance) == quota


def test_the_limit_of_concurrent_executions_is_that_of_the_account(clients):
    response = {"AccountLimit": {"ConcurrentExecutions": 10}}
    with answers(clients.lambda_, "get_account_settings", response):
        assert Inspection(clients, "herald").concurrency() == 10
