"""Which table of keys a command is meant for, and how AWS is asked there."""

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from herald.aws.clients import Clients, Place
from herald.aws.keys import DynamoKeys
from herald.aws.stacks import name_in_stack
from herald.cli.keys.options import STACK, TABLE
from herald.errors import BrokenInstallation, HeraldError, InvalidSettings
from herald.jobs.job import utc_now
from herald.jobs.keyring import KeyRing

_LOCAL = Path(".local", "stack.json")
"""What `make run` writes."""
_RESOURCE = "KeyTable"


@contextmanager
def key_ring(options: argparse.Namespace) -> Iterator[tuple[KeyRing, str]]:
    """The keys that a command is meant for, and where they are, in words."""
    with _explained():
        clients, table, place = _found(options)
        yield KeyRing(DynamoKeys(clients.dynamodb, table=table), clock=utc_now), place


def _found(options: argparse.Namespace) -> tuple[Clients, str, str]:
    table = options.table or (None if options.stack else os.environ.get(TABLE))
    if table:
        return Clients(), table, f"table {table}"
    here = None if options.stack else _local()
    if here is not None:
        place, table = here
        return Clients(place=place), table, f"the stack of {_LOCAL}"
    clients, stack = Clients(), options.stack or STACK
    return clients, name_in_stack(clients.cloudformation, stack, _RESOURCE), f"stack {stack}"


def _local() -> tuple[Place, str] | None:
    """Where the embedded AWS of `make run` is, and the table there; None where it does not run."""
    try:
        record: Any = json.loads(_LOCAL.read_text(encoding="utf-8"))
        session = {name.lower(): value for name, value in record["credentials"].items()}
        session["region_name"] = record["region"]
        return Place(endpoint_url=record["aws_endpoint_url"], session=session), record["resources"][_RESOURCE]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


@contextmanager
def _explained() -> Iterator[None]:
    """What is wrong with this machine, in words for who typed the command."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in {"boto3", "botocore"}:
            raise
        message = "herald keys needs boto3, which is not installed. Install it: pip install 'herald[lambda]'"
        raise HeraldError(message, code="boto3_missing") from None
    except BrokenInstallation as error:
        if isinstance(error, InvalidSettings):
            raise
        here = "Asked from here, that is as AWS_PROFILE and AWS_REGION say."
        raise BrokenInstallation(f"{error.message} {here}", code=error.code) from None
