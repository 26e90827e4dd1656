"""Links: addresses at which anybody can have a file for some time, under a name that a person can read."""

import unicodedata
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import quote

from herald.aws.clients import asking

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

type Shown = Literal["inline", "attachment"]
"""Whether a browser plays the file or saves it."""

_IN_A_NAME = frozenset(" -_.()")
_LONGEST = 150
"""Characters of a name: file systems take 255 bytes."""


class Links(Protocol):
    """Who makes links."""

    def link(self, key: str, *, file_name: str, seconds: int, shown: Shown = "inline") -> str:
        """An address of the file `key` that works for `seconds`."""
        ...


class S3Links(Links):
    """S3's own presigned links."""

    def __init__(self, s3: "S3Client", *, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def link(self, key: str, *, file_name: str, seconds: int, shown: Shown = "inline") -> str:
        """An address of the file `key` that works for `seconds`, or as long as the function's credentials, if less."""
        named = {"ResponseContentDisposition": disposition(file_name, shown)}
        with asking("S3"):
            return self._s3.generate_presigned_url(
                "get_object", Params={"Bucket": self._bucket, "Key": key} | named, ExpiresIn=seconds
            )


def disposition(file_name: str, shown: Shown) -> str:
    """The header Content-Disposition for a name, whatever stands in that (RFC 6266): ASCII, and never another header.

    A name that is not plain is also given in UTF-8 (RFC 8187), which all of today's browsers read.
    """
    name = _without_paths(file_name)
    plain = "".join(letter if _is_plain(letter) else "_" for letter in _unaccented(name))
    encoded = f"; filename*=UTF-8''{quote(name, safe='')}" if plain != name else ""
    return f'{shown}; filename="{plain}"{encoded}'


def _without_paths(name: str) -> str:
    """A name without what ends or leads out of a folder, or cannot be shown; its end, which tells the kind, stays."""
    shown = "".join("_" if letter in "/\\:" or not letter.isprintable() else letter for letter in name).lstrip(". ")
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 10] + shown[-10:]


def _unaccented(name: str) -> str:
    """As "Jose" for "José": the base letters, one by one."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))


def _is_plain(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter in _IN_A_NAME)
