"""herald voices: list, add, prepare and publish voices."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from herald.cli import add as adding
from herald.cli import publish as publishing
from herald.cli.screen import table
from herald.errors import UnknownVoice, VoiceNotPrepared
from herald.speech.voices.catalog import Catalog, VoiceInfo

if TYPE_CHECKING:
    from herald.cli import Commands


def add(commands: "Commands") -> None:
    """Add the command and its subcommands to the parser."""
    parser = commands.add_parser(
        "voices",
        help="list voices; add, prepare or publish one",
        description="List the voices of this machine or, with --stack, those published for a deployment.",
    )
    parser.add_argument(
        "--stack",
        dest="published_in",
        nargs="?",
        const="",
        metavar="STACK",
        help="list the voices published for a deployment (default: the local stack of 'make run', else herald)",
    )
    parser.set_defaults(run=_voices)
    below = parser.add_subparsers(title="commands", metavar="COMMAND")
    build = below.add_parser(
        "build",
        help="prepare a voice for Herald",
        description="Prepare a Piper voice: split, optimise and measure its model. Needs the onnx package.",
    )
    build.add_argument(
        "voice", help="the .onnx file of a Piper voice, with its .onnx.json next to it, or the name of a local voice"
    )
    build.add_argument(
        "-o", "--output", metavar="FOLDER", default="voices", help="parent of the voice's folder (default: ./voices)"
    )
    adding.add_architecture(build)
    build.set_defaults(run=_build)
    adding.add(below)
    publishing.add(below)


def _voices(options: argparse.Namespace) -> None:
    if options.published_in is not None:
        publishing.show_published(options.published_in)
        return
    voices = Catalog().voices
    if not voices:
        raise UnknownVoice("No voices are installed. 'herald voices add --list' lists the published ones.")
    table(("VOICE", "LANGUAGE", "GENDER", "RATE", "QUALITY", "SPEAKERS", "LICENCE"), *map(_row, voices.values()))


def _row(info: VoiceInfo) -> tuple[str, ...]:
    rate = f"{info.sample_rate} Hz"
    speakers = str(max(1, len(info.speakers)))
    return info.id, info.language_name, info.gender, rate, info.quality, speakers, adding.licence(info)


def _build(options: argparse.Namespace) -> None:
    from herald.speech.prepare import build  # noqa: PLC0415  half a second, not needed by --help

    model = Path(options.voice) if options.voice.endswith(".onnx") else Catalog().find(options.voice).path
    if model.is_dir():
        raise VoiceNotPrepared(
            f"{options.voice} is already prepared, in {model}. Name the .onnx file of a Piper voice."
        )
    folder = Path(options.output) / model.stem
    pack = build(model, folder, architecture=options.architecture)
    print(f"{folder}: {adding.describe(pack.voice)}")
