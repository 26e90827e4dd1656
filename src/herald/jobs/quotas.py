"""Quotas: how many requests a second, and characters a day, a key may ask for; and what its tenant has used."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Protocol

from herald.errors import TooMany, Unavailable
from herald.jobs.caller import Caller
from herald.jobs.ports import Clock

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class DayOfUse:
    """What a tenant used on a day (UTC)."""

    characters: int = 0
    requests: int = 0
    by_key: Mapping[str, int] = field(default_factory=dict)
    """Characters of each key, by its id; those of tokens are in the sum alone."""


class Counters(Protocol):
    """Where usage is counted. Each count is one write, so that many at once never pass a limit together.

    All raise herald.errors.Unavailable where a service does not answer, or not now.
    """

    def count_request(self, key: str, second: int, *, most: int) -> bool:
        """Count a request of a key in a second since 1970; False where that has had as many as may be."""
        ...

    def count(self, caller: Caller, day: date, characters: int, requests: int) -> bool:
        """Count characters, which may be negative; False, and nothing counted, where it is more than the key may."""
        ...

    def count_once(self, name: str, caller: Caller, day: date, characters: int) -> bool:
        """Count characters, and a request, unless that was done for this name; False as `count`."""
        ...

    def days(self, tenant: str, days: Iterable[date]) -> dict[date, DayOfUse]:
        """What a tenant used on days, without those on which it used nothing."""
        ...


class Charge:
    """What was counted for a request; it can be given back, once."""

    def __init__(self, counters: Counters, caller: Caller, day: date, characters: int, requests: int) -> None:
        self._counters = counters
        self._charged = (caller, day, -characters, -requests)
        self._stands = True

    def give_back(self) -> None:
        """Count it no more, on the day on which it was counted; where nobody listens now, it stays counted."""
        if self._stands:
            self._stands = False
            with suppress(Unavailable):
                self._counters.count(*self._charged)


class Quotas:
    """Counts what callers ask for, and refuses what is too much."""

    def __init__(self, counters: Counters, *, clock: Clock) -> None:
        self._counters = counters
        self._clock = clock

    def request(self, caller: Caller) -> None:
        """Count a request; TooMany `rate_limited` for one too many in this second."""
        if caller.key is None or caller.requests_a_second is None:
            return
        second = int(self._clock().timestamp())
        if not self._counters.count_request(caller.key, second, most=caller.requests_a_second):
            raise TooMany(
                f"The key has had its {caller.requests_a_second} requests of this second. Try again in the next one.",
                retry_after=1,
                code="rate_limited",
            )

    def characters(self, caller: Caller, count: int, *, requests: int = 1) -> Charge:
        """Count characters before anything is done for them; TooMany `quota_exceeded` where the key has not as many."""
        day = self._today()
        if not self._counters.count(caller, day, count, requests):
            raise self._too_many(caller, count)
        return Charge(self._counters, caller, day, count, requests)

    @contextmanager
    def spending(self, caller: Caller, count: int) -> Iterator[Charge]:
        """Count the characters of a request, and give them back where it comes to nothing."""
        charge = self.characters(caller, count)
        try:
            yield charge
        except BaseException:
            charge.give_back()
            raise

    def once(self, name: str, caller: Caller, count: int) -> None:
        """Count characters as `characters` does, but a second time for no name."""
        if not self._counters.count_once(name, caller, self._today(), count):
            raise self._too_many(caller, count)

    def used(self, tenant: str, days: int) -> dict[date, DayOfUse]:
        """What a tenant used today and on the days before, newest first: so many days, also empty ones."""
        today = self._today()
        wanted = [today - _DAY * ago for ago in range(days)]
        found = self._counters.days(tenant, wanted)
        return {day: found.get(day, DayOfUse()) for day in wanted}

    def _today(self) -> date:
        return self._clock().astimezone(UTC).date()

    def _too_many(self, caller: Caller, count: int) -> TooMany:
        return TooMany(
            f"These are {count:,} characters, and the key has not as many left of its {caller.characters_a_day:,} of "
            "today. The day ends at midnight UTC. Ask the operator for a larger quota, or send less.",
            retry_after=_until_midnight(self._clock()),
            code="quota_exceeded",
        )


def _until_midnight(now: datetime) -> int:
    """Seconds until the next day, in UTC."""
    now = now.astimezone(UTC)
    midnight = datetime.combine(now.date() + _DAY, datetime.min.time(), UTC)
    return ceil((midnight - now).total_seconds())
