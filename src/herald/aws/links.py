"""Presigned links to files, with a readable file name."""

import unicodedata
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import quote

from herald.aws.clients import translate_errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

type Shown = Literal["inline", "attachment"]
"""Disposition: a browser plays the file (inline) or saves it (attachment)."""

_IN_A_NAME = frozenset(" -_.()")
_LONGEST = 150
"""Longest file name, in characters: file systems allow 255 bytes."""


class Links(Protocol):
    """Creates links."""

    def link(self, key: str, *, file_name: str, seconds: int, shown: Shown = "inline") -> str:
        """Return a link to the object `key` that works for `seconds`."""
        ...


class S3Links(Links):
    """S3's own presigned links."""

    def __init__(self, s3: "S3Client", *, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def link(self, key: str, *, file_name: str, seconds: int, shown: Shown = "inline") -> str:
        """Return a link that works for `seconds`, or until the function's credentials expire, if that is sooner."""
        named = {"ResponseContentDisposition": disposition(file_name, shown)}
        with translate_errors("S3"):
            return self._s3.generate_presigned_url(
                "get_object", Params={"Bucket": self._bucket, "Key": key} | named, ExpiresIn=seconds
            )


def disposition(file_name: str, shown: Shown) -> str:
    """Return a Content-Disposition header (RFC 6266) for any name: pure ASCII, safe against header injection.

    A name with other characters is also included in UTF-8 (RFC 8187), which all current browsers support.
    """
    name = _without_paths(file_name)
    plain = "".join(letter if _is_plain(letter) else "_" for letter in _unaccented(name))
    encoded = f"; filename*=UTF-8''{quote(name, safe='')}" if plain != name else ""
    return f'{shown}; filename="{plain}"{encoded}'


def _without_paths(name: str) -> str:
    """Replace path separators and unprintable characters; shorten long names, keeping the extension."""
    shown = "".join("_" if letter in "/\\:" or not letter.isprintable() else letter for letter in name).lstrip(". ")
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 10] + shown[-10:]


def _unaccented(name: str) -> str:
    """Strip accents: "José" becomes "Jose"."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))


def _is_plain(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter in _IN_A_NAME)
