"""What a stack of CloudFormation calls its resources."""

from typing import TYPE_CHECKING

from herald.aws.clients import asking, code_of
from herald.errors import InvalidSettings

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient


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
