"""Discrete-event simulation of batches: children start, get an environment, process items and end.

Random quantities are replaced by their means: which sentences an item has, and which of them are cached. Runs are
therefore deterministic. Children of one or several batches share the function, prefixes and quotas.
"""

import heapq
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bench.scale.assumptions import Assumptions

_GROWTH = 8
"""Items are simulated in steps of one, later of 1/_GROWTH of those done; the early ones need the finest steps."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """The messages of a batch."""

    messages: int
    characters: float
    """Characters per message."""
    distinct: tuple[float, ...]
    """Number of distinct values of each sentence of a message."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """Configuration of the batch."""

    concurrency: int
    """Concurrent children of all batches."""
    items_per_child: int = 25
    zipped: bool = False
    """Whether the files of a child are one archive."""
    batches: int = 1
    partitions: int = 1
    """Partitions into which S3 has split a prefix."""


@dataclass(kw_only=True)
class Outcome:
    """Result of a simulation. Times in seconds."""

    planning: float = 0.0
    speaking: float = 0.0
    reporting: float = 0.0
    total: float = 0.0
    children: int = 0
    zipped: bool = False
    environments: int = 0
    billed: float = 0.0
    """Billed seconds of the synthesizing function."""
    sentences_spoken: float = 0.0
    sentences_read: float = 0.0
    """Lookups in the bucket, whether or not the sentence was found."""
    throttles: int = 0
    """Throttled calls."""
    waits: dict[str, float] = field(default_factory=dict)
    """Total seconds that children waited, by cause."""


class Tokens:
    """A token bucket: `burst` tokens, refilled at `rate` per second."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._left, self._at = burst, 0.0

    def take(self, at: float, count: float = 1) -> float:
        """Take tokens; return the time at which they are available."""
        now = max(at, self._at)
        self._left = min(self._burst, self._left + (now - self._at) * self._rate) - count
        self._at = now
        return now if self._left >= 0 else now - self._left / self._rate


@dataclass(kw_only=True)
class _Child:
    started: float
    environment: int
    left: int
    doing: int = 0
    """Items in progress."""


class Simulation:
    """A simulation run."""

    def __init__(self, work: Work, setup: Setup, given: Assumptions) -> None:
        self._work, self._setup, self._given = work, setup, given
        self._audio = work.characters / given.rate
        self._sentence = self._audio / len(work.distinct)
        self._kept = [*_kept(work.distinct, given.remembered / (self._sentence * given.sentence_bytes_a_second))]
        self._starts = Tokens(given.starts, given.starts_burst)
        self._transitions = Tokens(given.transitions, given.transitions)
        self._ramp = Tokens(given.ramp, given.ramp_burst)
        puts, gets = setup.partitions * given.puts, setup.partitions * given.gets
        self._puts = Tokens(puts, puts)
        self._sentence_puts, self._sentence_gets = Tokens(puts, puts), Tokens(gets, gets)
        self._spoken_by: list[int] = []
        """Completed items per environment."""
        self._idle: list[int] = []
        self._items = 0
        """Completed items of all environments."""
        children = math.ceil(work.messages / setup.items_per_child)
        self.outcome = Outcome(children=children, zipped=setup.zipped)

    def run(self) -> Outcome:
        """Simulate planning, synthesis and report."""
        given, outcome = self._given, self.outcome
        rows = self._work.messages / self._setup.batches
        outcome.planning = rows / given.rows_planned
        outcome.speaking = self._speak()
        read = outcome.children / self._setup.batches * given.read / 16
        outcome.reporting = max(2 * read, rows / given.rows_reported)
        outcome.total = given.start_and_end + outcome.planning + outcome.speaking + outcome.reporting
        outcome.environments = len(self._spoken_by)
        return outcome

    def _speak(self) -> float:
        """Simulate all children; return the time from the start of the first to the end of the last."""
        sizes = self._sizes()
        events: list[tuple[float, int, _Child]] = []
        order = 0
        for order, size in zip(range(self._setup.concurrency), sizes, strict=False):
            child = self._started(0.0, size)
            heapq.heappush(events, (child.started, order, child))
        last = 0.0
        while events:
            now, _, child = heapq.heappop(events)
            order += 1
            self._items += child.doing
            self._spoken_by[child.environment] += child.doing
            if child.left:
                heapq.heappush(events, (self._speak_some(now, child), order, child))
                continue
            last = self._ended(now, child)
            if size := next(sizes, 0):
                following = self._started(last, size)
                heapq.heappush(events, (following.started, order, following))
        return last

    def _sizes(self) -> Iterator[int]:
        whole, rest = divmod(self._work.messages, self._setup.items_per_child)
        yield from (self._setup.items_per_child for _ in range(whole))
        if rest:
            yield rest

    def _started(self, at: float, items: int) -> _Child:
        """Start a child in an environment."""
        begun = self._transitions.take(self._starts.take(at), 2)
        self._waited("starts of children", begun - at)
        begun += self._given.child
        environment, ready = self._environment(begun)
        self.outcome.billed += ready - begun if ready > begun else 0.0
        return _Child(started=ready + self._given.handling, environment=environment, left=items)

    def _environment(self, at: float) -> tuple[int, float]:
        """Return a warm or new environment and the time when it is ready. Throttled calls are retried."""
        if self._idle:
            return self._idle.pop(), at
        granted, tried, pause = self._ramp.take(at), at, self._given.retry
        while tried < granted:
            tried, pause = tried + pause, 2 * pause
            self.outcome.throttles += 1
        self._waited("new environments", tried - at)
        self._spoken_by.append(0)
        self.outcome.billed -= tried - at  # throttled calls are free
        return len(self._spoken_by) - 1, tried + self._given.cold

    def _speak_some(self, now: float, child: _Child) -> float:
        """Simulate the next items of a child; return their end."""
        before = self._spoken_by[child.environment]
        count = min(1 + before // _GROWTH, child.left)
        places = self._work.distinct
        new = [_new(kinds, before, count) for kinds in places]
        # Sentences evicted from the process's cache are in the bucket.
        looked = sum(kept * n + (1 - kept) * count for kept, n in zip(self._kept, new, strict=True))
        elsewhere = self._items - before
        spoken = sum(n * _unseen(kinds, elsewhere) for n, kinds in zip(new, places, strict=True))
        took = self._seconds(count, looked, spoken)
        done = max(now + took, self._served(now, count, looked, spoken))
        self._waited("S3", done - now - took)
        child.left, child.doing = child.left - count, count
        self.outcome.sentences_spoken += spoken
        self.outcome.sentences_read += looked
        self.outcome.billed += done - now
        return done

    def _seconds(self, count: int, looked: float, spoken: float) -> float:
        """Return the time without waits: join and write each file, read or synthesize each uncached sentence.

        Files are written while the next items are processed, some at a time.
        """
        given = self._given
        files = count * max(given.joining, 0.0 if self._setup.zipped else given.write / given.stored_at_once)
        return files + looked * given.read + spoken * (given.speaking * self._sentence + given.write)

    def _served(self, now: float, count: int, looked: float, spoken: float) -> float:
        """Return the time at which S3 has served all requests, with separate prefixes for files and sentences."""
        return max(
            now if self._setup.zipped else self._puts.take(now, count),
            self._sentence_puts.take(now, spoken),
            self._sentence_gets.take(now, looked),
        )

    def _ended(self, now: float, child: _Child) -> float:
        if self._setup.zipped:
            stored = max(now + self._given.write, self._puts.take(now))
            self.outcome.billed += stored - now
            now = stored
        self.outcome.billed += self._given.handling
        self._idle.append(child.environment)
        return self._transitions.take(now)

    def _waited(self, what: str, seconds: float) -> None:
        self.outcome.waits[what] = self.outcome.waits.get(what, 0.0) + max(0.0, seconds)


def _unseen(kinds: float, items: float) -> float:
    """Return the probability that one of `kinds` sentences occurred in none of `items` items."""
    if math.isinf(kinds):
        return 1.0
    return (1 - 1 / kinds) ** items if kinds > 1 else float(items == 0)


def _new(kinds: float, before: int, count: int) -> float:
    """Return the expected number of new sentences in the next items."""
    return count if math.isinf(kinds) else kinds * (_unseen(kinds, before) - _unseen(kinds, before + count))


def _kept(places: Iterable[float], room: float) -> Iterator[float]:
    """Yield the cached fraction of each sentence's values, given room for `room` sentences; frequent ones first."""
    places = [*places]
    left = room - sum(kinds for kinds in places if kinds == 1)
    shares = {1.0: 1.0}
    for kinds in sorted({kinds for kinds in places if kinds > 1}):
        shares[kinds] = max(0.0, min(1.0, left / kinds))
        left -= kinds * places.count(kinds)
    yield from (shares[kinds] for kinds in places)
