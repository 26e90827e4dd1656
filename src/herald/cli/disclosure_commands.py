"""herald verify and herald disclosure: what files state about their origin, their certificates and signatures."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from herald.cli.parameters import json_option
from herald.errors import InvalidInput

if TYPE_CHECKING:
    from herald.disclosure.file_claims import FileClaim

_UNPROVEN = 3
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_STATES = {
    "trusted": "trusted: unchanged since {signer} signed it, with a certificate of the given authority",
    "valid": "valid: unchanged since {signer} signed it (name not checked; --trust checks it)",
    "untrusted": "untrusted: unchanged since {signer} signed it, whose certificate is not of the given authority",
    "invalid": "invalid: changed since it was signed, or the signature is faulty",
    "marked": "marked: a comment states that the speech is synthetic, without a signature",
    "unmarked": "unmarked: the file states nothing about its origin",
}


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--trust", type=_FILE, metavar="CERT", help="require a certificate of this authority (a PEM file)")
@json_option
def verify(files: tuple[Path, ...], *, trust: Path | None, as_json: bool) -> int:
    """Show what FILES state about their origin, and whether that is proven.

    A WAV, MP3 or FLAC file can have a signed C2PA manifest, of Herald or of another program; others only a comment.
    The status is 0 if every file has an intact manifest, with --trust of that authority, and 3 otherwise. Nothing is
    sent.
    """
    from herald.disclosure.file_claims import read_claim

    authorities = trust.read_text(encoding="ascii", errors="replace") if trust else None
    claims = {str(file): read_claim(file.read_bytes(), authorities=authorities) for file in files}
    if as_json:
        print(json.dumps([_row(name, claim) for name, claim in claims.items()], indent=2, ensure_ascii=False))
    else:
        print("\n".join(line for name, claim in claims.items() for line in _lines(name, claim)))
    return 0 if all(claim.proven for claim in claims.values()) else _UNPROVEN


def _row(name: str, claim: "FileClaim") -> dict[str, Any]:
    return {"file": name, "proven": claim.proven} | claim.model_dump(mode="json")


def _lines(name: str, claim: "FileClaim") -> list[str]:
    lines = [f"{name}: {_STATES[claim.state].format(signer=claim.signer or 'an unnamed signer')}"]
    if claim.generator:
        origin = "synthetic speech" if claim.synthetic else "a file that is not stated to be synthetic"
        lines.append(f"  states: {origin}, made by {claim.generator}")
    if claim.voices:
        lines.append(f"  voices: {', '.join(map(str, claim.voices))}")
    if claim.comment:
        lines.append(f"  comment: {claim.comment}")
    if claim.problems:
        lines.append(f"  problems: {', '.join(claim.problems)}")
    return list(map(_printable, lines))


def _printable(line: str) -> str:
    """Escape what is not printable: a file could otherwise add lines that say "trusted", or control the terminal."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in line)


@click.group()
def disclosure() -> None:
    """Make a certificate, and sign files as synthetic speech."""


@disclosure.command(short_help="Make a certificate that signs files.")
@click.argument("organization")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("disclosure"), help="folder of the new files"
)
@click.option("--public-key", type=_FILE, help="certify this public key (PEM or DER), for example of AWS KMS")
@click.option(
    "--days", type=click.IntRange(1, 36_500), default=3_650, help="validity; signed files are valid no longer"
)
def certificate(organization: str, *, output: Path, public_key: Path | None, days: int) -> None:
    """Make a certificate in the name of ORGANIZATION that signs files, and its authority.

    The authority is a new one, on no trust list: readers must be given authority.pem. Its key is discarded.
    """
    from datetime import timedelta

    from herald.clock import utc_now
    from herald.disclosure.file_claims import library
    from herald.disclosure.team_certificate import make_team_certificate

    library()
    public = public_key.read_bytes() if public_key else None
    made = make_team_certificate(organization, now=utc_now(), lifetime=timedelta(days=days), public_key=public)
    contents = {"authority.pem": made.authority, "chain.pem": made.chain}
    if made.key:
        contents["key.pem"] = made.key
    if existing := [name for name in contents if (output / name).exists()]:
        raise InvalidInput(
            f"{output} already has {', '.join(existing)}. Use another folder.", code="certificate_exists"
        )
    output.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        path = output / name
        path.touch(mode=0o600 if name == "key.pem" else 0o644)
        path.write_bytes(content)
    print("\n".join(str(output / name) for name in contents))


@disclosure.command(short_help="Sign a file as synthetic speech.")
@click.argument("file", type=_FILE)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="signed file")
@click.option("--chain", type=_FILE, required=True, help="certificates in PEM, that of the key first")
@click.option("--key", type=_FILE, required=True, help="private key in PEM, on the curve P-256")
@click.option("--kind", type=click.Choice(["stock", "matched", "cloned"]), default="stock", help="kind of the voice")
@click.option("--voice", metavar="ID", help="id of an enrolled voice")
def sign(file: Path, *, output: Path, chain: Path, key: Path, kind: str, voice: str | None) -> None:
    """Write FILE (WAV, MP3 or FLAC) with a manifest: synthetic speech, made with Herald."""
    from herald.disclosure.file_claims import DisclosedVoice, library, manifest_type

    library()
    from herald.disclosure.file_signer import FileSigner

    audio = file.read_bytes()
    if manifest_type(audio) is None:
        raise InvalidInput(f"{file}: only WAV, MP3 and FLAC files can contain a manifest.", code="not_signable")
    stated = DisclosedVoice.model_validate({"kind": kind, "id": voice})
    output.write_bytes(FileSigner.with_key(chain.read_bytes(), key.read_bytes()).sign(audio, [stated]))
