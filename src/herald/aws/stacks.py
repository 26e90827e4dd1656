"""The resources of a CloudFormation stack."""

from typing import TYPE_CHECKING, Literal

from herald.aws.clients import code_of, translate_errors
from herald.errors import InvalidSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackResourceSummaryTypeDef
    from mypy_boto3_lambda import LambdaClient

_NESTED = "AWS::CloudFormation::Stack"


def resources(cloudformation: "CloudFormationClient", stack: str) -> "Iterator[StackResourceSummaryTypeDef]":
    """Yield every resource of a stack and of its nested stacks; raise InvalidSettings if the stack does not exist."""
    stacks = [stack]
    while stacks:
        with translate_errors("CloudFormation"):
            try:
                pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stacks.pop())
                found = [one for page in pages for one in page["StackResourceSummaries"]]
            except cloudformation.exceptions.ClientError as error:
                if code_of(error) != "ValidationError":
                    raise
                raise InvalidSettings(
                    f"There is no stack {stack} in this account and region. Check the name, AWS_PROFILE and AWS_REGION."
                ) from None
        stacks += [one["PhysicalResourceId"] for one in found if one["ResourceType"] == _NESTED]
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
        answer = lambda_.get_function_configuration(FunctionName=function)
    return "arm64" if answer.get("Architectures") == ["arm64"] else "x86_64"
