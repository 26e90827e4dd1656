"""Discrete-event simulation of batches: children start, get an environment, process items and end.

Before them, the sentences that several messages have are synthesized, as the planner would do it, one pack for each
environment. Random quantities are replaced by their means: which sentences an item has, and which of them are cached.
Runs are therefore deterministic. Children of one or several batches share the function, prefixes and quotas.
"""

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.scale.assumptions import Assumptions
from herald.batches.chunking import Work as Planned
from herald.batches.shared_sentences import MOST_PACKS, PACK_SECONDS

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
    items_per_child: int | None = None
    """None: as many as the planner chooses."""
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
    items_per_child: int = 0
    packs: int = 0
    packing: float = 0.0
    environments: int = 0
    billed: float = 0.0
    """Billed seconds of the synthesizing function."""
    sentences_spoken: float = 0.0
    sentences_packed: float = 0.0
    sentences_read: float = 0.0
    """Packs that were read."""
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
        self._shared, self._own = self._split()
        self._most = setup.items_per_child or self._planned_items()
        self._starts = Tokens(given.starts, given.starts_burst)
        self._transitions = Tokens(given.transitions, given.transitions)
        self._ramp = Tokens(given.ramp, given.ramp_burst)
        puts, gets = setup.partitions * given.puts, setup.partitions * given.gets
        self._puts = Tokens(puts, puts)
        self._sentence_gets = Tokens(gets, gets)
        self._spoken_by: list[int] = []
        """Completed items per environment."""
        self._idle: list[int] = []
        self._packed: list[int] = []
        """Environments that have synthesized a pack, which they know."""
        self._items = 0
        """Completed items of all environments."""
        children = math.ceil(work.messages / self._most)
        self.outcome = Outcome(children=children, zipped=setup.zipped, items_per_child=self._most)

    def run(self) -> Outcome:
        """Simulate planning, synthesis and report."""
        given, outcome = self._given, self.outcome
        rows = self._work.messages / self._setup.batches
        outcome.planning = rows / given.rows_planned
        outcome.packing = self._pack()
        outcome.speaking = self._speak(outcome.packing)
        read = outcome.children / self._setup.batches * given.read / 16
        outcome.reporting = max(2 * read, rows / given.rows_reported)
        outcome.total = given.start_and_end + outcome.planning + outcome.packing + outcome.speaking + outcome.reporting
        outcome.environments = len(self._spoken_by)
        return outcome

    def _split(self) -> tuple[float, tuple[float, ...]]:
        """Return the number of sentences that are shared in each batch, and the kinds of the others."""
        messages = self._work.messages / self._setup.batches
        room = self._given.packed / (self._sentence * self._given.sentence_bytes_a_second)
        shared, own = 0.0, []
        for kinds in sorted(self._work.distinct):
            if messages >= 2 * kinds and shared + kinds <= room:
                shared += kinds
            else:
                own.append(kinds)
        return shared, tuple(own)

    def _planned_items(self) -> int:
        """Return the items of a child that the planner would choose."""
        setup, messages = self._setup, self._work.messages // self._setup.batches
        new = sum(min(kinds, messages) for kinds in self._own) / messages / len(self._work.distinct)
        work = Planned(messages, self._audio * self._given.speaking * messages, new)
        return work.chunk_items(setup.concurrency // setup.batches)

    def _pack(self) -> float:
        """Simulate the packs; return the time until the last is stored."""
        setup, given, outcome = self._setup, self._given, self.outcome
        each = self._shared * self._sentence * given.speaking
        if not self._shared:
            return 0.0
        packs = max(1, min(setup.concurrency // setup.batches, MOST_PACKS, round(each / PACK_SECONDS)))
        outcome.packs = packs * setup.batches
        outcome.sentences_spoken += self._shared * setup.batches
        outcome.sentences_packed += self._shared * setup.batches
        last = 0.0
        for _ in range(outcome.packs):
            environment, ready = self._environment(self._transitions.take(0.0, 1))
            took = 2 * given.handling + 3 * given.read + each / packs + given.write
            outcome.billed += ready + took
            last = max(last, ready + took)
            self._packed.append(environment)
        self._idle += self._packed
        return last

    def _speak(self, begin: float) -> float:
        """Simulate all children; return the time from the start of the first to the end of the last."""
        sizes = self._sizes()
        events: list[tuple[float, int, _Child]] = []
        order = 0
        for order, size in zip(range(self._setup.concurrency), sizes, strict=False):
            child = self._started(begin, size)
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
        return last - begin

    def _sizes(self) -> Iterator[int]:
        whole, rest = divmod(self._work.messages, self._most)
        yield from (self._most for _ in range(whole))
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
            tried, pause = tried + pause, pause + self._given.retry
            self.outcome.throttles += 1
        self._waited("new environments", tried - at)
        self._spoken_by.append(0)
        self.outcome.billed -= tried - at  # throttled calls are free
        return len(self._spoken_by) - 1, tried + self._given.cold

    def _speak_some(self, now: float, child: _Child) -> float:
        """Simulate the next items of a child; return their end."""
        before = self._spoken_by[child.environment]
        count = min(1 + before // _GROWTH, child.left)
        spoken = sum(_new(kinds, before, count) for kinds in self._own)
        looked = self.outcome.packs / self._setup.batches if not before else 0.0
        took = self._seconds(count, looked, spoken)
        done = max(now + took, self._served(now, count, looked))
        self._waited("S3", done - now - took)
        child.left, child.doing = child.left - count, count
        self.outcome.sentences_spoken += spoken
        self.outcome.sentences_read += looked
        self.outcome.billed += done - now
        return done

    def _seconds(self, count: int, looked: float, spoken: float) -> float:
        """Return the time without waits: read the packs, synthesize new sentences, join and write each file.

        Files are written while the next items are processed, some at a time.
        """
        given = self._given
        files = count * max(given.joining, 0.0 if self._setup.zipped else given.write / given.stored_at_once)
        loaded = self._shared * self._sentence * given.sentence_bytes_a_second / given.download if looked else 0.0
        return files + looked * given.read + loaded + spoken * given.speaking * self._sentence

    def _served(self, now: float, count: int, looked: float) -> float:
        """Return the time at which S3 has served all requests, with separate prefixes for files and sentences."""
        return max(
            now if self._setup.zipped else self._puts.take(now, count),
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
