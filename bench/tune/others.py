"""CPU usage of other processes during a measurement. Linux only."""

import os
import resource
from pathlib import Path
from time import monotonic

_IDLE = (3, 4)
"""Indices of the idle and iowait times in /proc/stat."""
_TIMES = 8
"""Number of times to sum; the following guest times are included in the first ones."""


def busy(stat: str, ticks: int) -> float:
    """Return the busy seconds of all processors from the first line of /proc/stat."""
    times = [int(time) for time in stat.split()[1 : _TIMES + 1]]
    return sum(time for place, time in enumerate(times) if place not in _IDLE) / ticks


class Others:
    """Measures the usage since its creation. Child processes count as our own only after they have ended."""

    def __init__(self) -> None:
        self._began, self._before = monotonic(), self._theirs()

    def used(self) -> float:
        """Return the mean number of processors used by other processes so far."""
        return max(0.0, self._theirs() - self._before) / (monotonic() - self._began)

    @staticmethod
    def _theirs() -> float:
        own = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        total = busy(Path("/proc/stat").read_text(encoding="utf-8"), os.sysconf("SC_CLK_TCK"))
        return total - sum(usage.ru_utime + usage.ru_stime for usage in own)
