"""Published voices in the audio bucket, below `voices/`: an index, and a folder for each voice. They never expire."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from herald.aws.clients import Clients, code_of, translate_errors
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
"""Called with the number of bytes uploaded so far, and the total."""
Name = Annotated[str, Field(pattern=f"^{FILE_NAME.pattern}$")]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PublishedFile(BaseModel):
    """A file of a published voice."""

    model_config = ConfigDict(frozen=True)

    size: int = Field(ge=0)
    sha256: Sha256


class PublishedVoice(BaseModel):
    """A published voice in the index."""

    model_config = ConfigDict(frozen=True)

    checksum: Sha256
    """Checksum of the card, which contains the checksums of all other files."""
    format: int
    architecture: str
    published_at: datetime
    files: dict[Name, PublishedFile]
    voice: dict[str, Any]
    """The section `voice` of the card."""

    @property
    def size(self) -> int:
        """Total size of the files, in bytes."""
        return sum(file.size for file in self.files.values())

    @property
    def usable(self) -> bool:
        """Whether this version of Herald supports the voice's format."""
        return self.format == FORMAT

    @property
    def remote(self) -> RemoteVoice:
        """The voice in the form that the engine loads."""
        files = {file: RemoteFile(size=about.size, sha256=about.sha256) for file, about in self.files.items()}
        return RemoteVoice(info=VoiceInfo(**self.voice, path=Path(), known_checksum=self.checksum), files=files)


class Index(BaseModel):
    """All published voices, by id."""

    voices: dict[Name, PublishedVoice] = {}


class S3Voices:
    """The published voices of a deployment; a herald.speech.voices.remote.VoiceSource."""

    def __init__(self, clients: Clients, *, bucket: str) -> None:
        self._clients = clients
        self._bucket = bucket
        self._etag = ""
        self._known: Mapping[str, RemoteVoice] = {}

    def index(self) -> Mapping[str, RemoteVoice]:
        """Return the published voices that this version can run. An unchanged index is not downloaded again."""
        found = self._read(self._etag)
        if found is not None:
            index, self._etag = found
            self._known = {name: entry.remote for name, entry in index.voices.items() if entry.usable}
        return self._known

    def fetch(self, voice: RemoteVoice, name: str, path: Path) -> None:
        """Download a file of a voice to `path`, stopping past its size; raise VoiceGone if it does not exist."""
        s3, size = self._clients.s3, voice.files[name].size
        with translate_errors("S3"):
            try:
                body = s3.get_object(Bucket=self._bucket, Key=_key(voice.info.id, voice.info.checksum, name))["Body"]
            except s3.exceptions.ClientError as error:
                if code_of(error) in _MISSING:
                    raise VoiceGone from None
                raise
            with path.open("wb") as file:
                for block in body.iter_chunks(1 << 20):
                    file.write(block)
                    if file.tell() > size:  # the caller's checksum will not match
                        break

    def entries(self) -> dict[str, PublishedVoice]:
        """Return the entries of the index, including voices for other versions of Herald."""
        found = self._read()
        return found[0].voices if found else {}

    def publish(self, folder: Path, *, at: datetime, report: Report) -> PublishedVoice:
        """Upload a prepared voice and add it to the index, replacing any voice with the same id.

        Raise VoiceNotPrepared if it is too large for a function or was prepared for another version, and
        VoiceNotFetched if its files do not match its card.
        """
        entry = _entry(folder, at)
        verify(folder)
        name, done = folder.name, 0
        for file, about in entry.files.items():
            report(done, entry.size)
            checksum = b64encode(bytes.fromhex(about.sha256)).decode()
            with translate_errors("S3"), (folder / file).open("rb") as body:
                key = _key(name, entry.checksum, file)
                self._clients.s3.put_object(Bucket=self._bucket, Key=key, Body=body, ChecksumSHA256=checksum)
            done += about.size
        report(done, entry.size)
        before = self._change(name, entry)
        if before and before.checksum != entry.checksum:
            self._delete(name, before)
        return entry

    def unpublish(self, name: str) -> PublishedVoice:
        """Remove a voice from the index and delete its files; raise UnknownVoice if it is not published."""
        before = self._change(name, None)
        if before is None:
            published = ", ".join(self.entries()) or "none"
            raise UnknownVoice(f"The voice {name} is not published. Published voices: {published}.", param="voice")
        self._delete(name, before)
        return before

    def _read(self, etag: str = "") -> tuple[Index, str] | None:
        """Return the index and its ETag, or None if its ETag is still `etag`."""
        if not self._bucket:  # `sam local invoke` leaves names from nested stacks empty
            return Index(), ""
        s3 = self._clients.s3
        condition: dict[str, Any] = {"IfNoneMatch": etag} if etag else {}
        with translate_errors("S3"):
            try:
                response = s3.get_object(Bucket=self._bucket, Key=INDEX, **condition)
                body = response["Body"].read()
            except s3.exceptions.ClientError as error:
                if code_of(error) in _NOT_MODIFIED:
                    return None
                if code_of(error) in _MISSING:
                    return Index(), ""
                raise
        try:
            return Index.model_validate_json(body), response["ETag"]
        except ValidationError:
            raise BrokenInstallation(
                f"s3://{self._bucket}/{INDEX} is not a valid index of voices. Delete it and publish the voices again."
            ) from None

    def _change(self, name: str, entry: PublishedVoice | None) -> PublishedVoice | None:
        """Set a voice in the index, or remove it if `entry` is None; return the previous entry."""
        for _ in range(_ATTEMPTS):
            index, etag = self._read() or (Index(), "")
            before = index.voices.pop(name, None)
            if entry is None and before is None:
                return None
            if entry is not None:
                index.voices[name] = entry
            if self._write(index, etag):
                return before
        raise Unavailable("S3: several processes are changing the index of voices. Try again.")

    def _write(self, index: Index, etag: str) -> bool:
        """Write the index unless it has changed since `etag`; return whether it was written."""
        s3 = self._clients.s3
        condition: dict[str, Any] = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        with translate_errors("S3"):
            try:
                s3.put_object(
                    Bucket=self._bucket,
                    Key=INDEX,
                    Body=index.model_dump_json().encode(),
                    ContentType="application/json",
                    **condition,
                )
            except s3.exceptions.ClientError as error:
                if code_of(error) in _OTHER_VERSION:
                    return False
                raise
        return True

    def _delete(self, name: str, entry: PublishedVoice) -> None:
        for file in entry.files:
            with translate_errors("S3"):
                self._clients.s3.delete_object(Bucket=self._bucket, Key=_key(name, entry.checksum, file))


def _entry(folder: Path, at: datetime) -> PublishedVoice:
    card = read_card(folder)
    kokoro = card["voice"].get("engine") == "kokoro"  # packed by gpu.pack, for every processor
    if card.get("format") != FORMAT and not kokoro:
        raise VoiceNotPrepared(f"{folder} was prepared by another version of Herald. Run 'herald voices build' again.")
    names = [CARD, *card["checksums"]]
    files = {
        name: PublishedFile(size=(folder / name).stat().st_size, sha256=sha256_of(folder / name)) for name in names
    }
    entry = PublishedVoice(
        checksum=files[CARD].sha256,
        format=FORMAT,
        architecture="any" if kokoro else card["architecture"],
        published_at=at,
        files=files,
        voice=card["voice"],
    )
    if entry.size > MOST_BYTES:
        raise VoiceNotPrepared(f"{folder} has {entry.size:,} bytes; the limit for a function is {MOST_BYTES:,}.")
    return entry


def _key(name: str, checksum: str, file: str) -> str:
    return f"{FOLDER}{name}/{checksum}/{file}"
