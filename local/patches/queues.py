"""SQS queues: thread safety and fair queues."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import eventbridge, lambda_svc, sns, sqs

type Json = dict[str, Any]

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
NOISY_SHARE = 0.1
NOISY_IN_FLIGHT = 30
# AWS documents only "recent"; after this time without messages a tenant is no longer noisy.
RECENT_SECONDS = 300

WRITERS = (
    (sqs, "_dlq_sweep"),
    (sqs, "_expire_retained"),
    (sqs, "_collect_msgs"),
    (sns, "_deliver_to_sqs"),
    (eventbridge, "_dispatch_to_sqs"),
    (lambda_svc, "_route_async_failure"),
)


def lock_while_changing() -> None:
    """Serialize changes of queues.

    The poller of event sources replaces a queue's list by a copy, under a lock that the API does not take: messages
    sent in between are lost, and deleted ones reappear.
    """
    sqs._queues_lock = threading.RLock()
    for module, name in WRITERS:
        setattr(module, name, _locked(getattr(module, name)))
    for action, handler in sqs._HANDLERS.items():
        if handler is not sqs._act_receive_message:  # it blocks, and changes queues only through WRITERS
            sqs._HANDLERS[action] = _locked(handler)


def _locked[**P, R](change: Callable[P, R]) -> Callable[P, R]:
    @wraps(change)
    def locked(*args: P.args, **kwargs: P.kwargs) -> R:
        with sqs._queues_lock:
            return change(*args, **kwargs)

    return locked


def serve_quiet_tenants_first() -> None:
    """Deliver messages of standard queues like a fair queue: ministack delivers in order of arrival."""
    collect, delete = sqs._collect_msgs, sqs._delete_messages_for_esm

    def collect_fairly(queue: Json, count: int, visibility: int) -> list[Json]:
        if queue["is_fifo"]:
            return list(collect(queue, count, visibility))
        messages = collect({**queue, "messages": _in_fair_order(queue)}, count, visibility)
        for message in messages:
            message["received_at"] = time.time()
        return list(messages)

    def delete_and_remember(url: str, handles: set[str]) -> None:
        _remember_processing(sqs._get_q(url), handles)
        delete(url, handles)

    sqs._collect_msgs = _locked(collect_fairly)
    sqs._delete_messages_for_esm = _locked(delete_and_remember)


def _in_fair_order(queue: Json) -> list[Json]:
    """Sort messages: quiet tenants first, then noisy ones by their number of messages in flight."""
    in_flight = _in_flight(queue["messages"])
    noisy = _noisy(in_flight) | _slow(queue)
    if not noisy:
        messages: list[Json] = queue["messages"]
        return messages
    return sorted(queue["messages"], key=lambda message: _burden(message.get("group_id"), noisy, in_flight))


def _burden(tenant: str | None, noisy: set[str], in_flight: Counter[str]) -> int:
    return 1 + in_flight[tenant] if tenant in noisy else 0


def _in_flight(messages: list[Json]) -> Counter[str]:
    now = time.time()
    return Counter(
        message.get("group_id") or message["id"]
        for message in messages
        if message.get("receive_count") and message["visible_at"] > now
    )


def _noisy(in_flight: Counter[str]) -> set[str]:
    least = max(NOISY_IN_FLIGHT, NOISY_SHARE * in_flight.total())
    return {tenant for tenant, count in in_flight.items() if count >= least}


def _slow(queue: Json) -> set[str]:
    """Return the tenants with more than their share of the consumers' time."""
    recent = _processing(queue)
    while recent and recent[0][0] < time.time() - RECENT_SECONDS:
        recent.popleft()
    seconds: Counter[str] = Counter()
    for _, tenant, taken in recent:
        seconds[tenant] += taken
    return {tenant for tenant, taken in seconds.items() if taken > NOISY_SHARE * seconds.total()}


def _processing(queue: Json) -> deque[tuple[float, str, Any]]:
    """Return the finished messages: time, tenant, and seconds of processing."""
    finished: deque[tuple[float, str, Any]] = queue.setdefault("herald_processing", deque())
    return finished


def _remember_processing(queue: Json, handles: set[str]) -> None:
    now = time.time()
    for message in queue["messages"]:
        if message["receipt_handle"] in handles and message.get("group_id"):
            _processing(queue).append((now, message["group_id"], now - message["received_at"]))
