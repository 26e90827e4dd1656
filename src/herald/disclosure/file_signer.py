"""Sign files with a C2PA manifest, which states that the speech is synthetic and lists the kinds of its voices."""

import io
import json
from collections.abc import Callable, Iterable
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from herald import __version__
from herald.clock import utc_now
from herald.disclosure.file_claims import (
    SYNTHETIC_SOURCE,
    VOICES,
    DisclosedVoice,
    library,
    manifest_type,
    offline_context,
)
from herald.errors import HeraldError, InvalidSettings, Unavailable

GENERATOR = "Herald"
_INTEGER_SIZE = 32
"""Bytes of each of the two integers of a signature with P-256."""

type DerSignature = Callable[[bytes], bytes]
"""Returns the ECDSA signature of data with SHA-256, in DER as AWS KMS returns it."""


class FileSigner:
    """Signs files with a certificate chain and the key of its first certificate, which is on the curve P-256.

    `chain` is in PEM: the certificate of the key first, the authority last. Thread-safe.
    """

    def __init__(self, chain: bytes, make_signer: Callable[[list[HeraldError]], Any]) -> None:
        """`make_signer` returns a new signer of c2pa, which appends the errors of its callback to the given list."""
        self._certificate = _parse_chain(chain)[0]
        self._make_signer = make_signer
        library()

    @classmethod
    def with_key(cls, chain: bytes, key: bytes) -> "FileSigner":
        """Return a signer with a private key in PEM; raise InvalidSettings if key and certificate do not match."""
        try:
            private = load_pem_private_key(key, None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise InvalidSettings("The key that signs files is not an unencrypted private key in PEM.") from None
        first, *_ = _parse_chain(chain)
        encoding = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if private.public_key().public_bytes(*encoding) != first.public_key().public_bytes(*encoding):
            raise InvalidSettings("The key that signs files does not belong to the first certificate of the chain.")
        c2pa = library()
        info = c2pa.C2paSignerInfo(alg=c2pa.C2paSigningAlg.ES256, sign_cert=chain, private_key=key, ta_url=None)
        return cls(chain, lambda _errors: c2pa.Signer.from_info(info))

    @classmethod
    def with_callback(cls, chain: bytes, sign: DerSignature) -> "FileSigner":
        """Return a signer that gets signatures from another service, such as AWS KMS. A signature has 12 kB, not 3."""
        c2pa = library()

        def make_signer(errors: list[HeraldError]) -> Any:  # noqa: ANN401  c2pa has no types
            def sign_data(data: bytes) -> bytes:
                try:
                    return _cose_signature(sign(data))
                except HeraldError as error:  # c2pa would log it, and raise an error without the reason
                    errors.append(error)
                    return b""

            return c2pa.Signer.from_callback(sign_data, c2pa.C2paSigningAlg.ES256, chain.decode())

        return cls(chain, make_signer)

    def sign(self, file: bytes, voices: Iterable[DisclosedVoice]) -> bytes:
        """Return a WAV, MP3 or FLAC file with a manifest; a file of another format is returned unchanged.

        The audio is unchanged. Two signatures of the same file differ, because each manifest has a random id. Raise
        InvalidSettings if the certificate is not valid now, the errors of the callback, and Unavailable if the file
        cannot be signed.
        """
        media_type = manifest_type(file)
        if media_type is None:
            return file
        start, end = self._certificate.not_valid_before_utc, self._certificate.not_valid_after_utc
        if not start <= utc_now() < end:
            raise InvalidSettings(
                f"The certificate that signs files is valid from {start} to {end}, not now. "
                "Make a new one: herald disclosure certificate."
            )
        c2pa, signed = library(), io.BytesIO()
        errors: list[HeraldError] = []
        try:
            with (
                self._make_signer(errors) as signer,
                c2pa.Builder(json.dumps(_manifest(voices)), context=offline_context()) as builder,
            ):
                builder.sign(signer, media_type, io.BytesIO(file), signed)
        except c2pa.C2paError as error:
            raise errors[0] if errors else Unavailable(f"The file could not be signed: {error}") from error
        return signed.getvalue()


def _manifest(voices: Iterable[DisclosedVoice]) -> dict[str, Any]:
    """Return the definition of a manifest. It contains no text, names or times."""
    listed = [voice.model_dump(exclude_none=True) for voice in dict.fromkeys(voices)]
    agent = {"name": GENERATOR, "version": __version__}
    created = {
        "action": "c2pa.created",
        "digitalSourceType": SYNTHETIC_SOURCE,
        "softwareAgent": agent,
        "parameters": {VOICES: listed},
    }
    actions = {"label": "c2pa.actions.v2", "data": {"actions": [created]}}
    return {"claim_generator_info": [agent], "assertions": [actions]}


def _parse_chain(chain: bytes) -> list[x509.Certificate]:
    """Return the certificates of a chain; raise InvalidSettings for a chain that cannot sign."""
    try:
        certificates = x509.load_pem_x509_certificates(chain)
        public = certificates[0].public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise InvalidSettings("The certificate chain that signs files is not PEM with certificates.") from None
    if not (isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, SECP256R1)):
        raise InvalidSettings("The first certificate of the chain that signs files must have a key on P-256.")
    return certificates


def _cose_signature(signature: bytes) -> bytes:
    """Convert a DER signature to the format of COSE: both integers, concatenated (RFC 9053, section 2.1)."""
    return b"".join(number.to_bytes(_INTEGER_SIZE) for number in decode_dss_signature(signature))
