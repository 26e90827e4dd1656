"""In-memory implementations of herald.jobs.ports: thread-safe, with injectable faults."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import wraps
from threading import RLock
from typing import Any

from herald.auth.api_keys import Key
from herald.auth.caller import Caller
from herald.auth.quotas import DayOfUse, Receipt, UsageEntry
from herald.aws.job_rows import from_cursor, list_key, to_cursor
from herald.clock import utc_now
from herald.errors import UnknownLexicon
from herald.jobs.job import DUE_AFTER, ENDS, AudioFile, Job, State, sources
from herald.jobs.job_messages import JobEnded, JobMessage
from herald.jobs.lexicon_service import LexiconIndex, LexiconStore
from herald.jobs.ports import JobFilter, Page, Spend, Stored

HELD = frozenset({State.SPEAKING, State.WAITING_FOR_GPU})
"""States of jobs that are being processed."""


class Faults:
    """Injected failures of calls.

    `table.faults.before("move", Unavailable("..."))` makes the next `move` fail without effect; `after` makes it take
    effect first, as if the response were lost. `times` is the number of consecutive failures.
    """

    def __init__(self):
        self._planned = defaultdict(deque)
        self._lock = RLock()
        self.on_call: Callable[[str, str], None] = lambda *_: None
        """Hook called "before" and "after" every call; may raise, or simulate concurrent changes."""

    def before(self, method: str, error: BaseException, times: int = 1) -> None:
        with self._lock:
            self._planned[method, "before"].extend([error] * times)

    def after(self, method: str, error: BaseException, times: int = 1) -> None:
        with self._lock:
            self._planned[method, "after"].extend([error] * times)

    @contextmanager
    def around(self, method: str):
        self._raise(method, "before")
        yield
        self._raise(method, "after")

    def _raise(self, method: str, when: str) -> None:
        self.on_call(method, when)
        with self._lock:
            error = self._planned[method, when].popleft() if self._planned[method, when] else None
        if error:
            raise error


def fallible(method):
    """Serialize and count calls of a method, and inject its `faults`."""

    @wraps(method)
    def wrapped(self, *args, **kwargs):
        with self.faults.around(method.__name__), self.lock:
            self.calls[method.__name__] += 1
            return method(self, *args, **kwargs)

    return wrapped


class _Fake:
    def __init__(self):
        self.faults = Faults()
        self.lock = RLock()
        self.calls: dict[str, int] = defaultdict(int)


class MemoryJobTable(_Fake):
    """Rows of jobs. Tests may read and modify `rows` and `looks`."""

    def __init__(self):
        super().__init__()
        self.rows: dict[str, Job] = {}
        self.looks: dict[str, datetime] = {}
        self.spent: list[Spend] = []
        """Every spend that was added."""

    @fallible
    def add(self, job: Job) -> Job:
        there = self.rows.get(job.id)
        if there is None or (there.is_expired(job.created_at) and there.state not in HELD):
            self._write(job)
        return self.rows[job.id]

    @fallible
    def get(self, job_id: str) -> Job | None:
        return self.rows.get(job_id)

    @fallible
    def claim(self, job_id: str, to: State, *, worker: str, at: datetime, until: datetime) -> Job | None:
        job = self.rows.get(job_id)
        if job is None or job.state not in sources(to) or job.gpu or self._held_by_another(job, worker, at):
            return None
        begun = {"begun_at": job.begun_at or at, "attempts": job.attempts + 1}
        changes = {"state": to, "updated_at": at, "worker": worker, "lease_until": until}
        return self._write(job.model_copy(update=begun | changes))

    @fallible
    def move(  # noqa: PLR0913
        self,
        job_id: str,
        to: State,
        *,
        at: datetime,
        only_from: Collection[State] = (),
        worker: str | None = None,
        unchanged: Job | None = None,
        changes: Mapping[str, Any] | None = None,
    ) -> Job | None:
        job = self.rows.get(job_id)
        if job is None or job.state not in sources(to) or (only_from and job.state not in only_from):
            return None
        if worker is not None and not self._holds(job, worker):
            return None
        if unchanged and _held_as(unchanged) != _held_as(job):
            return None
        ended = (
            {"ended_at": max(filter(None, (at, job.begun_at, job.created_at))), "published": False}
            if to in ENDS
            else {}
        )
        return self._write(self._changed(job, {"state": to, "updated_at": at} | ended | dict(changes or {})))

    @fallible
    def renew(self, job_id: str, *, worker: str, at: datetime, until: datetime) -> bool:
        job = self.rows.get(job_id)
        if job is None or job.state is not State.SPEAKING or not self._holds(job, worker):
            return False
        self.rows[job_id] = self._changed(job, {"lease_until": until})
        self.looks[job_id] = at + DUE_AFTER[State.SPEAKING]
        return True

    @fallible
    def note(self, job_id: str, *, worker: str, changes: Mapping[str, Any]) -> bool:
        job = self.rows.get(job_id)
        if job is None or not self._holds(job, worker):
            return False
        self.rows[job_id] = self._changed(job, dict(changes))
        return True

    @fallible
    def amend(self, job_id: str, changes: Mapping[str, Any], *, retention: str | None = None) -> Job | None:
        job = self.rows.get(job_id)
        if job is None or (retention is not None and job.retention != retention):
            return None
        self.rows[job_id] = self._changed(job, dict(changes))
        return self.rows[job_id]

    @fallible
    def mark_published(self, job_id: str, spend: Spend | None = None) -> bool:
        job = self.rows.get(job_id)
        if not job or not job.ended or job.published:
            return False
        self._write(job.model_copy(update={"published": True}))
        self.spent += [spend] if spend else []
        return True

    @fallible
    def postpone_check(self, job_id: str, at: datetime) -> None:
        job = self.rows.get(job_id)
        if job and not job.ended:
            self.looks[job_id] = at

    @fallible
    def page(self, tenant: str, wanted: JobFilter) -> Page:
        before = from_cursor(wanted.cursor) if wanted.cursor is not None else "~"
        jobs = sorted((job for job in self.rows.values() if list_key(job) < before), key=list_key, reverse=True)
        found = [job.model_copy(update={"script": None}) for job in jobs if _matches(job, tenant, wanted)]
        more = len(found) > wanted.limit
        return Page(jobs=found[: wanted.limit], cursor=to_cursor(list_key(found[wanted.limit - 1])) if more else None)

    @fallible
    def due(self, before: datetime, limit: int) -> list[Job]:
        due = sorted((at, job_id) for job_id, at in self.looks.items() if at <= before)
        return [self.rows[job_id].model_copy(update={"script": None}) for _, job_id in due[:limit]]

    def _write(self, job: Job) -> Job:
        self.rows[job.id] = job
        if job.ended and job.published:
            self.looks.pop(job.id, None)
        else:
            self.looks[job.id] = job.updated_at + DUE_AFTER[job.state]
        return job

    @staticmethod
    def _changed(job: Job, changes: dict[str, Any]) -> Job:
        kept = {name: value for name, value in dict(job).items() if name not in changes}
        return Job(**{"script": None} | kept | {name: value for name, value in changes.items() if value is not None})

    @staticmethod
    def _held_by_another(job: Job, worker: str, at: datetime) -> bool:
        return job.state in HELD and job.worker != worker and job.lease_until is not None and job.lease_until > at

    @staticmethod
    def _holds(job: Job, worker: str) -> bool:
        return job.state in HELD and job.worker == worker


def _held_as(job: Job) -> tuple[Any, ...]:
    return job.worker, job.lease_until, job.attempts


def _matches(job: Job, tenant: str, wanted: JobFilter) -> bool:
    return (
        job.tenant == tenant
        and wanted.has_state(job)
        and all(
            value is None or getattr(job, name) == value
            for name, value in (("use_case", wanted.use_case), ("batch", wanted.batch))
        )
    )


class MemoryAudioStore(_Fake):
    """Files by key, in audio/ and kept/, with their write times. `puts` counts the writes that stored a file."""

    def __init__(self, *, clock: Callable[[], datetime] = utc_now):
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.heads: dict[str, AudioFile] = {}
        self.written: dict[str, datetime] = {}
        self.keepers: dict[str, str] = {}
        """By the keys of first copies, and `none` once they are released."""
        self.puts = 0
        self._clock = clock

    @fallible
    def find(self, key: str, *, keeper: str | None = None) -> AudioFile | None:
        return self._find(key, keeper, (kept(key), key, shared(key)) if keeper else (kept(key),))

    @fallible
    def put(self, file: bytes, audio: AudioFile, *, keeper: str | None = None) -> Stored:
        if existing := self._find(audio.key, keeper, (kept(audio.key),) if keeper else ()):
            return Stored(existing, existed=True)
        self.puts += 1
        place = self._place(audio.key, keeper)
        self._write(place, file, audio.model_copy(update={"bytes": len(file)}), keeper)
        return Stored(self.heads[place], existed=False)

    @fallible
    def expire(self, key: str, *, by: str) -> AudioFile | None:
        file = self._find(key, None, (kept(key), shared(key)))
        if self.keepers.get(kept(key)) == by:
            self.keepers[kept(key)] = "none"
        return file

    def delete_released(self) -> None:
        """Delete the files that S3 would delete in a day or two."""
        for key in [key for key, keeper in self.keepers.items() if keeper == "none"]:
            del self.keepers[key]
            self.files.pop(key, None)

    def _find(self, key: str, keeper: str | None, others: Collection[str]) -> AudioFile | None:
        place = self._place(key, keeper)
        for source in (place, *others):
            if file := self.files.get(source):
                if source != place:
                    self._write(place, file, self.heads[source], keeper)
                elif keeper is None and self.written[place].date() < self._clock().date():
                    self.written[place] = self._clock()
                return self.heads[place]
        return None

    def _place(self, key: str, keeper: str | None) -> str:
        if keeper is None:
            return key
        is_own = kept(key) not in self.files or self.keepers[kept(key)] == keeper
        return kept(key) if is_own else shared(key)

    def _write(self, key: str, file: bytes, audio: AudioFile, keeper: str | None) -> None:
        self.files[key] = file
        self.heads[key] = audio.model_copy(update={"key": key})
        self.written[key] = self._clock()
        if keeper and ".shared." not in key:
            self.keepers[key] = keeper


def kept(key: str) -> str:
    """Return the key of the first copy of a kept file."""
    return f"kept/{key.removeprefix('audio/')}"


def shared(key: str) -> str:
    """Return the key of the copy of a kept file for all keepers but the first."""
    return ".shared.".join(kept(key).rsplit(".", 1))


class MemoryQueues(_Fake):
    """Sent messages of each queue in order, as (JSON, delay), and postponed messages."""

    def __init__(self):
        super().__init__()
        self.sent: dict[str, list[tuple[str, float]]] = {"vip": [], "standard": [], "gpu": []}
        self.postponed: list[tuple[str, str, float]] = []
        self.hidden: list[tuple[str, list[str], int]] = []

    @fallible
    def send(self, job: Job, *, delay: float = 0) -> None:
        queue = "gpu" if job.route == "gpu" else job.tier
        self.sent[queue].append((JobMessage(job=job.id, tenant=job.tenant).model_dump_json(), delay))

    @fallible
    def postpone(self, queue_url: str, receipt_handle: str, seconds: float) -> bool:
        self.postponed.append((queue_url, receipt_handle, seconds))
        return True

    @fallible
    def hide(self, queue_url: str, receipt_handles: list[str], seconds: int) -> None:
        self.hidden.append((queue_url, receipt_handles, seconds))

    def take(self, queue: str) -> JobMessage | None:
        """Remove and return the oldest message of a queue, delayed or not."""
        with self.lock:
            return JobMessage.parse(self.sent[queue].pop(0)[0]) if self.sent[queue] else None


class MemoryEvents(_Fake):
    """Published events in order."""

    def __init__(self):
        super().__init__()
        self.published: list[JobEnded] = []

    @fallible
    def publish(self, job: Job) -> None:
        self.published.append(JobEnded.of(job))


class MemoryKeys(_Fake):
    """Keys by id."""

    def __init__(self, *keys: Key):
        super().__init__()
        self.keys: dict[str, Key] = {key.id: key for key in keys}

    @fallible
    def get(self, key_id: str) -> Key | None:
        return self.keys.get(key_id)

    @fallible
    def add(self, key: Key) -> None:
        self.keys[key.id] = key

    @fallible
    def replace(self, old: Key, new: Key) -> bool:
        there = self.keys.get(old.id)
        if there is None or there.revoked_at or there.rotated_to:
            return False
        self.keys |= {old.id: old, new.id: new}
        return True

    @fallible
    def revoke(self, key_id: str, at: datetime) -> Key | None:
        if key_id not in self.keys:
            return None
        key = self.keys[key_id]
        self.keys[key_id] = key.model_copy(update={"revoked_at": key.revoked_at or at})
        return self.keys[key_id]

    @fallible
    def list(self, tenant: str | None = None) -> list[Key]:
        found = [key for key in self.keys.values() if tenant in {None, key.tenant}]
        return sorted(found, key=lambda key: (key.tenant, key.created_at, key.id))


class MemoryCounters(_Fake):
    """Usage of callers: by tenant and day, and by account and second."""

    def __init__(self):
        super().__init__()
        self.used: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
        self.seconds: Counter[tuple[str, int]] = Counter()
        self.names: set[str] = set()
        self.open: set[str] = set()
        self.spend: dict[tuple[str, date], Decimal] = defaultdict(Decimal)

    @fallible
    def count_request(self, account: str, second: int, *, most: int) -> bool:
        if self.seconds[account, second] >= most:
            return False
        self.seconds[account, second] += 1
        return True

    @fallible
    def count(self, entry: UsageEntry) -> Receipt:
        if not self._counted(entry.caller, entry.day, entry.characters):
            return Receipt.REFUSED
        self.open.add(entry.id)
        return Receipt.COUNTED

    @fallible
    def keep(self, entry: UsageEntry, *, retried: bool, spend: Decimal = Decimal(0)) -> None:  # noqa: ARG002
        if entry.id in self.open:
            self.open.remove(entry.id)
            self.spend[entry.caller.tenant, entry.day] += spend

    @fallible
    def give_back(self, entry: UsageEntry, *, retried: bool) -> None:  # noqa: ARG002
        if entry.id in self.open:
            self.open.remove(entry.id)
            self._add(entry.caller, entry.day, -entry.characters, -1)

    @fallible
    def count_once(self, name: str, caller: Caller, at: datetime, characters: int) -> bool:
        if name in self.names:
            return True
        done = self._counted(caller, at.astimezone(UTC).date(), characters)
        self.names |= {name} if done else set()
        return done

    @fallible
    def days(self, tenant: str, days: Iterable[date], at: datetime) -> dict[date, DayOfUse]:  # noqa: ARG002
        return {
            day: self._day(self.used[tenant, day], self.spend[tenant, day])
            for day in days
            if (tenant, day) in self.used
        }

    def _counted(self, caller: Caller, day: date, characters: int) -> bool:
        used, most = self.used[caller.tenant, day], caller.characters_a_day
        if most is not None and characters > 0 and used[f"key {caller.account}"] + characters > most:
            return False
        self._add(caller, day, characters, 1)
        return True

    def _add(self, caller: Caller, day: date, characters: int, requests: int) -> None:
        added = {"characters": characters, "requests": requests, f"key {caller.account}": characters}
        self.used[caller.tenant, day].update(added)

    @staticmethod
    def _day(used: Counter[str], spend: Decimal) -> DayOfUse:
        by_account = {name.removeprefix("key "): used[name] for name in used if name not in {"characters", "requests"}}
        return DayOfUse(characters=used["characters"], requests=used["requests"], by_account=by_account, spend=spend)


class MemoryLexicons(LexiconStore):
    """Lexicons in memory. Functions in `meanwhile` run before a write of an index, one for each."""

    def __init__(self):
        self.indexes = {}
        self.contents = {}
        self.released = []
        self.meanwhile = []

    def index(self, tenant):
        return self.indexes.get(tenant, LexiconIndex())

    def replace(self, tenant, index, *, before):
        if self.meanwhile:
            self.meanwhile.pop(0)()
        if self.index(tenant).revision != before:
            return False
        self.indexes[tenant] = index
        return True

    def put(self, reference, lexicon):
        self.contents[reference] = lexicon

    def get(self, reference):
        if reference not in self.contents:
            raise UnknownLexicon("It has expired.")
        return self.contents[reference]

    def release(self, reference):
        self.released.append(reference)
