"""Read and write the objects that requests name by address."""

from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from herald.errors import InvalidRequest, VoiceNotFetched


class Objects:
    """Objects of buckets, as s3://bucket/key. With `local`, also files of this machine, for development."""

    def __init__(self, *, local: bool) -> None:
        self._local = local

    def read(self, address: str, *, most: int) -> bytes:
        """Return at most `most` bytes; raise InvalidRequest if the object does not exist, else VoiceNotFetched."""
        if path := self._path(address):
            try:
                with path.open("rb") as file:
                    return file.read(most)
            except FileNotFoundError:
                _missing(address)
            except OSError as error:
                raise VoiceNotFetched(f"{address} could not be read: {type(error).__name__}.") from error
        from gpu.s3 import read_object  # noqa: PLC0415  boto3 is slow to import

        found = read_object(*self._bucket_and_key(address), most=most)
        return _missing(address) if found is None else found

    def write(self, address: str, data: bytes) -> None:
        """Store an object; raise InvalidRequest for an invalid address, VoiceNotFetched if it could not be stored."""
        if path := self._path(address):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            except OSError as error:
                raise VoiceNotFetched(f"{address} could not be written: {type(error).__name__}.") from error
            return
        from gpu.s3 import write_object  # noqa: PLC0415  boto3 is slow to import

        write_object(*self._bucket_and_key(address), data)

    def _path(self, address: str) -> Path | None:
        return Path(address) if self._local and not address.startswith("s3://") else None

    @staticmethod
    def _bucket_and_key(address: str) -> tuple[str, str]:
        parts = urlsplit(address)
        if parts.scheme != "s3" or not parts.netloc or not parts.path.strip("/"):
            raise InvalidRequest(
                "The address of an object must have the form s3://bucket/key. Paths need the option --local-files.",
                param="enrolment",
            )
        return parts.netloc, parts.path.removeprefix("/")


def _missing(address: str) -> NoReturn:
    raise InvalidRequest(f"{address} does not exist.", param="enrolment", code="object_missing")
