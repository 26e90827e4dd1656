"""Make a certificate authority and a certificate that signs files, for a team or a test.

Readers of C2PA trust only authorities on their lists. This one is on none: a reader must be given its certificate.
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

LIFE = timedelta(days=3_650)
_CLOCK_SKEW = timedelta(minutes=5)
_LONGEST_NAME = 64
"""Characters of an organization's name: ub-organization-name of RFC 5280, appendix A.1."""


class TeamCertificate(NamedTuple):
    """A new authority and what it certified, in PEM. The authority's key is not kept: it certifies nothing else."""

    authority: bytes
    """The certificate that readers are given to trust."""
    chain: bytes
    """The certificate of the key, and the authority's."""
    key: bytes | None
    """The private key, or None if the caller gave a public key."""


def make_team_certificate(
    organization: str, *, now: datetime, life: timedelta = LIFE, public_key: bytes | None = None
) -> TeamCertificate:
    """Return a certificate for a new key, or for a public key in PEM or DER, as of AWS KMS.

    The names in it are public: they are in every signed file. Raise InvalidInput for a key that is not on P-256, and
    for a name without characters or with more than 64.
    """
    if not 1 <= len(organization.strip()) <= _LONGEST_NAME:
        raise InvalidInput(f"The name of the organization must have 1 to {_LONGEST_NAME} characters.")
    made = None if public_key else ec.generate_private_key(ec.SECP256R1())
    subject_key = made.public_key() if made else _public(public_key or b"")
    root_key = ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name(organization, "Herald signing authority"), _name(organization, "Herald")
    root = (
        _certificate(root_name, root_name, root_key.public_key(), (now, now + life))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(root_key, SHA256())
    )
    # emailProtection: the only use that readers of C2PA accept by default. C2PA's own needs an entry in their settings.
    leaf = (
        _certificate(name, root_name, subject_key, (now, now + life))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, SHA256())
    )
    authority = root.public_bytes(Encoding.PEM)
    key = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) if made else None
    return TeamCertificate(authority, leaf.public_bytes(Encoding.PEM) + authority, key)


def _public(encoded: bytes) -> ec.EllipticCurvePublicKey:
    try:
        found = load_pem_public_key(encoded) if encoded.startswith(b"-----") else load_der_public_key(encoded)
    except ValueError:
        raise InvalidInput("The public key is neither PEM nor DER.") from None
    if not (isinstance(found, ec.EllipticCurvePublicKey) and isinstance(found.curve, ec.SECP256R1)):
        raise InvalidInput("The public key must be on the curve P-256 (in AWS KMS: ECC_NIST_P256).")
    return found


def _name(organization: str, common: str) -> x509.Name:
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
