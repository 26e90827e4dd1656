"""What the work on batches needs from outside: herald.aws has the real ones, tests have simple and failing ones.

All raise herald.errors.Unavailable where a service does not answer, or not now.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from herald.errors import UnreadableRow
from herald.jobs.batches.batch import Batch
from herald.jobs.batches.prices import NO_TRAFFIC, Traffic
from herald.jobs.batches.record import Gained, Record
from herald.jobs.batches.rows import ManifestFormat
from herald.jobs.ports import SpokenFile
from herald.jobs.script import Script

type Write = Callable[[bytes], None]


class Pinned(BaseModel):
    """One version of an object: who reads it later reads this one, or learns that it is gone."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str
    bucket: str | None = None
    """None: our own."""
    etag: str
    bytes: int
    content_type: str = ""


@dataclass(frozen=True, kw_only=True)
class UploadForm:
    """A form with which anyone may upload one file for some time: POST the fields, then the file as `file`."""

    url: str
    fields: dict[str, str]


class Run(BaseModel):
    """What an execution of the state machine is given."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    batch: str
    tenant: str
    run: int = 0
    """0 plans and speaks; each redrive is one more."""
    manifest: Pinned | None = None
    manifest_format: ManifestFormat = "csv"


@dataclass(frozen=True, kw_only=True)
class BatchPage:
    """Batches, newest first, and where to go on; None at the end."""

    batches: list[Record]
    cursor: str | None


class BatchTable(Protocol):
    """Rows of batches. A change is one conditional write: of two at once, the later sees what the other did."""

    def add(self, batch: Record) -> Record:
        """Write a new batch, or leave the one that has its id: return what is there now."""
        ...

    def get(self, batch_id: str) -> Record | None:
        """The newest row of that id (a consistent read), with all that its chunks have brought."""
        ...

    def document(self, batch_id: str) -> Record | None:
        """The same, without what its chunks have brought while it speaks: cheaper, for whoever looks often."""
        ...

    def change(self, batch_id: str, how: Callable[[Record], Record]) -> Record:
        """Make a batch what `how` makes of it, and return that; UnknownBatch where it is gone, or what `how` raises.

        `how` is called again where somebody else was faster, and must do nothing else. While a batch speaks it may
        only be left as it is, or brought to an end: what is gained meanwhile is added to what stands there.
        """
        ...

    def gain(self, batch: Record, run: int, chunk: int, gained: Gained) -> None:
        """Add what a chunk brought in a run, once however often it is told."""
        ...

    def page(self, tenant: str, *, limit: int, cursor: str | None) -> BatchPage:
        """A tenant's batches, newest first; InvalidCursor for a cursor that is not one of ours."""
        ...


class Objects(Protocol):
    """The files of batches in the bucket, by their keys."""

    def report(self, error: UnreadableRow) -> None:
        """Log and count a line of a file that cannot be read."""
        ...

    def read(self, key: str, start: int = 0, size: int | None = None) -> bytes | None:
        """A file, or `size` bytes of it at most from `start` on; None where it is not there or not that long."""
        ...

    def write(self, key: str, body: bytes) -> None:
        """Write a file, whatever was there."""
        ...

    def write_once(self, key: str, body: bytes) -> bool:
        """Write a file, unless there is one; tell whether it was written."""
        ...

    def writing(self, key: str, media_type: str) -> AbstractContextManager[Write]:
        """Write a file as a stream. It is there, in place of another, once the block ends without an error."""
        ...

    def pin(self, key: str, bucket: str | None = None) -> Pinned | None:
        """The present version of a file, also in a bucket of somebody else's; None where there is none."""
        ...

    def pinned(self, pinned: Pinned) -> Iterator[bytes]:
        """A version of a file, in blocks; InvalidManifest `manifest_replaced` where it is another one now."""
        ...

    def link(self, key: str, *, file_name: str, seconds: int = 900) -> str:
        """An address at which anybody can have the file for some time."""
        ...

    def upload_form(self, key: str, *, seconds: int, most_bytes: int, content_type: str) -> UploadForm:
        """Return a form that uploads a file of up to `most_bytes` for `seconds`."""
        ...

    def copy(self, pinned: Pinned, key: str) -> Pinned | None:
        """Copy a version of a file of ours to `key`; return the copy, or None where it is another version now."""
        ...


class Machine(Protocol):
    """The state machine."""

    def start(self, run: Run) -> str:
        """Begin a run, once: who asks again changes nothing. Return the execution's name."""
        ...


class BatchEvents(Protocol):
    """Where the end of a batch is told."""

    def publish_batch(self, batch: Batch) -> None:
        """Tell that a batch ended; its state names the event."""
        ...


@dataclass(frozen=True, kw_only=True)
class SpokenItem:
    """A file that was spoken, and how many sentences that took: new ones, and ones that were there."""

    file: SpokenFile
    spoken: int
    reused: int
    traffic: Traffic = NO_TRAFFIC


class ItemSpeaker(Protocol):
    """Whoever speaks items, and remembers sentences."""

    def speak(self, script: Script, *, tenant: str, time_left: Callable[[], float]) -> SpokenItem:
        """InvalidInput for what cannot be spoken; OutOfTime once `time_left()` is below 0 seconds."""
        ...
