"""herald voices add: download published voices, or copy local ones."""

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
    """Add the subcommand to the parser."""
    parser = commands.add_parser(
        "add",
        help="download and prepare a published voice",
        description="Download voices from Piper's public catalogue, about 60 MB each, and prepare them. "
        "Voices that are already on this machine are not downloaded again.",
    )
    parser.add_argument("voices", nargs="*", metavar="NAME", help="for example en_GB-alan-medium")
    parser.add_argument("-l", "--list", nargs="?", const="", metavar="FILTER", help="list published voices instead")
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", help="parent of the voice's folder (default: your voice folder)"
    )
    parser.add_argument("--catalog", metavar="URL", help="a mirror of the folder that contains voices.json")
    add_architecture(parser)
    parser.add_argument("--force", action="store_true", help="download voices that are already here")
    parser.set_defaults(run=_add)


def add_architecture(parser: argparse.ArgumentParser, default: str = "this machine's") -> None:
    """Add the --architecture option."""
    parser.add_argument(
        "--architecture",
        choices=["x86_64", "arm64"],
        default="",
        help=f"processor to prepare the voice for (default: {default})",
    )


def describe(info: VoiceInfo) -> str:
    """Return a one-line description of a voice, with its licence."""
    return f"{info.language_name}, {info.sample_rate} Hz, licence {licence(info)}"


def licence(info: VoiceInfo) -> str:
    """Return the licence of a voice's model, and that of its data if it forbids commercial use."""
    return info.licence if info.commercial else f"NOT FOR COMMERCIAL USE ({info.data_licence})"


def _add(options: argparse.Namespace) -> None:
    from herald.speech.voices.published import LISTED, PIPER_VOICES, Published  # noqa: PLC0415  --help needs no HTTP

    published = Published(options.catalog or PIPER_VOICES)
    if options.list is not None:
        table(("VOICE", "LANGUAGE", "QUALITY", "SPEAKERS", "MB"), *map(_row, published.search(options.list)))
    elif not options.voices:
        raise UnknownVoice(f"Name a voice to add. {LISTED}")
    folder = Path(options.output) if options.output else catalog.USER_FOLDER
    for name in options.voices:
        install = _download if options.force else _install
        print(install(name, published, folder, options.architecture))


def _row(voice: "PublishedVoice") -> tuple[str, ...]:
    return voice.key, voice.language, voice.quality, str(voice.speakers), f"{voice.size / 1e6:.0f}"


def _install(name: str, published: "Published", folder: Path, architecture: str) -> str:
    """Install a voice into `folder`: copy or prepare a local one, else download it. Return a line for the user."""
    from herald.speech.voices.install import is_ready, take  # noqa: PLC0415  half a second of onnxruntime

    here = Catalog([folder]).voices
    info = here.get(name) or here.get(published.find(name).key)
    if info is None or (info.prepared and not is_ready(info.path)):
        return _download(name, published, folder, architecture)
    if info.path == folder / info.id:
        return f"{info.path}: already installed; use --force to download it again"
    return f"{folder / info.id}: {describe(take(info, folder, architecture=architecture).voice)}"


def _download(name: str, published: "Published", folder: Path, architecture: str) -> str:
    from herald.speech.voices import install  # noqa: PLC0415

    voice = published.find(name)
    with progress(voice.key) as report:
        pack = install.add(voice, folder, report, architecture=architecture)
    return f"{folder / voice.key}: {describe(pack.voice)}"
