"""Find the key table that a command applies to."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager

from herald.auth.api_keys import KeyRing
from herald.aws.clients import Clients
from herald.aws.key_table import DynamoKeys
from herald.cli.deployment import explained, find_deployment
from herald.cli.keys.options import TABLE
from herald.clock import utc_now

_RESOURCE = "KeyTable"


@contextmanager
def key_ring(options: argparse.Namespace) -> Iterator[tuple[KeyRing, str]]:
    """Yield the selected deployment's keys, and a description of their location for messages."""
    with explained("herald keys"):
        clients, table, place = _found(options)
        yield KeyRing(DynamoKeys(clients.dynamodb, table=table), clock=utc_now), place


def _found(options: argparse.Namespace) -> tuple[Clients, str, str]:
    table = options.table or (None if options.stack else os.environ.get(TABLE))
    if table:
        return Clients(), table, f"table {table}"
    deployment = find_deployment(options.stack)
    return deployment.clients, deployment.resource(_RESOURCE), deployment.place
