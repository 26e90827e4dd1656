"""herald voices: list, add, prepare and publish voices."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from herald.cli.consent_commands import check, consent
from herald.cli.custom_voice_commands import delete, disable, enrol
from herald.cli.parameters import architecture_option, json_option, stack_option
from herald.errors import UnknownVoice, VoiceNotPrepared
from herald.speech.voices import catalog
from herald.speech.voices.catalog import CARD, Catalog, VoiceInfo, prepared_info

if TYPE_CHECKING:
    from herald.aws.voice_store import PublishedVoice, S3Voices
    from herald.cli.deployment import Deployment
    from herald.speech.voices.published import Published


@click.group(invoke_without_command=True)
@click.option(
    "--stack",
    is_flag=False,
    flag_value="",
    help="list the voices published for this deployment; without a value: the local stack of 'make run', else herald",
)
@click.option("--url", help="list the voices of the deployment at this address, the stack's output ApiUrl")
@json_option
@click.pass_context
def voices(context: click.Context, *, stack: str | None, url: str | None, as_json: bool) -> None:
    """List the voices of this machine; with --url, of a deployment; with --stack, those published for one."""
    if context.invoked_subcommand:
        return
    if url is not None:
        _list_served(url, as_json=as_json)
        return
    if stack is not None:
        _list_published(stack, as_json=as_json)
        return
    _list_local(as_json=as_json)


voices.add_command(consent)
voices.add_command(check)
for own in (enrol, delete, disable):
    voices.add_command(own)


@voices.command("list", hidden=True)
@json_option
def list_voices(*, as_json: bool) -> None:
    """List the voices of this machine, as the command without a subcommand does."""
    _list_local(as_json=as_json)


@voices.command()
@click.argument("voice")
@click.option("-o", "--output", metavar="FOLDER", default="voices", help="parent of the voice's folder")
@architecture_option("this machine's")
def build(voice: str, output: str, architecture: str | None) -> None:
    """Prepare a Piper voice: split, optimise and measure its model. Needs the onnx package.

    VOICE is the .onnx file of a Piper voice, with its .onnx.json next to it, or the name of a local voice.
    """
    from herald.speech import prepare

    model = Path(voice) if voice.endswith(".onnx") else Catalog().find(voice).path
    if model.is_dir():
        raise VoiceNotPrepared(f"{voice} is already prepared, in {model}. Name the .onnx file of a Piper voice.")
    folder = Path(output) / model.stem
    print(f"{folder}: {_description(prepare.build(model, folder, architecture=architecture or '').voice)}")


@voices.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "-l",
    "--list",
    "pattern",
    is_flag=False,
    flag_value="",
    metavar="FILTER",
    help="list the catalogue's voices that match FILTER, or all, instead",
)
@click.option("-o", "--output", metavar="FOLDER", help="parent of the voice's folder (default: your voice folder)")
@click.option("--catalog", "address", metavar="URL", help="a mirror of the folder that contains voices.json")
@architecture_option("this machine's")
@click.option("--force", is_flag=True, help="download voices that are already here")
def add(
    names: tuple[str, ...],
    *,
    pattern: str | None,
    output: str | None,
    address: str | None,
    architecture: str | None,
    force: bool,
) -> None:
    """Download voices from Piper's public catalogue, about 60 MB each, and prepare them.

    Voices that are already on this machine are not downloaded again. NAME is, for example, en_GB-alan-medium.
    """
    from herald.speech.voices.published import LISTED, PIPER_VOICES, Published

    published = Published(address or PIPER_VOICES)
    if pattern is not None:
        found = published.search(pattern)
        rows = [(one.key, one.language, one.quality, str(one.speakers), f"{one.size / 1e6:.0f}") for one in found]
        _print_table(("VOICE", "LANGUAGE", "QUALITY", "SPEAKERS", "MB"), *rows)
    elif not names:
        raise UnknownVoice(f"Name a voice to add. {LISTED}")
    folder = Path(output) if output else catalog.user_folder()
    for name in names:
        installed = None if force else _install_local(name, published, folder, architecture or "")
        print(installed or _download(name, published, folder, architecture or ""))


@voices.command()
@click.argument("voice", metavar="NAME")
@stack_option
@architecture_option("the deployment's")
def publish(voice: str, stack: str | None, architecture: str | None) -> None:
    """Upload a voice of this machine to the audio bucket of a deployment.

    The API lists it within a minute; functions download it on first use. An already published voice is replaced.
    NAME is a voice listed by 'herald voices', or the folder of a prepared voice.
    """
    from herald.aws.stacks import architecture_of
    from herald.cli.deployment import explained, find_deployment
    from herald.cli.terminal import transfer_progress
    from herald.clock import utc_now

    with explained("herald voices publish"), tempfile.TemporaryDirectory() as temporary:
        deployment = find_deployment(stack)
        function = deployment.resource("SpeechFunction")
        architecture = architecture or architecture_of(deployment.clients.lambda_, function)
        folder = _prepared(voice, Path(temporary), architecture)
        with transfer_progress(folder.name, "uploading") as report:
            entry = _voices_of(deployment).publish(folder, at=utc_now(), report=report)
    print(
        f"Published {folder.name} ({entry.size / 1e6:.1f} MB) in {deployment.place}. It is available within a minute."
    )


@voices.command()
@click.argument("voice", metavar="NAME")
@stack_option
def unpublish(voice: str, stack: str | None) -> None:
    """Remove a published voice, one listed by 'herald voices --stack', from a deployment.

    The API stops listing it within a minute.
    """
    from herald.cli.deployment import explained, find_deployment

    with explained("herald voices unpublish"):
        deployment = find_deployment(stack)
        _voices_of(deployment).unpublish(voice)
    print(f"Removed {voice} from {deployment.place}. It becomes unavailable within a minute.")


def _list_local(*, as_json: bool) -> None:
    found = Catalog().voices.values()
    if as_json:
        print(json.dumps([asdict(info) | {"path": str(info.path)} for info in found], indent=2, default=str))
        return
    rows = [
        (
            info.id,
            info.language_name,
            info.gender,
            f"{info.sample_rate} Hz",
            info.quality,
            str(len(info.speakers) or 1),
            info.runs_on,
            _licence(info),
        )
        for info in found
    ]
    _print_table(("VOICE", "LANGUAGE", "GENDER", "RATE", "QUALITY", "SPEAKERS", "RUNS ON", "LICENCE"), *rows)


def _list_served(url: str, *, as_json: bool) -> None:
    from herald.cli.environment import api_of

    found = api_of(url).get("/v1/voices")["data"]
    if as_json:
        print(json.dumps(found, indent=2))
        return
    rows = [
        (
            one["id"],
            one["language_name"],
            one["gender"],
            f"{one['sample_rate']} Hz",
            str(len(one["speakers"]) or 1),
            "yes" if one.get("realtime", True) else "jobs only",  # an earlier deployment does not say
            one["licence"] if one["commercial_use"] else f"NOT FOR COMMERCIAL USE ({one['data_licence']})",
            ", ".join(one["aliases"]),
        )
        for one in found
    ]
    _print_table(("VOICE", "LANGUAGE", "GENDER", "RATE", "SPEAKERS", "REAL TIME", "LICENCE", "ALSO"), *rows)


def _list_published(stack: str, *, as_json: bool) -> None:
    from herald.cli.deployment import explained, find_deployment

    with explained("herald voices --stack"):
        deployment = find_deployment(stack)
        entries = _voices_of(deployment).entries()
    if as_json:
        found = [
            {"id": name, "voice": entry.voice, "bytes": entry.size, "usable": entry.usable}
            for name, entry in entries.items()
        ]
        print(json.dumps(found, indent=2))
    elif entries:
        header = ("VOICE", "LANGUAGE", "RATE", "QUALITY", "LICENCE", "MB", "STATE")
        rows = [
            (
                name,
                entry.voice["language_name"],
                f"{entry.voice['sample_rate']} Hz",
                entry.voice["quality"],
                entry.voice["licence"],
                f"{entry.size / 1e6:.1f}",
                _state_of(entry),
            )
            for name, entry in entries.items()
        ]
        _print_table(header, *rows)
    else:
        print(f"No voices are published in {deployment.place}. Publish one: herald voices publish NAME")


def _state_of(entry: "PublishedVoice") -> str:
    if not entry.usable:
        return "incompatible version: publish it again"
    return "usable in jobs" if entry.voice.get("needs_gpu") else "usable"


def _print_table(header: tuple[str, ...], *rows: tuple[str, ...]) -> None:
    from herald.cli.terminal import print_table

    print_table(header, *rows)


def _description(info: VoiceInfo) -> str:
    return f"{info.language_name}, {info.sample_rate} Hz, licence {_licence(info)}"


def _licence(info: VoiceInfo) -> str:
    """Return the licence of a voice's model, and that of its data if it forbids commercial use."""
    return info.licence if info.commercial else f"NOT FOR COMMERCIAL USE ({info.data_licence})"


def _install_local(name: str, published: "Published", folder: Path, architecture: str) -> str | None:
    """Copy or prepare a voice of this machine into `folder`; return a line for the user, or None if it is not here."""
    from herald.speech.voices.install import is_ready, take

    here = Catalog([folder]).voices
    info = here.get(name) or here.get(published.find(name).key)
    if info is None or (info.prepared and not is_ready(info.path)):
        return None
    if info.path == folder / info.id:
        return f"{info.path}: already installed; use --force to download it again"
    return f"{folder / info.id}: {_description(take(info, folder, architecture=architecture).voice)}"


def _download(name: str, published: "Published", folder: Path, architecture: str) -> str:
    from herald.cli.terminal import transfer_progress
    from herald.speech.voices import install

    voice = published.find(name)
    with transfer_progress(voice.key) as report:
        pack = install.add(voice, folder, report, architecture=architecture)
    return f"{folder / voice.key}: {_description(pack.voice)}"


def _prepared(voice: str, temporary: Path, architecture: str) -> Path:
    """Return the folder of a prepared voice: `voice` itself, or one prepared for the architecture."""
    from herald.speech.pack import Pack
    from herald.speech.voices.install import take

    if (folder := Path(voice)).is_dir():
        if (folder / CARD).is_file() and prepared_info(folder).engine == "kokoro":
            return folder.resolve()
        return Pack.read(folder.resolve()).voice.path
    return take(Catalog().find(voice), temporary, architecture=architecture).voice.path


def _voices_of(deployment: "Deployment") -> "S3Voices":
    from herald.aws.voice_store import S3Voices

    return S3Voices(deployment.clients, bucket=deployment.resource("AudioBucket"))
