"""Rate limits and daily quotas of callers, and the usage of tenants."""

import logging
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Protocol

from herald.auth.caller import Caller
from herald.clock import Clock, seconds_left_today
from herald.errors import HeraldError, TooMany, Unavailable, counted, to_herald_error

logger = logging.getLogger(__name__)

_DAY = timedelta(days=1)
_MAX_UNFINISHED = 1_000
DECIDE_AFTER = timedelta(seconds=15)
"""The time after which a write with a lost response has either arrived or never will."""
_MAX_CATCH_UP = 10
"""Most charges of earlier requests that a request closes, because its caller waits for them."""
_ID_BYTES = 6
"""48 random bits: among a thousand open entries, the probability of a collision is 1 in 500 million."""


@dataclass(frozen=True, kw_only=True)
class DayOfUse:
    """The usage of a tenant on a day in UTC."""

    characters: int = 0
    requests: int = 0
    by_account: Mapping[str, int] = field(default_factory=dict)
    """Characters by Caller.account."""
    spend: Decimal = Decimal(0)
    """The price of the day's responses in US dollars, without jobs and batches; see herald.aws.usage_rows."""


class Receipt(Enum):
    """The outcome of a charge."""

    REFUSED = "refused"
    """Not counted: the caller has too few characters left."""
    COUNTED = "counted"
    RETRIED = "retried"
    """Counted, or unknown after a lost response: a copy of the write may still be in transit."""


@dataclass(frozen=True, kw_only=True)
class UsageEntry:
    """The characters of one request, counted under a unique id so that a repeated write counts once."""

    id: str
    caller: Caller
    at: datetime
    characters: int

    @property
    def day(self) -> date:
        """Return the day in UTC on which the characters count."""
        return self.at.astimezone(UTC).date()


class Counters(Protocol):
    """Storage of usage counters. Concurrent requests together never exceed a limit, and a repeated write counts once.

    An entry is open from `count` until `keep` or `give_back`. An entry that stays open longer than any function runs
    belongs to a process that died, and is given back.

    All methods raise herald.errors.Unavailable if a service does not respond.
    """

    def count_request(self, account: str, second: int, *, most: int) -> bool:
        """Count a request in a second since 1970; return False if that second already has `most` requests."""
        ...

    def count(self, entry: UsageEntry) -> Receipt:
        """Count a request and its characters, unless the caller has too few characters left."""
        ...

    def keep(self, entry: UsageEntry, *, retried: bool, spend: Decimal = Decimal(0)) -> None:
        """Close an entry whose work is done, and add its price in US dollars, once, to the spend of its day.

        `retried` means that copies of its `count` may still arrive; they must not count.
        """
        ...

    def give_back(self, entry: UsageEntry, *, retried: bool) -> None:
        """Close an entry and subtract it again; `retried` as for `keep`. Idempotent."""
        ...

    def count_once(self, name: str, caller: Caller, at: datetime, characters: int) -> bool:
        """Count a request and its characters once per name; return False if too few characters are left."""
        ...

    def days(self, tenant: str, days: Iterable[date], at: datetime) -> dict[date, DayOfUse]:
        """Return the usage of a tenant on the given days, as known at `at`. Days without usage are omitted."""
        ...


class Charge:
    """The charge of a request, which is kept once the work is done, or given back. The first decision is final."""

    def __init__(self, finish: Callable[[Callable[[], bool], Decimal, datetime], object], now: Clock) -> None:
        self._finish = finish
        self._now = now
        self._open = True

    def keep(self, spend: Decimal = Decimal(0)) -> None:
        """Keep the charge, and add the price of the work in US dollars to the tenant's spend."""
        self._end(lambda: True, spend)

    def give_back(self) -> None:
        """Subtract the characters from the day on which they were counted."""
        self._end(lambda: False)

    def decide_later(self, is_payable: Callable[[], bool]) -> None:
        """Decide during a later request: keep the charge if `is_payable` returns True, else give it back.

        For work with an unknown outcome.
        """
        self._end(is_payable, after=DECIDE_AFTER)

    def _end(
        self, is_payable: Callable[[], bool], spend: Decimal = Decimal(0), *, after: timedelta = timedelta(0)
    ) -> None:
        if self._open:
            self._open = False
            self._finish(is_payable, spend, self._now() + after)


@dataclass(frozen=True)
class _Step:
    """A pending operation of a charge, and when it is due."""

    due: datetime
    take: Callable[[], None]


class Quotas:
    """Enforces rate limits and quotas.

    If the service does not respond when a charge is to be closed, the request continues, and the next request of this
    process closes it.
    """

    def __init__(self, counters: Counters, *, clock: Clock) -> None:
        self._counters = counters
        self._clock = clock
        self._unfinished: deque[_Step] = deque(maxlen=_MAX_UNFINISHED)

    def request(self, caller: Caller) -> None:
        """Count a request; raise TooMany with the code `rate_limited` if this second has too many."""
        if caller.requests_a_second is None:
            return
        second = int(self._clock().timestamp())
        if not self._counters.count_request(caller.account, second, most=caller.requests_a_second):
            raise TooMany(
                f"The rate limit of {caller.requests_a_second} requests a second is exceeded. Retry after a second.",
                retry_after=1,
                code="rate_limited",
            )

    def characters(self, caller: Caller, count: int) -> Charge:
        """Count characters before the work begins, and return the charge, which the caller must close.

        Raise TooMany with the code `quota_exceeded` if the caller has too few characters left.
        """
        entry = UsageEntry(id=secrets.token_hex(_ID_BYTES), caller=caller, at=self._clock(), characters=count)
        try:
            receipt = self._counters.count(entry)
        except Unavailable:
            # The write may have succeeded, or may still succeed. Give the characters back later, because waiting for
            # the service a second time would double the delay.
            self._unfinished.append(_Step(self._clock(), partial(self._counters.give_back, entry, retried=True)))
            raise
        self._catch_up()
        if receipt is Receipt.REFUSED:
            raise self._too_many(caller, count)

        def close(is_payable: Callable[[], bool], spend: Decimal) -> None:
            retried = receipt is Receipt.RETRIED
            if is_payable():
                self._counters.keep(entry, retried=retried, spend=spend)
            else:
                self._counters.give_back(entry, retried=retried)

        return Charge(
            lambda is_payable, spend, at: self._finish(_Step(at, partial(close, is_payable, spend))), self._clock
        )

    @contextmanager
    def reserving(self, caller: Caller, count: int, *, owed: tuple[type[HeraldError], ...] = ()) -> Iterator[Charge]:
        """Count the characters of a request, and give them back if the block raises.

        The errors in `owed` mean that the work was done, so the charge is kept. If nothing is raised, the charge stays
        open, and the code that completes the work keeps it.
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
        """Like `reserving`, but keep the charge at the end of the block."""
        with self.reserving(caller, count, owed=owed) as charge:
            yield charge
        charge.keep()

    def _finish(self, step: _Step) -> bool:
        """Take a step if it is due, else leave it to a later request.

        Return False if the service does not respond; the step is then left to a later request, too.
        """
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
        """Close charges of earlier requests, as long as the service responds.

        Those requests may be of other tenants, so an error in one of their decisions does not concern this request.
        """
        for _ in range(min(len(self._unfinished), _MAX_CATCH_UP)):
            try:
                step = self._unfinished.popleft()
            except IndexError:  # another thread took the last one
                return
            try:
                if not self._finish(step):
                    return
            except Exception as error:  # noqa: BLE001  an error in a decision may be of any kind
                fault = to_herald_error(error)
                # The charge is given back later, like that of a process that died.
                logger.warning("The charge of an earlier request stays open: %s (%s)", fault.message, fault.code)

    def once(self, name: str, caller: Caller, count: int) -> None:
        """Count the characters of a batch once for each name; raise TooMany as `characters` does."""
        if not self._counters.count_once(name, caller, self._clock(), count):
            raise self._too_many(caller, count, "batch", "fewer rows")

    def used(self, tenant: str, days: int) -> dict[date, DayOfUse]:
        """Return the usage of a tenant on the last `days` days, newest first, days without usage included."""
        now = self._clock().astimezone(UTC)
        wanted = [now.date() - _DAY * ago for ago in range(days)]
        found = self._counters.days(tenant, wanted, now)
        return {day: found.get(day, DayOfUse()) for day in wanted}

    def _too_many(self, caller: Caller, count: int, what: str = "text", less: str = "a shorter text") -> TooMany:
        return TooMany(
            f"The {what} has {counted(count, 'character')}, which exceeds what is left of today's quota of "
            f"{caller.characters_a_day:,}. The quota resets at midnight UTC. Send {less}, or ask the operator "
            "for a larger quota.",
            retry_after=seconds_left_today(self._clock()),
            code="quota_exceeded",
        )
