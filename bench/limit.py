"""Gives a process the share of the processors that a Lambda function of some memory has.

A quota for each period, as the kernel's bandwidth control does it, but by signals: control groups need root.
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
    """Processors' worth of time that a function of this memory gets."""
    return megabytes / MEGABYTES_PER_PROCESSOR


def processors_seen(megabytes: int) -> int:
    """Processors that a function of this memory sees."""
    return 2 if megabytes <= _TWO_UP_TO else -(-megabytes // MEGABYTES_PER_PROCESSOR)


@contextmanager
def limited(pid: int, share: float, processors: int) -> Iterator[None]:
    """Hold a process to a share of the processors while the block runs. Linux only."""
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
        # What is left over is lost, what was taken too much is paid back.
        credit = min(credit, 0) + quota
        _let_run(pid, used + credit, processors, end)
        now = _cpu_seconds(pid)
        credit, used = credit - (now - used), now
    _signal(pid, signal.SIGCONT)


def _let_run(pid: int, until: float, processors: int, end: float) -> None:
    """Let a process run until it has used so many seconds, or until the period ends."""
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
    """Processor time of another process, to the nanosecond: its own clock (clock_getcpuclockid of the C library)."""
    return time.clock_gettime((~pid << 3) | 2)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
