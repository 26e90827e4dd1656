"""c2pa-python, loaded on first use: it is optional, and loads a library of 23 MB."""

from functools import cache
from typing import Any

from herald.errors import HeraldError

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
            "Manifests can neither be read nor signed, because a package is missing. Install it: "
            "pip install 'herald-speech[disclosure]'",
            code="c2pa_missing",
        ) from None
    return c2pa


def offline_context(authorities: str | None = None) -> Any:  # noqa: ANN401
    """Return settings without any request to a network, which trust certificates of `authorities` (PEM)."""
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

    The content decides, not the name. Of a file that begins with neither tag, the first frame decides: MP3's begins
    with eleven set bits, layer III.
    """
    if file[:4] == b"RIFF" and file[8:12] == b"WAVE":
        return "audio/wav"
    if file[:4] == b"fLaC":
        return "audio/flac"
    if file[:3] == b"ID3" or (file[:1] == b"\xff" and file[1:2] and file[1] & 0xE6 == 0xE2):  # noqa: PLR2004
        return "audio/mpeg"
    return None
