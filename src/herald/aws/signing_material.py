"""The certificates and the key that sign files, from local files, S3, Secrets Manager or AWS KMS."""

from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from herald.aws.clients import Clients, translate_errors
from herald.disclosure.file_signer import FileSigner
from herald.errors import InvalidSettings

_KMS, _SECRET, _S3 = "arn:aws:kms:", "arn:aws:secretsmanager:", "s3://"


def file_signer(clients: Clients, *, chain: str, key: str) -> FileSigner:
    """Return a signer with a certificate chain and its key, each at an address.

    An address is a path, s3://bucket/key or the ARN of a secret; that of the key can also be the ARN of a KMS key
    (ECC_NIST_P256, SIGN_VERIFY), which never leaves KMS. Raise InvalidSettings if they are missing or do not match.
    """
    certificates = _content(clients, chain)
    if key.startswith(_KMS):
        return FileSigner.with_callback(certificates, lambda data: _kms_signature(clients, key, data))
    return FileSigner.with_key(certificates, _content(clients, key))


def _kms_signature(clients: Clients, key: str, data: bytes) -> bytes:
    """Return a signature in DER. The digest is sent, because KMS accepts messages of up to 4,096 bytes."""
    with translate_errors("KMS"):
        answer = clients.kms.sign(
            KeyId=key, Message=sha256(data).digest(), MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256"
        )
    return answer["Signature"]


def _content(clients: Clients, address: str) -> bytes:
    if address.startswith(_SECRET):
        with translate_errors("Secrets Manager"):
            secret = clients.secrets.get_secret_value(SecretId=address)
        return secret.get("SecretString", "").encode() or secret["SecretBinary"]
    if address.startswith(_S3):
        parts = urlsplit(address)
        with translate_errors("S3"):
            return clients.s3.get_object(Bucket=parts.netloc, Key=parts.path.lstrip("/"))["Body"].read()
    try:
        return Path(address).read_bytes()
    except OSError as error:
        raise InvalidSettings(f"{address}, for signing files, cannot be read ({error.strerror}).") from None
