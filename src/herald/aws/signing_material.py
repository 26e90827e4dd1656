"""The certificates and the key that sign files, in a folder on this machine or in S3."""

from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from herald.aws.clients import Clients, code_of, translate_errors
from herald.disclosure.file_signer import FileSigner
from herald.errors import InvalidSettings

CHAIN, KEY = "chain.pem", "key.pem"
_S3 = "s3://"
_MISSING = {"NoSuchKey", "404"}
"""Stores whose response has no body return the latter."""


def file_signer(clients: Clients, folder: str) -> FileSigner | None:
    """Return a signer with the chain.pem and key.pem of a path or s3://bucket/prefix; None if there is no chain.pem.

    key.pem is a private key, or the ARN of a KMS key (ECC_NIST_P256, SIGN_VERIFY), which never leaves KMS, or of a
    secret with the private key. Raise InvalidSettings if the key is missing or does not match.
    """
    chain = _content(clients, folder, CHAIN)
    if chain is None:
        return None
    key = _content(clients, folder, KEY)
    if key is None:
        raise InvalidSettings(f"{folder} has {CHAIN}, but no {KEY}. Add the key, or remove the chain.")
    match _service_of(arn := key.strip().decode(errors="replace")):
        case "kms":
            return FileSigner.with_callback(chain, lambda data: _kms_signature(clients, arn, data))
        case "secretsmanager":
            key = _secret(clients, arn)
    return FileSigner.with_key(chain, key)


def _service_of(text: str) -> str | None:
    return text.split(":")[2] if text.startswith("arn:aws") and text.count(":") > 2 else None  # noqa: PLR2004


def _kms_signature(clients: Clients, key: str, data: bytes) -> bytes:
    """Return a signature in DER. The digest is sent, because KMS accepts messages of up to 4,096 bytes."""
    with translate_errors("KMS"):
        response = clients.kms.sign(
            KeyId=key, Message=sha256(data).digest(), MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256"
        )
    return response["Signature"]


def _secret(clients: Clients, arn: str) -> bytes:
    with translate_errors("Secrets Manager"):
        secret = clients.secrets.get_secret_value(SecretId=arn)
    return secret.get("SecretString", "").encode() or secret["SecretBinary"]


def _content(clients: Clients, folder: str, name: str) -> bytes | None:
    """Return the content of a file, or None if it does not exist."""
    if folder.startswith(_S3):
        parts = urlsplit(folder)
        key = f"{parts.path.strip('/')}/{name}".lstrip("/")
        with translate_errors("S3"):
            try:
                return clients.s3.get_object(Bucket=parts.netloc, Key=key)["Body"].read()
            except clients.s3.exceptions.ClientError as error:
                if code_of(error) in _MISSING:
                    return None
                raise
    try:
        return Path(folder, name).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InvalidSettings(f"{folder}/{name}, for signing files, cannot be read ({error.strerror}).") from None
