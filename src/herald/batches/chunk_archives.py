"""Delivery as ZIP: the files of a chunk are the members of one archive, which is stored once.

An attempt that ends early stores what it has, with the results so far, and the next one continues after them.
"""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from time import perf_counter

from herald.batches.archive import (
    MEDIA_TYPE,
    MOST_ARCHIVE_BYTES,
    ArchiveWriter,
    Member,
    archive_key,
    file_name,
    read_members,
)
from herald.batches.items import Item, ItemResult, UnreadableItem
from herald.errors import HeraldError
from herald.jobs.job import AudioFile
from herald.jobs.ports import AudioStore, SpokenFile, Stored

type Read = Callable[[str, int, int], bytes | None]
"""Reads at most some bytes of an object from an offset."""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """The place of a file in an archive, for its price."""

    archive_bytes: int
    members_bytes: int
    seconds: float
    """The file's share of the time that it took to store the archive."""


@dataclass(kw_only=True)
class ChunkArchives:
    """The archives of a chunk: one, unless its files are larger than MOST_ARCHIVE_BYTES."""

    tenant: str
    keeper: str | None
    audio: AudioStore
    read: Read
    places: dict[int, Placed] = field(default_factory=dict)
    """By the line of the item."""
    _writer: ArchiveWriter | None = None
    _held: list[tuple[Item, AudioFile, Future[Stored]]] = field(default_factory=list)

    def existing(self, items: Sequence[Item]) -> dict[int, ItemResult]:
        """Return the results of `items`, by line, if an archive with exactly these files is stored; else none."""
        if not items or any(isinstance(item, UnreadableItem) for item in items):
            return {}
        key = archive_key(self.tenant, [(member_name(item), item.audio_key) for item in items])
        stored = self.audio.find(key, keeper=self.keeper)
        if stored is None:
            return {}
        members = read_members(lambda start, size: self.read(stored.key, start, size), stored.bytes)
        found = [(item, members.get(member_name(item))) for item in items]
        return {
            item.line: ItemResult.done(item, _described(stored, member), hit=True, member=member.name)
            for item, member in found
            if member
        }

    def add(self, item: Item, file: SpokenFile) -> Future[Stored]:
        """Add an item's file; the future has its place once the archive is stored."""
        if self._writer and self._writer.size + len(file.file) > MOST_ARCHIVE_BYTES:
            self.close()
        self._writer = self._writer or ArchiveWriter()
        self._writer.add(member_name(item), file.file, file.seconds)
        storing: Future[Stored] = Future()
        self._held.append((item, file.stored_at(item.audio_key), storing))
        return storing

    def close(self) -> None:
        """Store the archive, if there is one. Its futures have the result, or the error."""
        if self._writer is None:
            return
        writer, held = self._writer, self._held
        self._writer, self._held = None, []
        started, first = perf_counter(), held[0][1]
        key = archive_key(self.tenant, [(member_name(item), item.audio_key) for item, _, _ in held])
        body = writer.close()
        described = AudioFile(
            key=key,
            seconds=sum(member.seconds for member in writer.members),
            bytes=len(body),
            sample_rate=first.sample_rate,
            media_type=MEDIA_TYPE,
        )
        try:
            stored = self.audio.put(body, described, keeper=self.keeper)
        except HeraldError as error:
            for _, _, storing in held:
                storing.set_exception(error)
            return
        share = (perf_counter() - started) / len(held)
        for (item, file, storing), member in zip(held, writer.members, strict=True):
            self.places[item.line] = Placed(
                archive_bytes=stored.file.bytes, members_bytes=max(1, writer.size), seconds=share
            )
            placed = _described(stored.file, member).model_copy(update={"sample_rate": file.sample_rate})
            storing.set_result(Stored(placed, existed=stored.existed))


def member_name(item: Item) -> str:
    """Return the name of an item's file in an archive."""
    return file_name(item.id, item.line, PurePosixPath(item.audio_key).suffix)


def unfinished(items: Sequence[Item], done: Collection[int]) -> list[Item]:
    """Return the items whose lines are not in `done`."""
    return [item for item in items if item.line not in done]


def _described(archive: AudioFile, member: Member) -> AudioFile:
    return archive.model_copy(update={"bytes": member.bytes, "seconds": member.seconds})
