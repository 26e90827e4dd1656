"""ZIP archives of the files of a chunk. The same files and names give the same bytes.

Entries are not compressed, because the audio already is; so a reader can also extract a file by its offset. The comment
of an entry contains the duration of its audio, such as "seconds=11.568". Callers choose the ids of rows, so file names
are sanitized. A chunk is one archive, which is stored once. An attempt that ends early stores its files and results so
far, and the next one continues after them.
"""

import io
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath
from time import perf_counter
from zipfile import BadZipFile, ZipFile, ZipInfo

from herald.batches.items import Item, ItemResult, UnreadableItem
from herald.errors import HeraldError
from herald.jobs.job import AudioFile
from herald.jobs.ports import AudioStore, SpokenFile, Stored
from herald.jobs.script import AUDIO_FOLDER, check_tenant

MOST_ARCHIVE_BYTES = 64 << 20
"""An archive that would become larger is closed before the next file is added: it is built in memory."""
EXPECTED_ARCHIVE_BYTES = 48 << 20
"""The planner ends a chunk before its files are expected to be larger, so that it usually is one archive."""
MEDIA_TYPE = "application/zip"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest time of the format. The time of the synthesis would make equal archives differ."""
_UNIX, _READABLE = 3, 0o644 << 16
_BLOCK = 128 << 10
"""Bytes per read of a stored archive: its directory, of about 100 bytes per file, is usually one read."""


type ReadRange = Callable[[int, int], bytes | None]
"""Reads a part of a stored file: at most some bytes from an offset; None if the file is missing."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """A file of an archive."""

    name: str
    bytes: int
    seconds: float


def archive_key(tenant: str, members: Iterable[tuple[str, str]]) -> str:
    """Return the key of an archive: audio/<tenant>/<SHA-256>.zip.

    `members` are pairs of a name in the archive, and the key that the same audio has as a separate file.
    """
    digest = sha256(b"zip 1\n")
    for name, audio_key in members:
        digest.update(f"{name}\n{audio_key}\n".encode())
    return f"{AUDIO_FOLDER}{check_tenant(tenant)}/{digest.hexdigest()}.zip"


class ArchiveWriter:
    """Writes an archive in memory."""

    def __init__(self) -> None:
        self.members: list[Member] = []
        self.size = 0
        """Bytes of the members."""
        self._file = io.BytesIO()
        self._zip = ZipFile(self._file, "w")

    def add(self, name: str, body: bytes, seconds: float) -> None:
        """Append a file. Names must be unique."""
        entry = ZipInfo(name, _FIRST_DAY)
        entry.create_system, entry.external_attr = _UNIX, _READABLE
        entry.comment = f"seconds={seconds!r}".encode()
        self._zip.writestr(entry, body)
        self.members.append(Member(name=name, bytes=len(body), seconds=seconds))
        self.size += len(body)

    def close(self) -> bytes:
        """Return the archive."""
        self._zip.close()
        return self._file.getvalue()


def read_members(read: ReadRange, size: int) -> dict[str, Member]:
    """Return the members of a stored archive of `size` bytes by name; none if Herald did not write it."""
    try:
        with ZipFile(io.BufferedReader(_Stored(read, size), _BLOCK)) as archive:
            return {entry.filename: _member(entry) for entry in archive.infolist()}
    except (BadZipFile, ValueError, OSError):
        return {}


def _member(entry: ZipInfo) -> Member:
    name, _, seconds = entry.comment.decode().partition("=")
    if name != "seconds":
        raise ValueError("the entry has no duration")
    return Member(name=entry.filename, bytes=entry.file_size, seconds=float(seconds))


class _Stored(io.RawIOBase):
    """A seekable stream over a stored file, of which only the required ranges are read."""

    def __init__(self, read: ReadRange, size: int) -> None:
        self._read, self._size, self._at = read, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("the position is before the beginning")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # the buffer of BufferedReader
        size = min(len(buffer), self._size - self._at)
        if size <= 0:
            return 0
        part = self._read(self._at, size)
        if part is None:
            raise OSError("the file is missing")
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)


_LONGEST_NAME = 100
"""In bytes, without the extension; below the limit of common file systems (255)."""
_CLEAN = re.compile(r"\w(?:[\w .@+-]*[\w@+-])?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Device names that Windows reserves."""


def file_name(item_id: str, line: int, extension: str) -> str:
    """Return a file name for an item: its id, or a cleaned form of it with the line number. Unique within a batch.

    `extension` begins with a dot.
    """
    if _CLEAN.fullmatch(item_id) and not _RESERVED.fullmatch(item_id) and len(item_id.encode()) <= _LONGEST_NAME:
        return f"{item_id}{extension}"
    cleaned = re.sub(r"[^\w-]+", "_", item_id).strip("_").encode()[:_LONGEST_NAME].decode(errors="ignore")
    return f"{cleaned}~{line}{extension}"  # unique, because ids that are used unchanged contain no ~


type Read = Callable[[str, int, int], bytes | None]
"""Reads at most some bytes of an object from an offset."""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """The data of a file's archive that determine the price of the file."""

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

    def find_existing(self, items: Sequence[Item]) -> dict[int, ItemResult]:
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

    def add(self, item: Item, file: SpokenFile, key: str) -> Future[Stored]:
        """Add an item's file with its key. The future completes when the archive is stored."""
        if self._writer and self._writer.size + len(file.file) > MOST_ARCHIVE_BYTES:
            self.close()
        self._writer = self._writer or ArchiveWriter()
        self._writer.add(member_name(item), file.file, file.seconds)
        storing: Future[Stored] = Future()
        self._held.append((item, file.stored_at(key), storing))
        return storing

    def close(self) -> None:
        """Store the archive, if there is one, and complete the futures of its files with the result or the error."""
        if self._writer is None:
            return
        writer, held = self._writer, self._held
        self._writer, self._held = None, []
        started, first = perf_counter(), held[0][1]
        key = archive_key(self.tenant, [(member_name(item), file.key) for item, file, _ in held])
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


def _described(archive: AudioFile, member: Member) -> AudioFile:
    return archive.model_copy(update={"bytes": member.bytes, "seconds": member.seconds})
