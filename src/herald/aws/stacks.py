"""What a stack of CloudFormation calls its resources."""

from typing import TYPE_CHECKING, Literal

from herald.aws.clients import asking, code_of
from herald.errors import InvalidSettings

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient


def name_in_stack(cloudformation: "CloudFormationClient", stack: str, resource: str) -> str:
    """The name that a stack gave to a resource of the template; InvalidSettings where there is none."""
    with asking("CloudFormation"):
        try:
            answer = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId=resource)
        except cloudformation.exceptions.ClientError as error:
            if code_of(error) != "ValidationError":
                raise
            raise InvalidSettings(
                f"There is no stack {stack} with a {resource} in this account and region. "
                "Name another, or see AWS_PROFILE and AWS_REGION."
            ) from None
    return answer["StackResourceDetail"]["PhysicalResourceId"]


def architecture_of(lambda_: "LambdaClient", function: str) -> Literal["x86_64", "arm64"]:
    """Return the processor that a function runs on."""
    with asking("Lambda"):
        answer = lambda_.get_function_configuration(FunctionName=function)
    return "arm64" if answer.get("Architectures") == ["arm64"] else "x86_64"
