"""herald voices add: fetches published voices, and takes those of this machine."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from herald.cli.screen import progress, table
from herald.errors import UnknownVoice
from herald.speech.voices import catalog
from herald.speech.voices.catalog import Catalog, VoiceInfo

if TYPE_CHECKING:
    from herald.cli import Commands
    from herald.speech.voices.published import Published, PublishedVoice


def add(commands: "Commands") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "add",
        help="fetch a published voice and prepare it",
        description="Fetch voices of Piper's public catalogue, about 60 MB each, and prepare them. "
        "A voice that is on this machine already is not fetched again.",
    )
    parser.add_argument("voices", nargs="*", metavar="NAME", help="as in en_GB-alan-medium")
    parser.add_argument("-l", "--list", nargs="?", const="", metavar="FILTER", help="list what is published instead")
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", help="where its folder goes (default: where Herald looks for your voices)"
    )
    parser.add_argument("--catalog", metavar="URL", help="a mirror of the folder that holds the catalogue, voices.json")
    add_architecture(parser)
    parser.add_argument("--force", action="store_true", help="fetch it even if it is here")
    parser.set_defaults(run=_add)


def add_architecture(parser: argparse.ArgumentParser, default: str = "this machine's") -> None:
    """Describe the option that says where the voice will run."""
    parser.add_argument(
        "--architecture",
        choices=["x86_64", "arm64"],
        default="",
        help=f"processor that it is prepared for (default: {default})",
    )


def describe(info: VoiceInfo) -> str:
    """A voice in a line, with what its user must know."""
    return f"{info.language_name}, {info.sample_rate} Hz, licence {info.licence}"


def _add(options: argparse.Namespace) -> None:
    from herald.speech.voices.published import LISTED, PIPER_VOICES, Published  # noqa: PLC0415  --help needs no HTTP

    published = Published(options.catalog or PIPER_VOICES)
    if options.list is not None:
        table(("VOICE", "LANGUAGE", "QUALITY", "SPEAKERS", "MB"), *map(_row, published.search(options.list)))
    elif not options.voices:
        raise UnknownVoice(f"Which voice? {LISTED}")
    folder = Path(options.output) if options.output else catalog.USER_FOLDER
    for name in options.voices:
        bring = _fetch if options.force else _bring
        print(bring(name, published, folder, options.architecture))


def _row(voice: "PublishedVoice") -> tuple[str, ...]:
    return voice.key, voice.language, voice.quality, str(voice.speakers), f"{voice.size / 1e6:.0f}"


def _bring(name: str, published: "Published", folder: Path, architecture: str) -> str:
    """Bring the voice of that name into `folder` in the cheapest way; what was done."""
    from herald.speech.voices.install import is_ready, take  # noqa: PLC0415  half a second of onnxruntime

    here = Catalog([folder]).voices
    info = here.get(name) or here.get(published.find(name).key)
    if info is None or (info.prepared and not is_ready(info.path)):
        return _fetch(name, published, folder, architecture)
    if info.path == folder / info.id:
        return f"{info.path}: here already; --force fetches it again"
    return f"{folder / info.id}: {describe(take(info, folder, architecture=architecture).voice)}"


def _fetch(name: str, published: "Published", folder: Path, architecture: str) -> str:
    from herald.speech.voices import install  # noqa: PLC0415

    voice = published.find(name)
    with progress(voice.key) as report:
        pack = install.add(voice, folder, report, architecture=architecture)
    return f"{folder / voice.key}: {describe(pack.voice)}"
