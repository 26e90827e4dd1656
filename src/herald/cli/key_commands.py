"""herald keys: create, list, rotate and revoke API keys, with the operator's AWS credentials."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from herald.cli.environment import STACK, TABLE
from herald.cli.parameters import Count, duration, expiry, json_option, stack_option

if TYPE_CHECKING:
    from herald.auth.api_keys import Key, KeyRing, PlaintextKey

_SCOPES = ("speech", "jobs", "batches")
_TENANT = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_LONGEST_NAME = 100
_MOST = 10**12
"""Of a quota; a number that clients of any language can read."""


def tenant_name(text: str) -> str:
    """Return a valid tenant."""
    if not _TENANT.fullmatch(text):
        raise click.BadParameter(f"'{text}' is not a tenant: use 1 to 63 of a-z, 0-9 and -, not starting with -.")
    return text


def display_name(text: str) -> str:
    """Return a valid display name."""
    if not text.isprintable() or len(text) > _LONGEST_NAME:
        raise click.BadParameter(f"a name must have at most {_LONGEST_NAME} printable characters.")
    return text


def scope_list(text: str) -> tuple[str, ...]:
    """Return the scopes of a comma-separated list."""
    scopes = tuple(scope for scope in re.split(r"[\s,]+", text) if scope)
    if not scopes or not set(scopes) <= set(_SCOPES):
        raise click.BadParameter(f"'{text}' is not a comma-separated list of {', '.join(_SCOPES)}.")
    return scopes


def key_id(text: str) -> str:
    """Return a key id; reject a complete key, without repeating the secret in the message."""
    if text.startswith("hk_"):
        raise click.BadParameter("that is a complete key; its id is the part between hk_ and the next _.")
    return text


def common_options[F: Callable[..., Any]](command: F) -> F:
    """Add --json, --table and --stack."""
    table = click.option("--table", help=f"key table (default: {TABLE}, else that of the local stack of make run)")
    stack = click.option("--stack", help=f"stack with the key table (default: {STACK})")
    return json_option(table(stack(command)))


id_argument = click.argument("key", metavar="ID", type=key_id)


@click.group()
def keys() -> None:
    """Manage the API keys of a deployment.

    Needs boto3, and AWS credentials (AWS_PROFILE, AWS_REGION) with write access to its key table; the local stack of
    'make run' has its own credentials.
    """


@keys.command(
    epilog="Example: herald keys create acme --name website --scopes speech --characters-a-day 100000 --expires 365d"
)
@click.argument("tenant", type=tenant_name)
@click.option("-n", "--name", type=display_name, default="", show_default=False, help="display name, such as website")
@click.option(
    "--tier", type=click.Choice(["standard", "vip"]), default="standard", help="vip is not queued behind standard"
)
@click.option(
    "--scopes",
    type=scope_list,
    default=",".join(_SCOPES),
    metavar="LIST",
    show_default=False,
    help="comma-separated: speech,jobs,batches (default: all)",
)
@click.option("--characters-a-day", type=Count(0, _MOST), metavar="N", help="daily quota (default: none)")
@click.option("--requests-a-second", type=Count(1, _MOST), metavar="N", help="rate limit (default: none)")
@click.option("--expires", type=expiry, metavar="TIME", help="expiry: 90d, 2027-12-31, or with a time (default: never)")
@common_options
def create(*, expires: datetime | None, table: str | None, stack: str | None, as_json: bool, **settings: Any) -> None:  # noqa: ANN401
    """Create a key and print it to standard output, once: only its digest is stored.

    Other output goes to standard error. TENANT owns the key: 1 to 63 of a-z, 0-9 and -, not starting with -.
    """
    from herald.auth.api_keys import KeySettings

    with key_ring(table, stack) as (ring, place):
        key, shown = ring.create(KeySettings(**settings, expires_at=expires))
    _log(f"Created key {key.id} of {key.tenant} in {place}: {_description(key)}.")
    _print_key(key, shown, as_json=as_json)


@keys.command("list")
@click.option("-t", "--tenant", type=tenant_name, help="only keys of this tenant")
@common_options
def list_keys(*, tenant: str | None, table: str | None, stack: str | None, as_json: bool) -> None:
    """List keys, including expired and revoked ones."""
    from herald.auth.caller import format_scopes
    from herald.cli.terminal import print_table
    from herald.clock import utc_now

    with key_ring(table, stack) as (ring, place):
        found = ring.list(tenant)
    if as_json:
        print(json.dumps([_as_dict(key) for key in found], indent=2))
        return
    _log(f"Keys in {place}:")
    rows = []
    for key in found:
        limits = ["-" if most is None else f"{most:,}" for most in (key.characters_a_day, key.requests_a_second)]
        state = key.state(utc_now()) + (f", replaced by {key.rotated_to}" if key.rotated_to else "")
        scopes = format_scopes(key.scopes).replace(" ", ",")
        rows.append((key.id, key.tenant, key.name, key.tier, scopes, *limits, state, _time(key.expires_at)))
    print_table(("KEY", "TENANT", "NAME", "TIER", "SCOPES", "CHARACTERS/DAY", "REQUESTS/S", "STATE", "EXPIRES"), *rows)


@keys.command(short_help="Create a key with the settings of another.")
@id_argument
@click.option("--grace", type=duration, default="7d", metavar="TIME", help="grace period of the old key: 12h, 7d ...")
@click.option(
    "--expires",
    type=expiry,
    metavar="TIME",
    help="expiry: 90d, 2027-12-31, or with a time (default: the lifetime of the old key)",
)
@common_options
def rotate(
    key: str, *, grace: timedelta, expires: datetime | None, table: str | None, stack: str | None, as_json: bool
) -> None:
    """Create a key with the settings of another, which stays valid for a grace period.

    Clients can switch in the meantime. The new key is printed to standard output, once.
    """
    with key_ring(table, stack) as (ring, place):
        old, new, shown = ring.rotate(key, grace=grace, expires_at=expires)
    _log(f"Created key {new.id} of {new.tenant} in {place}: {_description(new)}.")
    _log(f"The old key, {old.id}, is valid until {_time(old.expires_at)}.")
    _print_key(new, shown, as_json=as_json)


@keys.command()
@id_argument
@common_options
def revoke(key: str, *, table: str | None, stack: str | None, as_json: bool) -> None:
    """Revoke a key permanently. The authorizer and the streaming function cache keys for a minute."""
    with key_ring(table, stack) as (ring, place):
        revoked = ring.revoke(key)
    _log(
        f"Revoked key {revoked.id} of {revoked.tenant} in {place}. "
        "The authorizer and the streaming function may accept it for one more minute."
    )
    if as_json:
        print(json.dumps(_as_dict(revoked)))


@keys.command("webhook-secret")
@click.argument("tenant", type=tenant_name)
@stack_option
def webhook_secret(tenant: str, *, stack: str | None) -> None:
    """Print the secret with which a tenant verifies the signatures of its webhooks.

    It is derived from the deployment's secret in Secrets Manager, so every call prints the same until that is rotated.
    """
    from herald.aws.webhook_queue import WebhookSecret
    from herald.cli.deployment import explained, find_deployment
    from herald.jobs.webhook_message import shown_key, tenant_key

    with explained("herald keys"):
        deployment = find_deployment(stack)
        secret = WebhookSecret(deployment.clients, secret=deployment.resource("WebhookSecret"))
        current = secret.values()[0]
    _log(f"Secret of {tenant} for webhooks of {deployment.place}. Give it to this tenant only.")
    print(shown_key(tenant_key(current, tenant)))


@contextmanager
def key_ring(table: str | None, stack: str | None) -> "Iterator[tuple[KeyRing, str]]":
    """Yield the selected deployment's keys, and a description of their location for messages."""
    if table and stack:
        raise click.UsageError("--table and --stack exclude each other.")
    from herald.auth.api_keys import KeyRing
    from herald.aws.key_table import DynamoKeys
    from herald.cli.deployment import explained, find_deployment, operator_clients
    from herald.clock import utc_now

    with explained("herald keys"):
        table = table or (None if stack else os.environ.get(TABLE))
        if table:
            clients, place = operator_clients(), f"table {table}"
        else:
            deployment = find_deployment(stack)
            clients, place, table = deployment.clients, deployment.place, deployment.resource("KeyTable")
        yield KeyRing(DynamoKeys(clients.dynamodb, table=table), clock=utc_now), place


def _print_key(key: "Key", shown: "PlaintextKey", *, as_json: bool) -> None:
    """Print the complete key, the only time that it is available."""
    _log("Store the key now; it is not shown again.")
    print(json.dumps(_as_dict(key) | {"key": str(shown)}) if as_json else shown)


def _description(key: "Key") -> str:
    from herald.auth.caller import format_scopes

    limits = [f"{key.characters_a_day:,} characters a day"] if key.characters_a_day is not None else []
    limits += [f"{key.requests_a_second:,} requests a second"] if key.requests_a_second is not None else []
    ends = f"expires {_time(key.expires_at)}" if key.expires_at else "never expires"
    return ", ".join([f"tier {key.tier}", f"for {format_scopes(key.scopes)}", *limits, ends])


def _as_dict(key: "Key") -> dict[str, Any]:
    """Return a key as JSON values, without its digest."""
    from herald.auth.caller import format_scopes
    from herald.clock import utc_now

    shown = key.model_dump(mode="json", exclude={"digest", "scopes"})
    return shown | {"scopes": format_scopes(key.scopes).split(), "state": key.state(utc_now())}


def _time(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else "never"


def _log(line: str) -> None:
    print(line, file=sys.stderr)
