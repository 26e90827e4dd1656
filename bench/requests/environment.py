"""An execution environment of the api function: a process that handles events one at a time."""

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
    """The attributes of the runtime's context that the function uses."""

    function_name = "herald"
    function_version = "1"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:herald"
    aws_request_id = "5f1b3d0a-0000-4000-8000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        """Return the function's complete timeout."""
        return 10_000


@dataclass(frozen=True)
class Handled:
    """The result of an event; times are those of the monotonic clock."""

    status: int
    began: float
    ended: float
    memory: int
    """Resident memory of the process in bytes."""
    cpu: float
    """CPU seconds of the process so far."""


def run(orders: Connection, variables: Mapping[str, str]) -> None:
    """Handle events until the process is terminated. Logs are discarded."""
    os.environ.update(variables)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    from herald.functions import api  # noqa: PLC0415  after its environment is set

    while True:
        event: Event = orders.recv()
        began = monotonic()
        answer = api.handler(event, Context())
        orders.send(Handled(int(answer["statusCode"]), began, monotonic(), _memory(), sum(os.times()[:2])))


def _memory() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE
