"""herald voices publish and unpublish: voices of a deployment in addition to those of its layer."""

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from herald.cli.add import add_architecture
from herald.cli.screen import table

if TYPE_CHECKING:
    from herald.aws.voice_store import PublishedVoice, S3Voices
    from herald.cli import Commands
    from herald.cli.deployment import Deployment


def add(commands: "Commands") -> None:
    """Add the subcommands to the parser."""
    publish = commands.add_parser(
        "publish",
        help="publish a voice for a deployment",
        description="Upload a voice of this machine to the audio bucket of a deployment. The API lists it within a "
        "minute; functions download it on first use. An already published voice is replaced.",
    )
    publish.add_argument(
        "voice", metavar="NAME", help="a voice listed by 'herald voices', or the folder of a prepared voice"
    )
    add_stack(publish)
    add_architecture(publish, default="the deployment's")
    publish.set_defaults(run=_publish)
    unpublish = commands.add_parser(
        "unpublish",
        help="remove a published voice",
        description="Remove a published voice from a deployment. The API stops listing it within a minute.",
    )
    unpublish.add_argument("voice", metavar="NAME", help="a voice listed by 'herald voices --stack'")
    add_stack(unpublish)
    unpublish.set_defaults(run=_unpublish)


def add_stack(parser: argparse.ArgumentParser) -> None:
    """Add the --stack option."""
    parser.add_argument(
        "--stack", metavar="STACK", help="the deployment (default: the local stack of 'make run', else herald)"
    )


def show_published(stack: str) -> None:
    """List the voices that are published for a deployment."""
    from herald.cli.deployment import explained, find_deployment  # noqa: PLC0415  AWS, 100 ms

    with explained("herald voices --stack"):
        deployment = find_deployment(stack)
        entries = _voices_of(deployment).entries()
    if not entries:
        print(f"No voices are published in {deployment.place}. Publish one: herald voices publish NAME")
        return
    table(("VOICE", "LANGUAGE", "RATE", "QUALITY", "LICENCE", "MB", "STATE"), *map(_row, entries.items()))


def _publish(options: argparse.Namespace) -> None:
    from herald.aws.stacks import architecture_of  # noqa: PLC0415  AWS, 100 ms
    from herald.cli.deployment import explained, find_deployment  # noqa: PLC0415
    from herald.cli.screen import progress  # noqa: PLC0415
    from herald.clock import utc_now  # noqa: PLC0415

    with explained("herald voices publish"), tempfile.TemporaryDirectory() as temporary:
        deployment = find_deployment(options.stack)
        function = deployment.resource("SpeechFunction")
        architecture = options.architecture or architecture_of(deployment.clients.lambda_, function)
        folder = _prepared(options.voice, Path(temporary), architecture)
        with progress(folder.name, "uploading") as report:
            entry = _voices_of(deployment).publish(folder, at=utc_now(), report=report)
    print(
        f"Published {folder.name} ({entry.size / 1e6:.1f} MB) in {deployment.place}. It is available within a minute."
    )


def _unpublish(options: argparse.Namespace) -> None:
    from herald.cli.deployment import explained, find_deployment  # noqa: PLC0415  AWS, 100 ms

    with explained("herald voices unpublish"):
        deployment = find_deployment(options.stack)
        _voices_of(deployment).unpublish(options.voice)
    print(f"Removed {options.voice} from {deployment.place}. It becomes unavailable within a minute.")


def _prepared(voice: str, temporary: Path, architecture: str) -> Path:
    """Return the folder of a prepared voice: `voice` itself, or one prepared for the architecture."""
    from herald.speech.pack import Pack  # noqa: PLC0415  half a second of onnxruntime
    from herald.speech.voices.catalog import Catalog  # noqa: PLC0415
    from herald.speech.voices.install import take  # noqa: PLC0415

    if (folder := Path(voice)).is_dir():
        return Pack.read(folder.resolve()).voice.path
    return take(Catalog().find(voice), temporary, architecture=architecture).voice.path


def _voices_of(deployment: "Deployment") -> "S3Voices":
    from herald.aws.voice_store import S3Voices  # noqa: PLC0415

    return S3Voices(deployment.clients, bucket=deployment.resource("AudioBucket"))


def _row(published: "tuple[str, PublishedVoice]") -> tuple[str, ...]:
    name, entry = published
    voice = entry.voice
    state = "usable" if entry.usable else "incompatible version: publish it again"
    rate = f"{voice['sample_rate']} Hz"
    return name, voice["language_name"], rate, voice["quality"], voice["licence"], f"{entry.size / 1e6:.1f}", state
