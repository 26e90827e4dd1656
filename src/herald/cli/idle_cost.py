"""The cost of an idle deployment in a month, item by item. docs/costs.md shows the table."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from herald.jobs.job_price import Deployment
from herald.pricing.resources import Usage, call, gigabytes

type Profile = Literal["small", "production"]
type KeepWarm = Literal["off", "ping", "snapshot"]

MONTH = 365 * 86_400 // 12
"""Seconds."""
ALARMS, STREAM_ALARMS, GPU_ALARMS, KOKORO_ALARMS = 15, 2, 6, 1
"""The number of metrics with alarms: always, with EnableStream, with GpuImage (two of them belong to the scaling policy
that follows the backlog), and with KokoroMemorySize."""
QUEUES, DEAD_LETTER_QUEUES = 2, 2
"""The number of queues that Lambda polls, and of those that the sweeper polls. GpuImage and KokoroMemorySize add one
to each."""
EVERY = 300
"""Seconds between runs of the sweeper, and between pings."""
SWEEPER_MEGABYTES, DUE_SHARDS = 1_024, 8
"""As in template.yaml, and in the index that the sweeper queries."""

_POLLERS, _POLL = 5, 20
"""Concurrent long polls of Lambda at each queue, and the seconds that each lasts."""
_SWEEP_SECONDS, _PING_SECONDS = 0.2, 0.002
"""The duration of a sweep that finds nothing, and of a ping of a warm process. Assumed."""
_EVENTUAL = Decimal("0.5")
"""An eventually consistent read costs half. Reads of an index are eventually consistent."""
_RUNS = MONTH // EVERY


@dataclass(frozen=True, kw_only=True)
class Setup:
    """The settings of a deployment that determine its idle cost, named as the parameters of template.yaml."""

    profile: Profile = "small"
    keep_warm: KeepWarm = "off"
    stream: bool = False
    gpu: bool = False
    kokoro: bool = False
    cdn: bool = False


def items(setup: Setup, deployment: Deployment) -> dict[str, Usage]:
    """Return the monthly usage of an idle deployment, by item."""
    alarms = ALARMS + STREAM_ALARMS * setup.stream + GPU_ALARMS * setup.gpu + KOKORO_ALARMS * setup.kokoro
    more_queues = setup.gpu + setup.kokoro
    queues = QUEUES + more_queues
    found = {
        f"{alarms} metrics that alarms watch": Usage(alarm_month=alarms),
        "the sweeper's heartbeat, a metric": Usage(metric_month=1),
        f"{queues} queues that Lambda polls": Usage(queue_poll=queues * _POLLERS * MONTH // _POLL),
        f"{_RUNS:,} runs of the sweeper": _sweeps(DEAD_LETTER_QUEUES + more_queues),
    }
    if setup.profile == "production":
        boards = 1 + setup.gpu
        found[f"dashboards, {boards}, of up to 50 metrics"] = Usage(dashboard_month=boards)
    if setup.keep_warm == "ping":
        found[f"{_RUNS:,} pings of speech"] = (
            call(_PING_SECONDS, deployment.speech_megabytes) + Usage(trace=1)
        ) * _RUNS
    if setup.keep_warm == "snapshot":
        snapshots = 1 + setup.stream
        cached = gigabytes(deployment.speech_megabytes) * MONTH * snapshots
        found[f"SnapStart, {snapshots} snapshot{'s' * (snapshots > 1)}"] = Usage(snapshot_gigabyte_second=cached)
    if setup.cdn:
        found["the secret with CloudFront's keys"] = Usage(secret_month=1)
    return found


def _sweeps(dead_letter_queues: int) -> Usage:
    run = call(_SWEEP_SECONDS, SWEEPER_MEGABYTES) + Usage(
        queue_poll=dead_letter_queues, row_read=DUE_SHARDS * _EVENTUAL, trace=1
    )
    return run * _RUNS


FREE: Mapping[tuple[str, ...], int] = {
    ("function_call",): 1_000_000,
    ("gigabyte_second",): 400_000,
    ("queue_poll", "queue_request"): 1_000_000,
    ("notice",): 1_000_000,
    ("transition",): 4_000,
    ("row_gigabyte_month",): 25,
    ("alarm_month",): 10,
    ("metric_month",): 10,
    ("dashboard_month",): 3,
    ("log_gigabyte",): 5,
    ("trace",): 100_000,
    ("egress_gigabyte",): 100,
    ("cdn_gigabyte",): 1_024,
    ("cdn_request",): 10_000_000,
}
"""The monthly free tier of an AWS account that does not end after a year, by the names of Usage. All workloads of the
account share it. As published by third parties until 2026, not verified on AWS's own pages."""


class FreeTier:
    """The free tier of one month. It is consumed in the order of the calls."""

    def __init__(self) -> None:
        self._left = {names: Decimal(amount) for names, amount in FREE.items()}

    def beyond(self, used: Usage) -> Usage:
        """Consume the free tier for a usage, and return the part that exceeds it."""
        paid = dict(vars(used))
        for names, left in self._left.items():
            rest = left
            for name in names:
                taken = min(rest, Decimal(paid[name]))
                paid[name] -= taken
                rest -= taken
            self._left[names] = rest
        return Usage(**paid)
