"""Read what a file states about its origin, and check the signature of its manifest."""

import io
import json
import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from herald.disclosure.disclosed_voices import SYNTHETIC_SOURCE, VOICES, DisclosedVoice
from herald.disclosure.manifest_library import library, manifest_type, offline_context
from herald.errors import InvalidInput
from herald.speech.audio.formats import SYNTHETIC
from herald.speech.audio.marking import read_comment

type ClaimState = Literal["trusted", "valid", "untrusted", "invalid", "marked", "unmarked"]
_UNTRUSTED = "signingCredential.untrusted"
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----")


class FileClaim(BaseModel):
    """What a file states, and whether it is proven."""

    model_config = ConfigDict(frozen=True)

    state: ClaimState
    """trusted: unchanged since it was signed with a certificate of a given authority. valid: the same, without a given
    authority. untrusted: the same, but of another authority. invalid: changed, or the signature is faulty. marked: no
    manifest, only Herald's comment. unmarked: neither."""
    signer: str | None = None
    """Common name and organization in the certificate."""
    generator: str | None = None
    """The program that made the manifest, with its version."""
    synthetic: bool = False
    """Whether the manifest or the comment states that a trained model generated the content."""
    voices: tuple[DisclosedVoice, ...] = ()
    comment: str | None = None
    """The comment in the file's plain metadata."""
    problems: tuple[str, ...] = ()
    """Codes of the C2PA specification, such as assertion.dataHash.mismatch."""

    @property
    def proven(self) -> bool:
        """Return whether the manifest is intact and, if authorities were given, signed in their name."""
        return self.state in {"trusted", "valid"}


def read_claim(file: bytes, *, authorities: str | None = None) -> FileClaim:
    """Return what a file states. `authorities` are the certificates (PEM) that a signer's must descend from.

    Raise InvalidInput if they are not certificates.
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
    problems = dict.fromkeys(found["code"] for found in store.get("validation_status", []))
    return FileClaim(
        state=_state(state, trusting=authorities is not None),
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


def _state(found: str | None, *, trusting: bool) -> ClaimState:
    match found:
        case "Trusted":
            return "trusted"
        case "Valid":
            return "untrusted" if trusting else "valid"
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
    """Return the voices that the manifest lists; none if another program wrote something else in their place."""
    listed = [voice for action in _actions(manifest) for voice in action.get("parameters", {}).get(VOICES, [])]
    try:
        return tuple(DisclosedVoice.model_validate(voice) for voice in listed)
    except ValidationError:
        return ()
