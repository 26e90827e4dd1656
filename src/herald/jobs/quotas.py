"""Quotas: how many requests a second and characters a day a caller may ask for, and what its tenant has used."""

import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import partial
from math import ceil
from typing import Protocol

from herald.errors import HeraldError, TooMany, Unavailable
from herald.jobs.caller import Caller
from herald.jobs.ports import Clock

_DAY = timedelta(days=1)
_MOST_UNFINISHED = 1_000
DECIDE_AFTER = timedelta(seconds=15)
"""A write whose answers were lost has arrived by then, or never will."""
_AT_A_TIME = 10
"""Charges of earlier requests that one request closes at most: its caller waits for that."""
_ID_BYTES = 6
"""48 random bits: of a thousand open entries, two are the same once in 500 million cases."""


@dataclass(frozen=True, kw_only=True)
class DayOfUse:
    """What a tenant used on a day (UTC)."""

    characters: int = 0
    requests: int = 0
    by_account: Mapping[str, int] = field(default_factory=dict)
    """Characters of each caller, by Caller.account."""


class Receipt(Enum):
    """What became of a charge."""

    REFUSED = "refused"
    """Nothing is counted: the caller has too few characters left."""
    COUNTED = "counted"
    RETRIED = "retried"
    """Counted, or of unknown outcome after a lost answer: a copy of the write may still be on its way."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The characters of one request, counted under an id of their own, so that no copy of the write counts twice."""

    id: str
    caller: Caller
    at: datetime
    characters: int

    @property
    def day(self) -> date:
        """The day (UTC) on which it counts."""
        return self.at.astimezone(UTC).date()


class Counters(Protocol):
    """Where usage is counted. Many requests at once never pass a limit together, and a repeated write counts once.

    An entry is open from `count` until `keep` or `give_back`. One that stays open for longer than any function runs
    belongs to a process that died, and is given back.

    All methods raise herald.errors.Unavailable if a service does not answer.
    """

    def count_request(self, account: str, second: int, *, most: int) -> bool:
        """Count a request in a second since 1970; False if that second already has `most`."""
        ...

    def count(self, entry: Entry) -> Receipt:
        """Count the characters of a request, and the request, unless the caller has too few characters left."""
        ...

    def keep(self, entry: Entry, *, retried: bool) -> None:
        """Close an entry: its work is done. `retried`: copies of its `count` may still arrive, and must not count."""
        ...

    def give_back(self, entry: Entry, *, retried: bool) -> None:
        """Close an entry and count it no more; `retried` as for `keep`. Doing it twice is the same as once."""
        ...

    def count_once(self, name: str, caller: Caller, at: datetime, characters: int) -> bool:
        """Count characters, and a request, unless that was done for this name; False if there are too few left."""
        ...

    def days(self, tenant: str, days: Iterable[date], at: datetime) -> dict[date, DayOfUse]:
        """Return what a tenant has used on some days, as known at a time, without the days of no use."""
        ...


class Charge:
    """What was counted for a request: kept once the work is done, or given back. The first decision holds."""

    def __init__(self, finish: Callable[[Callable[[], bool], datetime], object], now: Clock) -> None:
        self._finish = finish
        self._now = now
        self._open = True

    def keep(self) -> None:
        """Have the characters stay counted."""
        self._end(lambda: True)

    def give_back(self) -> None:
        """Count the characters no more, on the day on which they were counted."""
        self._end(lambda: False)

    def decide_later(self, stands: Callable[[], bool]) -> None:
        """Keep or give back as `stands` says, with a later request: nobody knows now whether the work was accepted."""
        self._end(stands, DECIDE_AFTER)

    def _end(self, stands: Callable[[], bool], after: timedelta = timedelta(0)) -> None:
        if self._open:
            self._open = False
            self._finish(stands, self._now() + after)


@dataclass(frozen=True)
class _Step:
    """What is left to do for a charge, and from when on."""

    due: datetime
    take: Callable[[], None]


class Quotas:
    """Counts what callers ask for, and refuses what is too much.

    If the service does not answer when a charge is to be kept or given back, the request goes on without, and the next
    request of this process makes up for it.
    """

    def __init__(self, counters: Counters, *, clock: Clock) -> None:
        self._counters = counters
        self._clock = clock
        self._unfinished: deque[_Step] = deque(maxlen=_MOST_UNFINISHED)

    def request(self, caller: Caller) -> None:
        """Count a request; TooMany `rate_limited` for one too many in this second."""
        if caller.requests_a_second is None:
            return
        second = int(self._clock().timestamp())
        if not self._counters.count_request(caller.account, second, most=caller.requests_a_second):
            raise TooMany(
                f"The limit is {caller.requests_a_second} requests a second. Try again in the next second.",
                retry_after=1,
                code="rate_limited",
            )

    def characters(self, caller: Caller, count: int) -> Charge:
        """Count characters before anything is done for them; TooMany `quota_exceeded` if the caller has too few left.

        The caller of this method closes the charge.
        """
        entry = Entry(id=_new_id(), caller=caller, at=self._clock(), characters=count)
        try:
            receipt = self._counters.count(entry)
        except Unavailable:
            # It may be counted by now, or later. To wait here again would double the wait for a silent service.
            self._unfinished.append(_Step(self._clock(), partial(self._counters.give_back, entry, retried=True)))
            raise
        self._catch_up()
        if receipt is Receipt.REFUSED:
            raise self._too_many(caller, count)

        def close(stands: Callable[[], bool]) -> None:
            end = self._counters.keep if stands() else self._counters.give_back
            end(entry, retried=receipt is Receipt.RETRIED)

        return Charge(lambda stands, due: self._finish(_Step(due, partial(close, stands))), self._clock)

    @contextmanager
    def reserving(self, caller: Caller, count: int, *, owed: tuple[type[HeraldError], ...] = ()) -> Iterator[Charge]:
        """Count the characters of a request, and give them back if the block raises.

        The errors in `owed` mean that the work was done, so the charge is kept. If nothing is raised, the charge stays
        open: whoever finishes the work keeps it.
        """
        charge = self.characters(caller, count)
        try:
            yield charge
        except owed:
            charge.keep()
            raise
        except BaseException:
            charge.give_back()
            raise

    @contextmanager
    def spending(self, caller: Caller, count: int, *, owed: tuple[type[HeraldError], ...] = ()) -> Iterator[Charge]:
        """Do as `reserving`, and keep the charge at the end of the block."""
        with self.reserving(caller, count, owed=owed) as charge:
            yield charge
        charge.keep()

    def _finish(self, step: _Step) -> bool:
        """Close a charge; leave it for a later request if it is not due, or if the service does not answer (False)."""
        try:
            if step.due <= self._clock():
                step.take()
                return True
        except Unavailable:
            self._unfinished.append(step)
            return False
        self._unfinished.append(step)
        return True

    def _catch_up(self) -> None:
        """Close charges of earlier requests, as long as the service answers."""
        for _ in range(min(len(self._unfinished), _AT_A_TIME)):
            try:
                step = self._unfinished.popleft()
            except IndexError:  # another thread was faster
                return
            if not self._finish(step):
                return

    def once(self, name: str, caller: Caller, count: int) -> None:
        """Count characters as `characters` does, but a second time for no name."""
        if not self._counters.count_once(name, caller, self._clock(), count):
            raise self._too_many(caller, count)

    def used(self, tenant: str, days: int) -> dict[date, DayOfUse]:
        """What a tenant used today and on the days before, newest first: so many days, also empty ones."""
        now = self._clock().astimezone(UTC)
        wanted = [now.date() - _DAY * ago for ago in range(days)]
        found = self._counters.days(tenant, wanted, now)
        return {day: found.get(day, DayOfUse()) for day in wanted}

    def _too_many(self, caller: Caller, count: int) -> TooMany:
        return TooMany(
            f"The text has {count:,} characters, which is more than is left of today's quota of "
            f"{caller.characters_a_day:,}. The day ends at midnight UTC. Send less, or ask the operator for a larger "
            "quota.",
            retry_after=_until_midnight(self._clock()),
            code="quota_exceeded",
        )


def _new_id() -> str:
    return secrets.token_hex(_ID_BYTES)


def _until_midnight(now: datetime) -> int:
    """Seconds until the next day, in UTC."""
    now = now.astimezone(UTC)
    midnight = datetime.combine(now.date() + _DAY, datetime.min.time(), UTC)
    return ceil((midnight - now).total_seconds())
