"""Links to files, with a readable file name: presigned by S3, or signed for CloudFront by a trusted key.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html
"""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError

from herald.aws.clients import Clients, translate_errors
from herald.clock import utc_now
from herald.errors import BrokenInstallation, Unavailable

if TYPE_CHECKING:
    from botocore.signers import CloudFrontSigner
    from mypy_boto3_s3 import S3Client

type Disposition = Literal["inline", "attachment"]
"""Disposition: a browser plays the file (inline) or saves it (attachment)."""

_IN_A_NAME = frozenset(" -_.()")
_LONGEST = 150
"""Longest file name, in characters: file systems allow 255 bytes."""
_REFRESH = timedelta(minutes=5)
"""The time for which the secret is cached. After a rotation, all functions use the new key within this time."""
_HINT = "See docs/storage.md, Links."

type Slot = Literal["A", "B"]


class Links(Protocol):
    """Creates links."""

    def link(self, key: str, *, file_name: str, seconds: int, disposition: Disposition = "inline") -> str:
        """Return a link to the object `key` that works for `seconds`."""
        ...


class S3Links(Links):
    """S3's own presigned links."""

    def __init__(self, s3: "S3Client", *, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def link(self, key: str, *, file_name: str, seconds: int, disposition: Disposition = "inline") -> str:
        """Return a link that works for `seconds`, or until the function's credentials expire, if that is sooner."""
        named = {"ResponseContentDisposition": content_disposition(file_name, disposition)}
        with translate_errors("S3"):
            return self._s3.generate_presigned_url(
                "get_object", Params={"Bucket": self._bucket, "Key": key} | named, ExpiresIn=seconds
            )


def content_disposition(file_name: str, disposition: Disposition) -> str:
    """Return a Content-Disposition header (RFC 6266) for any name: pure ASCII, safe against header injection.

    A name with other characters is also included in UTF-8 (RFC 8187), which all current browsers support.
    """
    # Replace path separators and unprintable characters; shorten long names, keeping the extension.
    name = "".join("_" if sign in "/\\:" or not sign.isprintable() else sign for sign in file_name).lstrip(". ")
    name = name if len(name) <= _LONGEST else name[: _LONGEST - 10] + name[-10:]
    # Strip accents: "José" becomes "Jose".
    signs = [sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign)]
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in _IN_A_NAME) else "_" for sign in signs)
    encoded = f"; filename*=UTF-8''{quote(name, safe='')}" if plain != name else ""
    return f'{disposition}; filename="{plain}"{encoded}'


class LinkSecret(BaseModel):
    """Content of the secret: the private keys (PEM), and the slot that signs."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    signs: Slot
    A: str | None = None
    B: str | None = None

    @property
    def key(self) -> str | None:
        """The private key of the signing slot, if the secret contains it."""
        return self.A if self.signs == "A" else self.B


class CdnLinks(Links):
    """CloudFront's signed links."""

    def __init__(
        self,
        clients: Clients,
        *,
        domain: str,
        secret: str,
        keys: Mapping[Slot, str],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Take CloudFront's ids of the public keys as `keys`; "" for an empty slot."""
        self._clients = clients
        self._domain = domain
        self._secret = secret
        self._keys = keys
        self._clock = clock
        self._signer: CloudFrontSigner | None = None
        self._read_again = clock()

    def link(self, key: str, *, file_name: str, seconds: int, disposition: Disposition = "inline") -> str:
        """Return a link that works for `seconds`; CloudFront checks the expiry when a download starts."""
        # Browsers escape some characters, so all of them are escaped before signing.
        query = f"response-content-disposition={quote(content_disposition(file_name, disposition), safe='')}"
        until = self._clock() + timedelta(seconds=seconds)
        address = f"https://{self._domain}/{quote(key)}?{query}"
        return str(self._current_signer().generate_presigned_url(address, date_less_than=until))

    def _current_signer(self) -> "CloudFrontSigner":
        """Return the signer, refreshed every _REFRESH; keep the previous one while the secret is unavailable."""
        now = self._clock()
        if self._signer is None or now >= self._read_again:
            try:
                self._signer = self._load()
            except Unavailable:
                if self._signer is None:
                    raise
            self._read_again = now + _REFRESH
        return self._signer

    def _load(self) -> "CloudFrontSigner":
        from botocore.signers import CloudFrontSigner  # noqa: PLC0415

        with translate_errors("Secrets Manager"):
            response = self._clients.secrets.get_secret_value(SecretId=self._secret)
        try:
            secret = LinkSecret.model_validate_json(response.get("SecretString", ""))
        except ValidationError:
            raise BrokenInstallation(f"The secret with the keys for links is malformed. {_HINT}") from None

        key_id = self._keys.get(secret.signs)
        if not key_id or not secret.key:
            missing = "the secret has no private" if key_id else "the deployment has no public"
            raise BrokenInstallation(
                f"Key {secret.signs} is selected to sign links, but {missing} key of that name. {_HINT}"
            )
        return CloudFrontSigner(key_id, _rsa_signer(secret.key))


def _rsa_signer(pem: str) -> Callable[[bytes], bytes]:
    """Return a function that signs with RSA, SHA-1 and PKCS #1 v1.5, as CloudFront requires."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA1  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        key: Any = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise BrokenInstallation(f"The key for signing links must be an RSA key in PEM, not encrypted. {_HINT}")
    rsa: RSAPrivateKey = key
    return lambda message: rsa.sign(message, PKCS1v15(), SHA1())  # noqa: S303  CloudFront requires SHA-1
