"""Published voices in the audio bucket, below `voices/`, which never expires: an index and a folder for each voice."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from herald.aws.clients import Clients, asking, code_of
from herald.errors import BrokenInstallation, Unavailable, UnknownVoice, VoiceNotPrepared
from herald.speech.voices.catalog import CARD, FORMAT, VoiceInfo, read_card
from herald.speech.voices.folders import sha256_of, verify
from herald.speech.voices.remote import FILE_NAME, MOST_BYTES, RemoteFile, RemoteVoice, VoiceGone

FOLDER = "voices/"
INDEX = f"{FOLDER}index.json"
_ATTEMPTS = 5
_MISSING = frozenset({"NoSuchKey", "404"})
_NOT_MODIFIED = frozenset({"304", "NotModified"})
_OTHER_VERSION = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})

type Report = Callable[[int, int], None]
"""Called with the bytes that are uploaded, and how many there will be."""
Name = Annotated[str, Field(pattern=f"^{FILE_NAME.pattern}$")]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PublishedFile(BaseModel):
    """A file of a published voice."""

    model_config = ConfigDict(frozen=True)

    size: int = Field(ge=0)
    sha256: Sha256


class Entry(BaseModel):
    """A published voice, as the index has it."""

    model_config = ConfigDict(frozen=True)

    checksum: Sha256
    """Of its card, which has those of its other files."""
    format: int
    architecture: str
    published_at: datetime
    files: dict[Name, PublishedFile]
    voice: dict[str, Any]
    """What its card says of it."""

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files.values())

    @property
    def usable(self) -> bool:
        """Whether this version of Herald can run it."""
        return self.format == FORMAT


class Index(BaseModel):
    """All published voices, by their ids."""

    voices: dict[Name, Entry] = {}


class S3Voices:
    """The published voices of a deployment; a herald.speech.voices.remote.VoiceSource."""

    def __init__(self, clients: Clients, *, bucket: str) -> None:
        self._clients = clients
        self._bucket = bucket
        self._etag = ""
        self._known: Mapping[str, RemoteVoice] = {}

    def index(self) -> Mapping[str, RemoteVoice]:
        """Return the voices that are published now; an index that has not changed is not sent again."""
        found = self._read(self._etag)
        if found is not None:
            index, self._etag = found
            self._known = {name: _remote(entry) for name, entry in index.voices.items() if entry.usable}
        return self._known

    def fetch(self, voice: RemoteVoice, name: str, path: Path) -> None:
        """Write a file of a voice to `path`, never more than its bytes. VoiceGone where it is missing."""
        s3, size = self._clients.s3, voice.files[name].size
        with asking("S3"):
            try:
                body = s3.get_object(Bucket=self._bucket, Key=_key(voice.info.id, voice.info.checksum, name))["Body"]
            except s3.exceptions.ClientError as error:
                if code_of(error) in _MISSING:
                    raise VoiceGone from None
                raise
            with path.open("wb") as file:
                for block in body.iter_chunks(1 << 20):
                    file.write(block)
                    if file.tell() > size:  # the checksum will differ
                        break

    def entries(self) -> dict[str, Entry]:
        """Return what the index says, also of voices that another version of Herald published."""
        found = self._read()
        return found[0].voices if found else {}

    def publish(self, folder: Path, *, at: datetime, report: Report) -> Entry:
        """Upload a prepared voice and put it into the index; what was published under its id before is removed.

        VoiceNotPrepared where it is too large for a function or of another version; VoiceNotFetched where its files are
        not those that its card describes.
        """
        entry = _entry(folder, at)
        verify(folder)
        name, done = folder.name, 0
        for file, about in entry.files.items():
            report(done, entry.size)
            self._upload(folder / file, _key(name, entry.checksum, file), about.sha256)
            done += about.size
        report(done, entry.size)
        before = self._change(name, entry)
        if before and before.checksum != entry.checksum:
            self._delete(name, before)
        return entry

    def unpublish(self, name: str) -> Entry:
        """Take a voice out of the index and remove its files. UnknownVoice where it is not published."""
        before = self._change(name, None)
        if before is None:
            there = ", ".join(self.entries()) or "none"
            raise UnknownVoice(f"The voice {name} is not published. Published voices: {there}.", param="voice")
        self._delete(name, before)
        return before

    def _read(self, etag: str = "") -> tuple[Index, str] | None:
        """Return the index and its ETag; None where it still has the ETag `etag`."""
        s3 = self._clients.s3
        unless: dict[str, Any] = {"IfNoneMatch": etag} if etag else {}
        with asking("S3"):
            try:
                answer = s3.get_object(Bucket=self._bucket, Key=INDEX, **unless)
                body = answer["Body"].read()
            except s3.exceptions.ClientError as error:
                if code_of(error) in _NOT_MODIFIED:
                    return None
                if code_of(error) in _MISSING:
                    return Index(), ""
                raise
        try:
            return Index.model_validate_json(body), answer["ETag"]
        except ValidationError:
            raise BrokenInstallation(
                f"s3://{self._bucket}/{INDEX} is not an index of voices. Delete it and publish the voices again."
            ) from None

    def _change(self, name: str, entry: Entry | None) -> Entry | None:
        """Set or remove (None) a voice in the index; return what was there before."""
        for _ in range(_ATTEMPTS):
            index, etag = self._read() or (Index(), "")
            before = index.voices.pop(name, None)
            if entry is None and before is None:
                return None
            if entry is not None:
                index.voices[name] = entry
            if self._write(index, etag):
                return before
        raise Unavailable("S3: others change the index of voices at this moment. Try again.")

    def _write(self, index: Index, etag: str) -> bool:
        """Write the index unless it was changed since it had `etag`; return whether it was written."""
        s3 = self._clients.s3
        only: dict[str, Any] = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        with asking("S3"):
            try:
                s3.put_object(
                    Bucket=self._bucket,
                    Key=INDEX,
                    Body=index.model_dump_json().encode(),
                    ContentType="application/json",
                    **only,
                )
            except s3.exceptions.ClientError as error:
                if code_of(error) in _OTHER_VERSION:
                    return False
                raise
        return True

    def _upload(self, path: Path, key: str, sha256: str) -> None:
        with asking("S3"), path.open("rb") as file:
            checksum = b64encode(bytes.fromhex(sha256)).decode()
            self._clients.s3.put_object(Bucket=self._bucket, Key=key, Body=file, ChecksumSHA256=checksum)

    def _delete(self, name: str, entry: Entry) -> None:
        for file in entry.files:
            with asking("S3"):
                self._clients.s3.delete_object(Bucket=self._bucket, Key=_key(name, entry.checksum, file))


def _entry(folder: Path, at: datetime) -> Entry:
    card = read_card(folder)
    if card.get("format") != FORMAT:
        raise VoiceNotPrepared(f"{folder} was prepared by another version of Herald; run 'herald voices build' again.")
    names = [CARD, *card["checksums"]]
    files = {
        name: PublishedFile(size=(folder / name).stat().st_size, sha256=sha256_of(folder / name)) for name in names
    }
    entry = Entry(
        checksum=files[CARD].sha256,
        format=FORMAT,
        architecture=card["architecture"],
        published_at=at,
        files=files,
        voice=card["voice"],
    )
    if entry.size > MOST_BYTES:
        raise VoiceNotPrepared(f"{folder} has {entry.size:,} bytes; functions have room for {MOST_BYTES:,}.")
    return entry


def _remote(entry: Entry) -> RemoteVoice:
    files = {file: RemoteFile(size=about.size, sha256=about.sha256) for file, about in entry.files.items()}
    info = VoiceInfo(**entry.voice, path=Path(), known_checksum=entry.checksum)
    return RemoteVoice(info=info, files=files)


def _key(name: str, checksum: str, file: str) -> str:
    return f"{FOLDER}{name}/{checksum}/{file}"
