"""In-memory implementations of herald.batches.batch_ports, with injectable faults."""

from collections import defaultdict
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256

from herald.aws.job_rows import from_cursor, list_key, to_cursor
from herald.batches.batch import BatchState
from herald.batches.batch_events import BatchEnded
from herald.batches.batch_ports import (
    NO_TRAFFIC,
    BatchPage,
    ObjectVersion,
    SpokenItem,
    SpokenPack,
    Traffic,
    UploadForm,
    no_spend,
)
from herald.batches.items import ChunkTotals
from herald.errors import InvalidManifest, InvalidText, OutOfTime, UnknownBatch
from herald.jobs.ports import SpokenFile
from tests.support.job_fakes import MemoryEvents, _Fake, fallible
from tests.support.voice_catalog import VOICES

BLOCK = 1_000


class MemoryBatchTable(_Fake):
    """Batch documents, and the counts of each run."""

    def __init__(self):
        super().__init__()
        self.rows = {}
        self.keys = {}
        self.gained = defaultdict(ChunkTotals)
        self.counted = set()
        self.spent = []

    @fallible
    def add(self, batch):
        return self._with_totals(self.rows.setdefault(batch.id, batch))

    @fallible
    def claim_key(self, key_id, batch):
        owner = self.keys.get(key_id)
        if owner is None or (owner.expires_at and owner.expires_at <= batch.created_at):
            self.keys[key_id] = batch
        return self.keys[key_id].id

    @fallible
    def get(self, batch_id):
        return self._with_totals(self.rows[batch_id]) if batch_id in self.rows else None

    @fallible
    def document(self, batch_id):
        return self.rows.get(batch_id)

    @fallible
    def change(self, batch_id, how, spend=no_spend):
        if batch_id not in self.rows:
            raise UnknownBatch("There is no batch with that id.")
        before = self._with_totals(self.rows[batch_id])
        after = how(before)
        if after != before:
            if before.state is after.state is BatchState.SPEAKING:
                raise ValueError("A speaking batch may only be ended; its totals change by gain().")
            self.rows[batch_id] = after
            self.spent += filter(None, [spend(before, after)])
        return after

    @fallible
    def add_totals(self, batch, run, chunk, gained):
        if (batch.id, run, chunk) in self.counted:
            return
        self.counted.add((batch.id, run, chunk))
        there = self.gained[batch.id, run]
        self.gained[batch.id, run] = ChunkTotals(**{name: getattr(there, name) + value for name, value in gained})

    @fallible
    def page(self, tenant, *, limit, cursor):
        before = from_cursor(cursor) if cursor is not None else "~"
        found = [batch for batch in self.rows.values() if batch.tenant == tenant and list_key(batch) < before]
        found.sort(key=list_key, reverse=True)
        more = to_cursor(list_key(found[limit - 1])) if len(found) > limit else None
        return BatchPage(batches=[self._with_totals(batch) for batch in found[:limit]], cursor=more)

    def _with_totals(self, batch):
        return batch.with_totals(self.gained[batch.id, batch.redrives])


class MemoryObjects(_Fake):
    """Files by key, or by (bucket, key) for other buckets."""

    def __init__(self):
        super().__init__()
        self.files = {}
        self.reported = []
        self.report = self.reported.append

    @fallible
    def read(self, key, start=0, size=None):
        body = self.files.get(key)
        if body is None or (size and start >= len(body)):
            return None
        return body[start : start + size] if size else body

    @fallible
    def write(self, key, body):
        self.files[key] = body

    @fallible
    def write_once(self, key, body):
        if key in self.files:
            return False
        self.files[key] = body
        return True

    @contextmanager
    def writing(self, key, media_type):  # noqa: ARG002
        parts = []
        yield parts.append
        self.write(key, b"".join(parts))

    @fallible
    def version_of(self, key, bucket=None):
        body = self.files.get((bucket, key) if bucket else key)
        return None if body is None else ObjectVersion(key=key, bucket=bucket, etag=_etag(body), bytes=len(body))

    def read_version(self, pinned):
        for start in range(0, pinned.bytes, BLOCK):
            body = self.files.get((pinned.bucket, pinned.key) if pinned.bucket else pinned.key)
            if body is None or _etag(body) != pinned.etag:
                raise InvalidManifest("It was replaced.", code="manifest_replaced")
            yield body[start : start + BLOCK]

    def link(self, key, *, file_name, seconds=900):
        return f"https://audio.example/{key}?file_name={file_name}&seconds={seconds}"

    def upload_form(self, key, *, seconds, most_bytes, content_type):
        fields = {"key": key, "Content-Type": content_type, "policy": f"{most_bytes} {seconds}"}
        return UploadForm(url="https://audio.example/", fields=fields, most_bytes=most_bytes)

    @fallible
    def copy(self, pinned, key):
        if self.version_of(pinned.key) != pinned:
            return None
        self.files[key] = self.files[pinned.key]
        return self.version_of(key)


@lru_cache(maxsize=32)
def _etag(body):
    return sha256(body).hexdigest()


class MemoryMachine(_Fake):
    """Executions by name, and the names of those that have ended."""

    def __init__(self):
        super().__init__()
        self.started = {}
        self.ended = set()

    @fallible
    def start(self, run):
        names = (f"{run.batch}-{run.run}{suffix}" for suffix in ("", "-2", "-3"))
        name = next(name for name in names if name not in self.ended)
        self.started.setdefault(name, run)
        return name


class MemoryTasks(_Fake):
    """The first end reported for each token."""

    def __init__(self):
        super().__init__()
        self.completed = {}

    @fallible
    def complete(self, token, end):
        self.completed.setdefault(token, end)


class MemoryBatchEvents(MemoryEvents):
    """Events of batches and jobs."""

    def __init__(self):
        super().__init__()
        self.batches = []

    @fallible
    def publish_batch(self, batch):
        self.batches.append(BatchEnded.of(batch))


class MemoryItemSpeaker(_Fake):
    """Speaks without delay; each full stop is a sentence. `spoken` lists the texts in order."""

    def __init__(self):
        super().__init__()
        self.spoken = []
        self.sentences = set()
        self.traffic = NO_TRAFFIC
        self.learned, self.packs = [], {}
        self.voices = VOICES

    def learn(self, keys, *, tenant):
        self.learned += [(tenant, key) for key in keys]
        return NO_TRAFFIC

    def speak_pack(self, key, sentences, *, tenant, time_left):
        before = len(self.sentences)
        for sentence in sentences:
            self.speak(sentence.script, tenant=tenant, time_left=time_left)
        self.packs[tenant, key] = [sentence.text for sentence in sentences]
        return SpokenPack(key=key, spoken=len(self.sentences) - before, traffic=Traffic(read=1, written=1, bytes=100))

    @fallible
    def speak(self, script, *, tenant, time_left):
        text = script.lines[0].text
        if time_left() < 0:
            raise OutOfTime("The text takes too long to speak.")
        if "unspeakable" in text:
            raise InvalidText("Character 3 is no text.", param="input")
        if "broken" in text:
            raise RuntimeError(text)  # like a library's error, which may contain the text
        self.spoken.append(text)
        parts = {(tenant, part) for part in text.split(".") if part.strip()}
        new = parts - self.sentences
        self.sentences |= parts
        file = SpokenFile(
            file=b"RIFF" + sha256(text.encode()).digest(),
            seconds=1.5,
            sample_rate=22_050,
            media_type="audio/mpeg",
            processing_seconds=0.2,
            voices=self.voices,
        )
        return SpokenItem(file=file, spoken=len(new), reused=len(parts) - len(new), traffic=self.traffic)
