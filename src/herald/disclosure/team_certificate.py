"""Create a certificate authority and a certificate for signing files, for a team or a test.

Readers of C2PA trust only the authorities on their lists. They must be configured to trust this one.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
    load_pem_public_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from herald.errors import InvalidInput

LIFETIME = timedelta(days=3_650)
_CLOCK_SKEW = timedelta(minutes=5)
_LONGEST_NAME = 64
"""Characters of an organization's name: ub-organization-name of RFC 5280, appendix A.1."""


class TeamCertificate(NamedTuple):
    """A new authority and the certificate that it issued, in PEM. The authority's key is discarded after its use."""

    authority: bytes
    """The certificate that readers must trust."""
    chain: bytes
    """The certificate of the key, followed by the authority's."""
    key: bytes | None
    """The private key, or None if the caller gave a public key."""


def make_team_certificate(
    organization: str, *, now: datetime, lifetime: timedelta = LIFETIME, public_key: bytes | None = None
) -> TeamCertificate:
    """Return a certificate for a new key, or for a public key in PEM or DER, such as one of AWS KMS.

    Every signed file contains the name of the organization. Raise InvalidInput for a key that is not on P-256, and for
    a name that is empty or longer than 64 characters.
    """
    organization = organization.strip()
    if not 1 <= len(organization) <= _LONGEST_NAME:
        raise InvalidInput(f"The name of the organization must have 1 to {_LONGEST_NAME} characters.")
    new_key = None if public_key else ec.generate_private_key(ec.SECP256R1())
    subject_key = new_key.public_key() if new_key else _parse_public_key(public_key or b"")
    root_key = ec.generate_private_key(ec.SECP256R1())
    root_name, name = _x509_name(organization, "Herald signing authority"), _x509_name(organization, "Herald")
    root = (
        _certificate(root_name, root_name, root_key.public_key(), (now, now + lifetime))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(root_key, SHA256())
    )
    # emailProtection is the only use that readers of C2PA accept by default; C2PA's own use must be configured.
    leaf = (
        _certificate(name, root_name, subject_key, (now, now + lifetime))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, SHA256())
    )
    authority = root.public_bytes(Encoding.PEM)
    key = new_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) if new_key else None
    return TeamCertificate(authority, leaf.public_bytes(Encoding.PEM) + authority, key)


def _parse_public_key(encoded: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = load_pem_public_key(encoded) if encoded.startswith(b"-----") else load_der_public_key(encoded)
    except ValueError:
        raise InvalidInput("The public key is neither PEM nor DER.") from None
    if not (isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)):
        raise InvalidInput("The public key must be on the curve P-256 (in AWS KMS: ECC_NIST_P256).")
    return key


def _x509_name(organization: str, common: str) -> x509.Name:
    names = ((NameOID.ORGANIZATION_NAME, organization), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in names])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, valid: tuple[datetime, datetime]
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0] - _CLOCK_SKEW)
        .not_valid_after(valid[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
