"""A batch as discrete events: children start, take an environment, speak item after item, and end.

What is random in life is its mean here: which sentences an item has, and which of them are known already. So a run
gives the same numbers each time. Children of one batch or of several share function, prefixes and quotas.
"""

import heapq
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bench.scale.assumptions import Assumptions

_GROWTH = 8
"""An environment takes one item at a time, then an eighth of those that it has behind it: what matters is early."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What is to be said."""

    messages: int
    characters: float
    """Of a message."""
    distinct: tuple[float, ...]
    """For each sentence of a message, how many different ones there are."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How it is done."""

    concurrency: int
    """Children at once, over all batches."""
    items_per_child: int = 25
    batches: int = 1
    partitions: int = 1
    """Into which S3 has split a prefix."""


@dataclass(kw_only=True)
class Outcome:
    """What came of it. Times in seconds."""

    planning: float = 0.0
    speaking: float = 0.0
    reporting: float = 0.0
    total: float = 0.0
    children: int = 0
    environments: int = 0
    billed: float = 0.0
    """Of the function that speaks."""
    sentences_spoken: float = 0.0
    sentences_read: float = 0.0
    """Looked for in the bucket, whether or not they were there."""
    throttles: int = 0
    """Calls that Lambda refused at first."""
    waits: dict[str, float] = field(default_factory=dict)
    """Seconds that children waited for something, all together."""


class Tokens:
    """Some at once, and so many a second after that. Who takes more than there are waits for them."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._left, self._at = burst, 0.0

    def take(self, at: float, count: float = 1) -> float:
        """The time at which they are there."""
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
    """Items on their way."""


class Simulation:
    """One run."""

    def __init__(self, work: Work, setup: Setup, given: Assumptions) -> None:
        self._work, self._setup, self._given = work, setup, given
        self._audio = work.characters / given.rate
        self._sentence = self._audio / len(work.distinct)
        self._kept = [*_kept(work.distinct, given.remembered / (self._sentence * given.sentence_bytes_a_second))]
        self._starts = Tokens(given.starts, given.starts_burst)
        self._transitions = Tokens(given.transitions, given.transitions)
        self._ramp = Tokens(given.ramp, given.ramp_burst)
        puts, gets = setup.partitions * given.puts, setup.partitions * given.gets
        self._puts, self._gets = Tokens(puts, puts), Tokens(gets, gets)
        self._sentence_puts, self._sentence_gets = Tokens(puts, puts), Tokens(gets, gets)
        self._spoken_by: list[int] = []
        """Items of each environment."""
        self._idle: list[int] = []
        self._items = 0
        """That are done."""
        self.outcome = Outcome(children=math.ceil(work.messages / setup.items_per_child))

    def run(self) -> Outcome:
        """From the start of the plan to the end of the report."""
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
        """Run all children; the time at which the last one ends, counted from the first one's start."""
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
        """A child that has an environment, and begins with its items."""
        begun = self._transitions.take(self._starts.take(at), 2)
        self._waited("starts of children", begun - at)
        begun += self._given.child
        environment, ready = self._environment(begun)
        self.outcome.billed += ready - begun if ready > begun else 0.0
        return _Child(started=ready + self._given.handling, environment=environment, left=items)

    def _environment(self, at: float) -> tuple[int, float]:
        """A warm one, or a new one: which, and when it is ready. Refused calls are tried again later."""
        if self._idle:
            return self._idle.pop(), at
        granted, tried, pause = self._ramp.take(at), at, self._given.retry
        while tried < granted:
            tried, pause = tried + pause, 2 * pause
            self.outcome.throttles += 1
        self._waited("new environments", tried - at)
        self._spoken_by.append(0)
        self.outcome.billed -= tried - at  # a call that is refused costs nothing
        return len(self._spoken_by) - 1, tried + self._given.cold

    def _speak_some(self, now: float, child: _Child) -> float:
        """Speak the next items of a child; when they are done."""
        before = self._spoken_by[child.environment]
        count = min(1 + before // _GROWTH, child.left)
        places = self._work.distinct
        new = [_new(kinds, before, count) for kinds in places]
        # What this process had to forget is in the bucket.
        looked = sum(kept * n + (1 - kept) * count for kept, n in zip(self._kept, new, strict=True))
        elsewhere = self._items - before
        spoken = sum(n * _unseen(kinds, elsewhere) for n, kinds in zip(new, places, strict=True))
        took = self._seconds(count, looked, spoken)
        done = max(now + took, self._let_through(now, count, looked, spoken))
        self._waited("S3", done - now - took)
        child.left, child.doing = child.left - count, count
        self.outcome.sentences_spoken += spoken
        self.outcome.sentences_read += looked
        self.outcome.billed += done - now
        return done

    def _seconds(self, count: int, looked: float, spoken: float) -> float:
        """Without any wait: each file is looked for and written, each sentence that is not known read or spoken."""
        given = self._given
        files = count * (given.read + given.write + given.encoding * self._audio)
        return files + looked * given.read + spoken * (given.speaking * self._sentence + given.write)

    def _let_through(self, now: float, count: int, looked: float, spoken: float) -> float:
        """When S3 has let all requests through, at the rates of a prefix: files have one, sentences another."""
        return max(
            self._puts.take(now, count),
            self._gets.take(now, count),
            self._sentence_puts.take(now, spoken),
            self._sentence_gets.take(now, looked),
        )

    def _ended(self, now: float, child: _Child) -> float:
        self.outcome.billed += self._given.handling
        self._idle.append(child.environment)
        return self._transitions.take(now)

    def _waited(self, what: str, seconds: float) -> None:
        self.outcome.waits[what] = self.outcome.waits.get(what, 0.0) + max(0.0, seconds)


def _unseen(kinds: float, items: float) -> float:
    """The chance that a sentence, one of so many kinds, was in none of so many items."""
    if math.isinf(kinds):
        return 1.0
    return (1 - 1 / kinds) ** items if kinds > 1 else float(items == 0)


def _new(kinds: float, before: int, count: int) -> float:
    """How many of the sentences in the next items were in none of the items before."""
    return count if math.isinf(kinds) else kinds * (_unseen(kinds, before) - _unseen(kinds, before + count))


def _kept(places: Iterable[float], room: float) -> Iterator[float]:
    """Which part of each place's sentences a process remembers, with room for so many: those that come more often."""
    places = [*places]
    left = room - sum(kinds for kinds in places if kinds == 1)
    shares = {1.0: 1.0}
    for kinds in sorted({kinds for kinds in places if kinds > 1}):
        shares[kinds] = max(0.0, min(1.0, left / kinds))
        left -= kinds * places.count(kinds)
    yield from (shares[kinds] for kinds in places)
