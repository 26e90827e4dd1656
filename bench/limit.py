"""Limit a process to the share of processors of a Lambda function with a given memory.

A quota per period, like the kernel's CPU bandwidth control, but with signals, because control groups need root.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

MEGABYTES_PER_PROCESSOR = 1769  # AWS Lambda Developer Guide, "Configure Lambda function memory"
_TWO_UP_TO = 3008
_PERIOD = 0.020
_FINEST = 0.0005


def share_of(megabytes: int) -> float:
    """Return the share of processors of a function with this memory; 1.0 is one processor."""
    return megabytes / MEGABYTES_PER_PROCESSOR


def processors_seen(megabytes: int) -> int:
    """Return the number of processors visible to a function with this memory."""
    return 2 if megabytes <= _TWO_UP_TO else -(-megabytes // MEGABYTES_PER_PROCESSOR)


@contextmanager
def limited(pid: int, share: float, processors: int) -> Iterator[None]:
    """Limit a process to a share of the processors during the block. Linux only."""
    done = threading.Event()
    limiter = threading.Thread(target=_limit, args=(pid, share, processors, done), daemon=True)
    if share < processors:
        limiter.start()
    try:
        yield
    finally:
        done.set()
        if limiter.ident:
            limiter.join()


def _limit(pid: int, share: float, processors: int, done: threading.Event) -> None:
    quota, credit = share * _PERIOD, 0.0
    used = _cpu_seconds(pid)
    while not done.is_set():
        end = time.monotonic() + _PERIOD
        # An unused quota expires; an excess is deducted from the next period.
        credit = min(credit, 0) + quota
        _let_run(pid, used + credit, processors, end)
        now = _cpu_seconds(pid)
        credit, used = credit - (now - used), now
    _signal(pid, signal.SIGCONT)


def _let_run(pid: int, until: float, processors: int, end: float) -> None:
    """Let a process run until it has used `until` CPU seconds or the period ends."""
    left = until - _cpu_seconds(pid)
    if left > 0:
        _signal(pid, signal.SIGCONT)
    while left > 0 and (now := time.monotonic()) < end:
        time.sleep(min(end - now, max(left / processors, _FINEST)))
        left = until - _cpu_seconds(pid)
    if left <= 0:
        _signal(pid, signal.SIGSTOP)
    time.sleep(max(0, end - time.monotonic()))


def _cpu_seconds(pid: int) -> float:
    """Return the CPU time of another process in nanosecond resolution (see clock_getcpuclockid of the C library)."""
    return time.clock_gettime((~pid << 3) | 2)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
