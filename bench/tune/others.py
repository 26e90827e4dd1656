"""How much of the processors others use while something is measured. Linux only."""

import os
import resource
from pathlib import Path
from time import monotonic

_IDLE = (3, 4)
"""Places of what no process used, among the times of /proc/stat: idle, and waiting for disks."""
_TIMES = 8
"""Later ones are of guests, and in the first ones already."""


def busy(stat: str, ticks: int) -> float:
    """Seconds for which all processors together have worked, by the first line of /proc/stat."""
    times = [int(time) for time in stat.split()[1 : _TIMES + 1]]
    return sum(time for place, time in enumerate(times) if place not in _IDLE) / ticks


class Others:
    """Counts from when it is made; children of ours count once they have ended."""

    def __init__(self) -> None:
        self._began, self._before = monotonic(), self._theirs()

    def used(self) -> float:
        """Processors' worth of time that others have used so far."""
        return max(0.0, self._theirs() - self._before) / (monotonic() - self._began)

    @staticmethod
    def _theirs() -> float:
        own = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        everybody = busy(Path("/proc/stat").read_text(encoding="utf-8"), os.sysconf("SC_CLK_TCK"))
        return everybody - sum(usage.ru_utime + usage.ru_stime for usage in own)
