"""Find the deployment that a command applies to, and its AWS clients."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from herald.aws.clients import Clients, Endpoint
from herald.aws.stacks import name_in_stack
from herald.cli.environment import LOCAL, STACK, install_hint, local_stack
from herald.errors import BrokenInstallation, HeraldError


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A deployed Herald: a stack in AWS, or the local stack of `make run`."""

    clients: Clients
    stack: str
    place: str
    """Its location, for messages."""
    record: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The contents of LOCAL; empty for a stack in AWS."""

    def resource(self, logical_id: str) -> str:
        """Return the physical name of a resource of the template; raise InvalidSettings if the stack lacks it."""
        known: str | None = self.record.get("resources", {}).get(logical_id)
        return known or name_in_stack(self.clients.cloudformation, self.stack, logical_id)


def find_deployment(stack: str | None) -> Deployment:
    """Return the named stack in AWS; without a name, the local stack of `make run`, else the stack named STACK."""
    local = None if stack else _local_deployment(local_stack())
    if local is not None:
        return local
    stack = stack or STACK
    return Deployment(clients=operator_clients(), stack=stack, place=f"stack {stack}")


def operator_clients() -> Clients:
    """Return clients with the credentials and the region of the environment; boto3 itself ignores AWS_REGION."""
    if region := os.environ.get("AWS_REGION"):
        os.environ.setdefault("AWS_DEFAULT_REGION", region)
    return Clients()


def _local_deployment(record: dict[str, Any]) -> Deployment | None:
    try:
        session = {name.lower(): value for name, value in record["credentials"].items()}
        session["region_name"] = record["region"]
        clients = Clients(endpoint=Endpoint(endpoint_url=record["aws_endpoint_url"], session=session))
        return Deployment(clients=clients, stack=record["stack_name"], place=f"the stack of {LOCAL}", record=record)
    except (LookupError, TypeError, AttributeError):
        return None


def fault_of(error: HeraldError) -> str:
    """Return the message of an error without its advice for functions."""
    return error.message.partition(" Check the function's ")[0]


@contextmanager
def explained(command: str) -> Iterator[None]:
    """Turn errors of the local AWS setup into messages for the user of `command`."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "botocore":
            raise
        message = (
            f"{command} needs boto3, which is not installed. Install it in Herald's folder: {install_hint('lambda')}"
        )
        raise HeraldError(message, code="boto3_missing") from None
    except BrokenInstallation as error:
        if type(error) is not BrokenInstallation:
            raise
        here = "Check AWS_PROFILE and AWS_REGION, which select the account and region of this command."
        other = "Without AWS, call it in the folder in which `make run` started a local stack."
        raise BrokenInstallation(f"{fault_of(error)} {here} {other}", code=error.code) from None
