"""Which table of keys a command is meant for."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager

from herald.aws.clients import Clients
from herald.aws.keys import DynamoKeys
from herald.cli.deployment import explained, find_deployment
from herald.cli.keys.options import TABLE
from herald.jobs.job import utc_now
from herald.jobs.keyring import KeyRing

_RESOURCE = "KeyTable"


@contextmanager
def key_ring(options: argparse.Namespace) -> Iterator[tuple[KeyRing, str]]:
    """Yield the keys that a command is meant for, and where they are, in words."""
    with explained("herald keys"):
        clients, table, place = _found(options)
        yield KeyRing(DynamoKeys(clients.dynamodb, table=table), clock=utc_now), place


def _found(options: argparse.Namespace) -> tuple[Clients, str, str]:
    table = options.table or (None if options.stack else os.environ.get(TABLE))
    if table:
        return Clients(), table, f"table {table}"
    deployment = find_deployment(options.stack)
    return deployment.clients, deployment.resource(_RESOURCE), deployment.place
