"""CloudFormation stacks: their resources, and the state of a deployment and its account for diagnostic commands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from herald.aws.clients import Clients, code_of, translate_errors
from herald.errors import InvalidSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackResourceSummaryTypeDef
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import FunctionConfigurationResponseTypeDef

_NESTED = "AWS::CloudFormation::Stack"
_FUNCTION, _ALIAS = "AWS::Lambda::Function", "AWS::Lambda::Alias"
_VERSIONED = ("CodeSha256", "Environment", "Layers", "MemorySize", "Timeout")
"""The settings that a published version copies from the function."""


def _missing(stack: str) -> InvalidSettings:
    return InvalidSettings(
        f"There is no stack {stack} in this account and region. Check the name, AWS_PROFILE and AWS_REGION."
    )


def resources(cloudformation: "CloudFormationClient", stack: str) -> "Iterator[StackResourceSummaryTypeDef]":
    """Yield every resource of a stack and of its nested stacks; raise InvalidSettings if the stack does not exist."""
    stacks = [stack]
    while stacks:
        with translate_errors("CloudFormation"):
            try:
                pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stacks.pop())
                found = [resource for page in pages for resource in page["StackResourceSummaries"]]
            except cloudformation.exceptions.ClientError as error:
                if code_of(error) != "ValidationError":
                    raise
                raise _missing(stack) from None
        stacks += [resource["PhysicalResourceId"] for resource in found if resource["ResourceType"] == _NESTED]
        yield from found


def name_in_stack(cloudformation: "CloudFormationClient", stack: str, logical_id: str) -> str:
    """Return the physical id of a resource of a stack or its nested stacks; raise InvalidSettings if it is missing."""
    for resource in resources(cloudformation, stack):
        if resource["LogicalResourceId"] == logical_id:
            return resource["PhysicalResourceId"]
    raise InvalidSettings(f"The stack {stack} has no resource {logical_id}. Is it a stack of Herald?")


def architecture_of(lambda_: "LambdaClient", function: str) -> Literal["x86_64", "arm64"]:
    """Return the processor architecture of a function."""
    with translate_errors("Lambda"):
        response = lambda_.get_function_configuration(FunctionName=function)
    return "arm64" if response.get("Architectures") == ["arm64"] else "x86_64"


def variables_of(lambda_: "LambdaClient", function: str) -> dict[str, str]:
    """Return the environment variables of a function."""
    with translate_errors("Lambda"):
        response = lambda_.get_function_configuration(FunctionName=function)
    return dict(response.get("Environment", {}).get("Variables", {}))


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The principal and region of the current credentials."""

    account: str
    arn: str
    region: str


@dataclass(frozen=True, kw_only=True)
class StackState:
    """Status, parameters and outputs of a CloudFormation stack."""

    status: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class FunctionState:
    """State of a Lambda function. `reason` is empty unless it cannot be invoked or updated.

    `outdated`: requests are served by a version that was published before the last change of the function.
    """

    name: str
    state: str
    update: str
    reason: str
    outdated: bool = False


@dataclass(frozen=True, kw_only=True)
class Subscriptions:
    """Number of subscriptions to a topic, by status."""

    confirmed: int
    pending: int


class Inspection:
    """Reads the state of one stack."""

    def __init__(self, clients: Clients, stack: str) -> None:
        self._clients = clients
        self._stack = stack

    def identity(self) -> Identity:
        """Return the principal of the current credentials."""
        with translate_errors("STS"):
            response = self._clients.sts.get_caller_identity()
            return Identity(account=response["Account"], arn=response["Arn"], region=self._clients.sts.meta.region_name)

    def stack(self) -> StackState:
        """Return the state of the stack; raise InvalidSettings if it does not exist."""
        client = self._clients.cloudformation
        with translate_errors("CloudFormation"):
            try:
                (found,) = client.describe_stacks(StackName=self._stack)["Stacks"]
            except client.exceptions.ClientError as error:
                if code_of(error) != "ValidationError":
                    raise
                raise _missing(self._stack) from None
        return StackState(
            status=found["StackStatus"],
            parameters={given["ParameterKey"]: given["ParameterValue"] for given in found.get("Parameters", [])},
            outputs={output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])},
        )

    def functions(self) -> list[FunctionState]:
        """Return the state of each function of the stack and of its nested stacks."""
        names: dict[str, list[str]] = {_FUNCTION: [], _ALIAS: []}
        for resource in resources(self._clients.cloudformation, self._stack):
            names.get(resource["ResourceType"], []).append(resource["PhysicalResourceId"])
        states = []
        for name in names[_FUNCTION]:
            config = self._configuration(name)
            served = [self._configuration(alias) for alias in names[_ALIAS] if alias.split(":")[-2] == name]
            reasons = (config.get("StateReason"), config.get("LastUpdateStatusReason"))
            state = FunctionState(
                name=name,
                state=config.get("State", "Active"),
                update=config.get("LastUpdateStatus", "Successful"),
                reason=" ".join(filter(None, reasons)),
                outdated=any(version.get(key) != config.get(key) for version in served for key in _VERSIONED),
            )
            states.append(state)
        return states

    def _configuration(self, function: str) -> "FunctionConfigurationResponseTypeDef":
        with translate_errors("Lambda"):
            return self._clients.lambda_.get_function_configuration(FunctionName=function)

    def concurrency(self) -> int:
        """Return the account's limit of concurrent Lambda executions."""
        with translate_errors("Lambda"):
            return self._clients.lambda_.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]

    def endpoint_instances(self, instance_type: str) -> float | None:
        """Return the account's quota of SageMaker endpoint instances of a type, or None if unknown."""
        name = f"{instance_type} for endpoint usage"
        with translate_errors("Service Quotas"):
            client = self._clients.quotas
            for page in client.get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker"):
                for quota in page["Quotas"]:
                    if quota.get("QuotaName") == name:
                        return quota["Value"]
        return None

    def subscriptions(self, topic: str) -> Subscriptions:
        """Return the number of subscriptions to the topic with ARN `topic`."""
        with translate_errors("SNS"):
            client = self._clients.sns
            pages = client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
            arns = [subscription["SubscriptionArn"] for page in pages for subscription in page["Subscriptions"]]
        confirmed = sum(arn.startswith("arn:") for arn in arns)
        return Subscriptions(confirmed=confirmed, pending=len(arns) - confirmed)
