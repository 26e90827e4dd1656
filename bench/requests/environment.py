"""One environment of the api function, as Lambda has them: a process that handles one event after the other."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any

type Event = dict[str, Any]

_PAGE = os.sysconf("SC_PAGE_SIZE")


class Context:
    """The part of the runtime's context that the function uses."""

    function_name = "herald"
    function_version = "1"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:herald"
    aws_request_id = "5f1b3d0a-0000-4000-8000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        """All of the function's time."""
        return 10_000


@dataclass(frozen=True)
class Handled:
    """What became of an event; the times are of the system's monotonic clock."""

    status: int
    began: float
    ended: float
    memory: int
    """Bytes that the process holds."""
    cpu: float
    """Processor's seconds that it has used so far."""


def run(orders: Connection, variables: Mapping[str, str]) -> None:
    """Handle the events that come, until it is ended. What the function logs goes nowhere, as fast as to a pipe."""
    os.environ.update(variables)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    from herald.handlers import api  # noqa: PLC0415  with its environment set

    while True:
        event: Event = orders.recv()
        began = monotonic()
        answer = api.handler(event, Context())
        orders.send(Handled(int(answer["statusCode"]), began, monotonic(), _memory(), sum(os.times()[:2])))


def _memory() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE
