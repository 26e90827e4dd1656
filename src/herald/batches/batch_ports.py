"""The interfaces that batches depend on. herald.aws implements them; tests have fakes.

All methods raise herald.errors.Unavailable if a service does not respond or throttles the call.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from herald.batches.batch import Batch
from herald.batches.items import ChunkTotals, Item
from herald.batches.rows import ManifestFormat
from herald.errors import UnreadableRow
from herald.jobs.ports import Spend, SpokenFile
from herald.jobs.script import Script

type Write = Callable[[bytes], None]
type SpendOfChange = Callable[[Batch, Batch], Spend | None]
"""Returns the spend that a change of a batch causes, from the batch before and after it."""


def no_spend(_before: Batch, _after: Batch) -> None:
    """Return None: the change of a batch causes no spend."""


class ObjectVersion(BaseModel):
    """One version of an object. Later reads return this version or fail."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str
    bucket: str | None = None
    """None for the audio bucket."""
    etag: str
    bytes: int
    content_type: str = ""


@dataclass(frozen=True, kw_only=True)
class UploadForm:
    """A presigned form to upload one file: POST the fields, then the file as the field `file`."""

    url: str
    fields: dict[str, str]
    most_bytes: int


class Run(BaseModel):
    """Input of an execution of the state machine."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    batch: str
    tenant: str
    run: int = 0
    """0 for the first run, which plans the batch; each redrive increments it."""
    manifest: ObjectVersion | None = None
    manifest_format: ManifestFormat | None = "csv"
    """None: recognized by its first character."""


@dataclass(frozen=True, kw_only=True)
class BatchPage:
    """Batches, newest first, and the cursor of the next page; None on the last page."""

    batches: list[Batch]
    cursor: str | None


class BatchTable(Protocol):
    """Rows of batches. Each change is one conditional write, so concurrent changes apply one after the other.

    Methods that read a row raise herald.errors.UnreadableRow if it is unreadable.
    """

    def add(self, batch: Batch) -> Batch:
        """Write a new batch unless its id exists; return the stored batch."""
        ...

    def claim_key(self, key_id: str, batch: Batch) -> str:
        """Return the id of the batch for an Idempotency-Key: an earlier one that has not expired, or `batch`.

        A new batch never gets the id of an expired one, whose files and sums may be deleted long after its row.
        """
        ...

    def get(self, batch_id: str) -> Batch | None:
        """Return the batch (consistent read), including the gains of its chunks, or None."""
        ...

    def document(self, batch_id: str) -> Batch | None:
        """Return the batch without the gains of its chunks while it is speaking, or None. Cheaper than `get`."""
        ...

    def change(self, batch_id: str, update: Callable[[Batch], Batch], spend: SpendOfChange = no_spend) -> Batch:
        """Replace a batch by `update(batch)` and return the new one.

        `spend(before, after)` is added to the spend of the tenant's day. Both are written, or neither.
        `update` must have no side effects: it is called again if another process changed the batch first. A speaking
        batch may only be ended or left unchanged, because its chunks add their gains concurrently.

        Raise UnknownBatch if the batch does not exist, and the exceptions of `update`.
        """
        ...

    def add_totals(self, batch: Batch, run: int, chunk: int, gained: ChunkTotals) -> None:
        """Add the gains of a chunk in a run. Idempotent for each chunk and run."""
        ...

    def page(self, tenant: str, *, limit: int, cursor: str | None) -> BatchPage:
        """Return a tenant's batches, newest first; raise InvalidCursor for an invalid cursor."""
        ...


class Objects(Protocol):
    """Files of batches in the audio bucket, and manifests in other buckets."""

    def report(self, error: UnreadableRow) -> None:
        """Log and count an unreadable line of a file."""
        ...

    def read(self, key: str, start: int = 0, size: int | None = None) -> bytes | None:
        """Return a file, or at most `size` bytes from offset `start`; None if it is missing or shorter than `start`."""
        ...

    def write(self, key: str, body: bytes) -> None:
        """Write a file, replacing any existing one."""
        ...

    def write_once(self, key: str, body: bytes) -> bool:
        """Write a file unless it exists; return whether it was written."""
        ...

    def writing(self, key: str, media_type: str) -> AbstractContextManager[Write]:
        """Write a file as a stream. It replaces any existing one when the block ends without an exception."""
        ...

    def version_of(self, key: str, bucket: str | None = None) -> ObjectVersion | None:
        """Return the current version of a file, or None. `bucket` names a bucket other than the audio bucket."""
        ...

    def read_version(self, pinned: ObjectVersion) -> Iterator[bytes]:
        """Yield a version of a file in blocks; raise InvalidManifest `manifest_replaced` if it has been replaced."""
        ...

    def link(self, key: str, *, file_name: str, seconds: int = 900) -> str:
        """Return a presigned link to a file that works for `seconds`; it is saved as `file_name`."""
        ...

    def upload_form(self, key: str, *, seconds: int, most_bytes: int, content_type: str) -> UploadForm:
        """Return a form, valid for `seconds`, that uploads a file of up to `most_bytes`."""
        ...

    def copy(self, pinned: ObjectVersion, key: str) -> ObjectVersion | None:
        """Copy a version of a file within the audio bucket; return the copy, or None if it has been replaced."""
        ...


class Machine(Protocol):
    """The state machine."""

    def start(self, run: Run) -> str:
        """Start the execution of a run, unless it is in progress, and return its name.

        A run whose execution has ended gets another one. It changes nothing if the run is over.
        """
        ...


class BatchEvents(Protocol):
    """The event bus for the ends of batches."""

    def publish_batch(self, batch: Batch) -> None:
        """Publish the end of a batch; its state determines the event's type."""
        ...


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Requests to the sentence cache in the bucket."""

    read: int = 0
    """Lookups, hits and misses alike."""
    written: int = 0
    bytes: int = 0
    """Total size of the written sentences."""

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(
            read=self.read + other.read, written=self.written + other.written, bytes=self.bytes + other.bytes
        )

    def __sub__(self, other: "Traffic") -> "Traffic":
        return Traffic(
            read=self.read - other.read, written=self.written - other.written, bytes=self.bytes - other.bytes
        )


NO_TRAFFIC = Traffic()


@dataclass(frozen=True, kw_only=True)
class SpokenItem:
    """A synthesized file and its use of the sentence cache."""

    file: SpokenFile
    spoken: int
    """Sentences that were synthesized."""
    reused: int
    """Sentences that came from the cache."""
    traffic: Traffic = NO_TRAFFIC


@dataclass(frozen=True, kw_only=True)
class SpokenPack:
    """A pack of sentences that is stored."""

    key: str
    """The requested key, unless the sentences were synthesized with other versions of the voices than planned."""
    spoken: int
    """Sentences that were synthesized; 0 if the pack existed."""
    traffic: Traffic


class PackSpeaker(Protocol):
    """Synthesizes sentences that several items share."""

    def speak_pack(
        self, key: str, sentences: Sequence[Item], *, tenant: str, time_left: Callable[[], float]
    ) -> SpokenPack:
        """Store the sentences as a pack, unless it exists. Raise OutOfTime once `time_left()` is below 0 seconds."""
        ...


class ItemSpeaker(Protocol):
    """Synthesizes items with a sentence cache."""

    def learn(self, keys: Sequence[str], *, tenant: str) -> Traffic:
        """Load the packs that exist, so that their sentences are not synthesized again."""
        ...

    def speak(self, script: Script, *, tenant: str, time_left: Callable[[], float]) -> SpokenItem:
        """Synthesize a script.

        Raise InvalidInput if it cannot be synthesized, and OutOfTime once `time_left()` is below 0 seconds.
        """
        ...
