"""Read what a file states about its origin, and check the signature of its manifest."""

import io
import json
import re
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from herald.errors import HeraldError, InvalidInput
from herald.speech.audio.formats import SYNTHETIC
from herald.speech.audio.sndfile import read_comment

_USES = (
    "1.3.6.1.5.5.7.3.4",  # id-kp-emailProtection
    "1.3.6.1.5.5.7.3.36",  # id-kp-documentSigning (RFC 9336)
    "1.3.6.1.4.1.62558.2.1",  # c2pa-kp-claimSigning (C2PA specification, "Certificate profile")
)
"""Extended key usages of certificates that may sign manifests. The library's own default is only the first."""


@cache
def library() -> Any:  # noqa: ANN401  it has no types
    """Return the module c2pa; raise HeraldError if it is not installed."""
    try:
        import c2pa  # noqa: PLC0415  optional
    except ModuleNotFoundError:
        raise HeraldError(
            "Reading and signing manifests requires the package c2pa-python. Install it in Herald's folder: "
            ".tools/uv/bin/uv pip install --python .venv -e '.[disclosure]'",
            code="c2pa_missing",
        ) from None
    return c2pa


def offline_context(authorities: str | None = None) -> Any:  # noqa: ANN401
    """Return settings that trust the certificates of `authorities` (PEM) and allow no network requests."""
    uses = "".join(f"{use}\n" for use in _USES)
    trust: dict[str, Any] = {"trust_config": uses}
    if authorities:
        trust["anchors"] = [{"trust_kind": "manifest", "trust_anchors": authorities, "trust_config": uses}]
    return library().Context.from_dict(
        {
            "trust": trust,
            "core": {"allowed_network_hosts": []},
            "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_sign": False},
            "builder": {"thumbnail": {"enabled": False}},
        }
    )


def manifest_type(file: bytes) -> str | None:
    """Return the media type of a file as c2pa names it; None for formats that cannot contain a manifest.

    The type is detected from the content. An MP3 file without an ID3 tag begins with a frame of layer III, whose first
    eleven bits are set.
    """
    if file[:4] == b"RIFF" and file[8:12] == b"WAVE":
        return "audio/wav"
    if file[:4] == b"fLaC":
        return "audio/flac"
    if file[:3] == b"ID3" or (file[:1] == b"\xff" and file[1:2] and file[1] & 0xE6 == 0xE2):  # noqa: PLR2004
        return "audio/mpeg"
    return None


SYNTHETIC_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC's term for content that a trained model generated, the value of an action's digitalSourceType."""
VOICES = "herald.voices"
"""The parameter of the action c2pa.created that lists voices."""

type VoiceKind = Literal["stock", "matched", "cloned"]
"""stock: a voice of the catalogue. matched: a mix of stock voices that resembles a person. cloned: a person's voice."""


class DisclosedVoice(BaseModel):
    """A voice of a file. The id of a person's voice is random: only the tenant's records link it to the person."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: VoiceKind
    id: str | None = Field(default=None, max_length=64)
    """The id of an enrolled voice, or None for a stock voice."""

    def __str__(self) -> str:
        """Return the kind and the id, for display."""
        return f"{self.kind} voice {self.id}" if self.id else f"{self.kind} voice"


STOCK_VOICE = DisclosedVoice(kind="stock")


type ClaimState = Literal["trusted", "valid", "untrusted", "invalid", "marked", "unmarked"]
_UNTRUSTED = "signingCredential.untrusted"
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----")


class FileClaim(BaseModel):
    """What a file states, and whether a signature proves it."""

    model_config = ConfigDict(frozen=True)

    state: ClaimState
    """trusted: unchanged since it was signed with a certificate of a given authority. untrusted: unchanged, but the
    certificate is from another authority. valid: unchanged, and no authority was given. invalid: changed, or the
    signature is faulty. marked: no manifest, only Herald's comment. unmarked: neither."""
    signer: str | None = None
    """Common name and organization in the certificate."""
    generator: str | None = None
    """The program that created the manifest, with its version."""
    synthetic: bool = False
    """Whether the manifest or the comment states that a trained model generated the content."""
    voices: tuple[DisclosedVoice, ...] = ()
    comment: str | None = None
    """The comment in the file's plain metadata."""
    problems: tuple[str, ...] = ()
    """Codes of the C2PA specification, such as assertion.dataHash.mismatch."""

    @property
    def proven(self) -> bool:
        """Return whether the manifest is intact and, if authorities were given, signed under one of them."""
        return self.state in {"trusted", "valid"}


def read_claim(file: bytes, *, authorities: str | None = None) -> FileClaim:
    """Return what a file states. `authorities` are certificates (PEM), one of which must have issued the signer's.

    Raise InvalidInput if there are no certificates in `authorities`.
    """
    if authorities is not None and not _CERTIFICATE.search(authorities):
        raise InvalidInput("The file of trusted authorities has no certificate in PEM.", code="not_a_certificate")
    comment = read_comment(file)
    media_type = manifest_type(file)
    if media_type is None:
        return _unsigned(comment)
    c2pa = library()
    try:
        with c2pa.Reader(media_type, io.BytesIO(file), context=offline_context(authorities)) as reader:
            state, store = reader.get_validation_state(), json.loads(reader.json())
    except c2pa.C2paError.ManifestNotFound:
        return _unsigned(comment)
    except c2pa.C2paError as error:
        return FileClaim(state="invalid", comment=comment, problems=(str(error),))
    manifest = store.get("manifests", {}).get(store.get("active_manifest"), {})
    problems = dict.fromkeys(status["code"] for status in store.get("validation_status", []))
    return FileClaim(
        state=_claim_state(state, has_authorities=authorities is not None),
        comment=comment,
        problems=tuple(code for code in problems if authorities or code != _UNTRUSTED),
        signer=_signer(manifest.get("signature_info", {})),
        generator=_generator(manifest.get("claim_generator_info", [])),
        synthetic=any(action.get("digitalSourceType") == SYNTHETIC_SOURCE for action in _actions(manifest)),
        voices=_voices(manifest),
    )


def _unsigned(comment: str | None) -> FileClaim:
    is_marked = comment == SYNTHETIC
    return FileClaim(state="marked" if is_marked else "unmarked", synthetic=is_marked, comment=comment)


def _claim_state(validation: str | None, *, has_authorities: bool) -> ClaimState:
    match validation:
        case "Trusted":
            return "trusted"
        case "Valid":
            return "untrusted" if has_authorities else "valid"
    return "invalid"


def _signer(signature: dict[str, Any]) -> str | None:
    names = [signature[name] for name in ("common_name", "issuer") if signature.get(name)]
    return " of ".join(names) or None


def _generator(programs: list[dict[str, Any]]) -> str | None:
    return " ".join(str(programs[0][part]) for part in ("name", "version") if part in programs[0]) if programs else None


def _actions(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        action
        for assertion in manifest.get("assertions", [])
        if str(assertion.get("label", "")).startswith("c2pa.actions")
        for action in assertion.get("data", {}).get("actions", [])
    ]


def _voices(manifest: dict[str, Any]) -> tuple[DisclosedVoice, ...]:
    """Return the voices that the manifest lists; none if they are not in Herald's format."""
    listed = [voice for action in _actions(manifest) for voice in action.get("parameters", {}).get(VOICES, [])]
    try:
        return tuple(DisclosedVoice.model_validate(voice) for voice in listed)
    except ValidationError:
        return ()
