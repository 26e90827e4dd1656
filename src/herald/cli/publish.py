"""herald voices publish and unpublish: voices of a deployment beyond those in its layer."""

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from herald.cli.add import add_architecture
from herald.cli.screen import table

if TYPE_CHECKING:
    from herald.aws.voices import Entry, S3Voices
    from herald.cli import Commands
    from herald.cli.deployment import Deployment


def add(commands: "Commands") -> None:
    """Describe the commands."""
    publish = commands.add_parser(
        "publish",
        help="give a deployment one more voice",
        description="Upload a voice of this machine to the audio bucket of a deployment. Within a minute the API knows "
        "it; functions fetch it when they first speak it. A voice that is published already is replaced.",
    )
    publish.add_argument(
        "voice", metavar="NAME", help="a voice that 'herald voices' lists, or a prepared voice's folder"
    )
    add_stack(publish)
    add_architecture(publish, default="the deployment's")
    publish.set_defaults(run=_publish)
    unpublish = commands.add_parser(
        "unpublish",
        help="take a published voice away",
        description="Remove a published voice from a deployment. Within a minute the API no longer knows it.",
    )
    unpublish.add_argument("voice", metavar="NAME", help="as 'herald voices --stack NAME' lists it")
    add_stack(unpublish)
    unpublish.set_defaults(run=_unpublish)


def add_stack(parser: argparse.ArgumentParser) -> None:
    """Describe the option that names the deployment."""
    parser.add_argument(
        "--stack", metavar="STACK", help="the deployment (default: what 'make run' started here, else herald)"
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
    from herald.jobs.job import utc_now  # noqa: PLC0415

    with explained("herald voices publish"), tempfile.TemporaryDirectory() as temporary:
        deployment = find_deployment(options.stack)
        function = deployment.resource("SpeechFunction")
        architecture = options.architecture or architecture_of(deployment.clients.lambda_, function)
        folder = _prepared(options.voice, Path(temporary), architecture)
        with progress(folder.name, "uploading") as report:
            entry = _voices_of(deployment).publish(folder, at=utc_now(), report=report)
    print(f"Published {folder.name} ({entry.size / 1e6:.1f} MB) in {deployment.place}. Callers can use it in a minute.")


def _unpublish(options: argparse.Namespace) -> None:
    from herald.cli.deployment import explained, find_deployment  # noqa: PLC0415  AWS, 100 ms

    with explained("herald voices unpublish"):
        deployment = find_deployment(options.stack)
        _voices_of(deployment).unpublish(options.voice)
    print(f"Removed {options.voice} from {deployment.place}. Within a minute callers can no longer use it.")


def _prepared(voice: str, temporary: Path, architecture: str) -> Path:
    """Return the folder of a prepared voice: the one that `voice` names, or one made for the architecture."""
    from herald.speech.pack import Pack  # noqa: PLC0415  half a second of onnxruntime
    from herald.speech.voices.catalog import Catalog  # noqa: PLC0415
    from herald.speech.voices.install import take  # noqa: PLC0415

    if (folder := Path(voice)).is_dir():
        return Pack.read(folder.resolve()).voice.path
    return take(Catalog().find(voice), temporary, architecture=architecture).voice.path


def _voices_of(deployment: "Deployment") -> "S3Voices":
    from herald.aws.voices import S3Voices  # noqa: PLC0415

    return S3Voices(deployment.clients, bucket=deployment.resource("AudioBucket"))


def _row(published: "tuple[str, Entry]") -> tuple[str, ...]:
    name, entry = published
    voice = entry.voice
    state = "usable" if entry.usable else "of another version: publish it again"
    rate = f"{voice['sample_rate']} Hz"
    return name, voice["language_name"], rate, voice["quality"], voice["licence"], f"{entry.size / 1e6:.1f}", state
