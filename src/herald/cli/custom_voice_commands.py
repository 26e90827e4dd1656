"""herald voices enrol, delete and disable: tenants' custom voices in a deployment."""

import json
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import click

from herald.cli.environment import api_of
from herald.cli.key_commands import tenant_name
from herald.cli.parameters import command_line, json_option, stack_option, url_option

CONSENTS, VOICES = "/v1/audio/voice_consents", "/v1/audio/voices"
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_WAITING = frozenset({"pending", "checking"})
_PAUSE = 2.0
"""Seconds between polls of a voice that is being checked."""
_REFUSED = 3


@click.command(epilog="Exit status: 3 if the voice is refused or failed.")
@click.argument("name", required=False)
@click.argument("sample", type=_FILE, required=False)
@click.argument("consent", type=_FILE, required=False)
@click.option("-l", "--language", metavar="TAG", default="en", help="language of the sentence, for example en or en-US")
@click.option("--method", type=click.Choice(["matched", "pocket"]), default="matched", help="how the voice is made")
@click.option("--timeout", type=click.FloatRange(min=0), default=1_800, help="seconds to wait for the check")
@url_option
@json_option
def enrol(
    name: str | None,
    sample: Path | None,
    consent: Path | None,
    *,
    language: str,
    method: str,
    timeout: float,
    url: str | None,
    as_json: bool,
) -> int:
    """Enrol a person's voice in a deployment.

    Without arguments, print a new sentence, which the person reads aloud within an hour. Then send both recordings:
    SAMPLE, of other sentences, and CONSENT.
    """
    api = api_of(url)
    if name is None:
        _print_sentence(api.get(f"{CONSENTS}/sentence", language=language), language, url, as_json=as_json)
        return 0
    if sample is None or consent is None:
        raise click.UsageError("Give NAME, SAMPLE and CONSENT together, or none of them to get a new sentence.")
    made = api.post_form(CONSENTS, {"name": name, "language": language}, field="recording", file=consent)
    texts = {"name": name, "consent": made["id"], "method": method}
    voice = api.post_form(VOICES, texts, field="audio_sample", file=sample)
    until = monotonic() + timeout
    while voice["state"] in _WAITING and monotonic() < until:
        sleep(_PAUSE)
        voice = api.get(f"{VOICES}/{voice['id']}")
    _print_voice(voice, as_json=as_json)
    return _REFUSED if voice["state"] in {"refused", "failed"} else 0


@click.command()
@click.argument("voice")
@url_option
def delete(voice: str, *, url: str | None) -> None:
    """Delete a custom voice of your tenant, with its recording and every file spoken in it."""
    from herald.cli.api_client import resource_path

    print(f"Deleted {api_of(url).delete(resource_path(VOICES, voice))['id']}, with every file spoken in it.")


@click.command(short_help="Stop a tenant's custom voice at once, or enable it again.")
@click.argument("voice", required=False)
@click.option("--tenant", required=True, type=tenant_name, metavar="NAME", help="the tenant of the voice")
@click.option("--all", "every", is_flag=True, help="all voices of the tenant, future ones included")
@click.option("--undo", is_flag=True, help="enable it again")
@stack_option
def disable(voice: str | None, *, tenant: str, every: bool, undo: bool, stack: str | None) -> None:
    """Stop a tenant's custom voice at once: for requests, for jobs that wait, and for results that arrive later."""
    from herald.aws.custom_voice_storage import AwsCustomVoiceStore
    from herald.cli.deployment import explained, find_deployment
    from herald.jobs import custom_voice_records

    if (voice is None) != every:
        raise click.UsageError("Give either the id of a voice, or --all for all voices of the tenant.")
    with explained("herald voices disable"):
        deployment = find_deployment(stack)
        store = AwsCustomVoiceStore(
            deployment.clients, table=deployment.resource("KeyTable"), bucket=deployment.resource("AudioBucket")
        )
        custom_voice_records.disable(store, tenant, voice, disabled=not undo)
    subject = voice or f"All voices of {tenant}"
    print(f"{subject}: {'enabled' if undo else 'disabled'}, in {deployment.place}")


def _print_sentence(sentence: dict[str, Any], language: str, url: str | None, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(sentence, ensure_ascii=False, indent=2))
        return
    option = [] if language == "en" else ["--language", language]
    command = command_line("voices", "enrol", "NAME", "SAMPLE", "CONSENT", *option, url=url)
    print(
        f"Record a person who reads this aloud, within an hour:\n\n  {sentence['sentence']}\n\n"
        "Record other sentences of the same person, 10 to 30 seconds. Then send both files:\n\n"
        f"  {command}"
    )


def _print_voice(voice: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(voice, ensure_ascii=False, indent=2))
        return
    print(f"{voice['id']}: {voice['state']}")
    for refusal in voice["refusals"]:
        print(f"{refusal['code']}: {refusal['message']}")
    if voice["state"] == "ready":
        print(f"Likeness to the sample: {voice['likeness']}. Preview: {voice['preview_url']}")
