"""herald voices disable: the operator's switch for tenants' own voices."""

import click

from herald.cli.parameters import stack_option
from herald.errors import InvalidRequest


@click.command()
@click.argument("voice", required=False)
@click.option("--tenant", required=True, metavar="NAME", help="the tenant of the voice")
@click.option("--all", "every", is_flag=True, help="all voices of the tenant, future ones included")
@click.option("--undo", is_flag=True, help="let it speak again")
@stack_option
def disable(voice: str | None, *, tenant: str, every: bool, undo: bool, stack: str | None) -> None:
    """Stop a tenant's own voice at once: for requests, for jobs that wait, and for results that arrive later."""
    from herald.aws.own_voice_store import AwsOwnVoiceStore
    from herald.cli.deployment import explained, find_deployment
    from herald.jobs import own_voice_store

    if (voice is None) != every:
        raise InvalidRequest("Name a voice, or send --all for all voices of the tenant.")
    with explained("herald voices disable"):
        deployment = find_deployment(stack)
        store = AwsOwnVoiceStore(
            deployment.clients, table=deployment.resource("KeyTable"), bucket=deployment.resource("AudioBucket")
        )
        own_voice_store.disable(store, tenant, voice, disabled=not undo)
    subject = voice or f"All voices of {tenant}"
    print(f"{subject}: {'enabled' if undo else 'disabled'}, in {deployment.place}")
