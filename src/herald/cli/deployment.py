"""Which deployment a command is meant for, and how AWS is reached there."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from herald.aws.clients import Clients, Place
from herald.aws.stacks import name_in_stack
from herald.errors import BrokenInstallation, HeraldError

LOCAL = Path(".local", "stack.json")
"""What `make run` writes."""
STACK = "herald"
"""The stack that commands use where none is named and `make run` has started none here."""


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A deployed Herald: a stack in AWS, or the one that `make run` started in this folder."""

    clients: Clients
    stack: str
    place: str
    """Where it is, in words."""
    record: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What `make run` wrote; empty for a stack in AWS."""

    def resource(self, logical_id: str) -> str:
        """Return the name of a resource of the template; InvalidSettings where the stack lacks it."""
        known: str | None = self.record.get("resources", {}).get(logical_id)
        return known or name_in_stack(self.clients.cloudformation, self.stack, logical_id)


def find_deployment(stack: str | None) -> Deployment:
    """Return the stack of that name in AWS; without a name, the one of `make run` in this folder, else STACK."""
    local = None if stack else _local()
    if local is not None:
        return local
    stack = stack or STACK
    return Deployment(clients=Clients(), stack=stack, place=f"stack {stack}")


def _local() -> Deployment | None:
    try:
        record: Any = json.loads(LOCAL.read_text(encoding="utf-8"))
        session = {name.lower(): value for name, value in record["credentials"].items()}
        session["region_name"] = record["region"]
        clients = Clients(place=Place(endpoint_url=record["aws_endpoint_url"], session=session))
        return Deployment(clients=clients, stack=record["stack_name"], place=f"the stack of {LOCAL}", record=record)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


@contextmanager
def explained(command: str) -> Iterator[None]:
    """Name what is wrong on this machine, for the person who typed a command that needs AWS."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in {"boto3", "botocore"}:
            raise
        message = f"{command} needs boto3, which is not installed. Install it: pip install 'herald[lambda]'"
        raise HeraldError(message, code="boto3_missing") from None
    except BrokenInstallation as error:
        if type(error) is not BrokenInstallation:
            raise
        here = "AWS was called from here, with the account and region that AWS_PROFILE and AWS_REGION name."
        raise BrokenInstallation(f"{error.message} {here}", code=error.code) from None
