"""herald keys create, list, rotate, revoke."""

import argparse
import json
import sys
from datetime import UTC, datetime
from typing import Any

from herald.auth.api_keys import Key, KeySettings, PlaintextKey
from herald.auth.caller import format_scopes
from herald.cli.keys.where import key_ring
from herald.cli.screen import table
from herald.clock import utc_now


def create(options: argparse.Namespace) -> None:
    """Create a key and print it."""
    settings = KeySettings(
        tenant=options.tenant,
        name=options.name,
        tier=options.tier,
        scopes=options.scopes,
        characters_a_day=options.characters_a_day,
        requests_a_second=options.requests_a_second,
        expires_at=options.expires,
    )
    with key_ring(options) as (keys, place):
        key, shown = keys.create(settings)
    _log(f"Created key {key.id} of {key.tenant} in {place}: {_settings(key)}.")
    _show(key, shown, options)


def rotate(options: argparse.Namespace) -> None:
    """Replace a key: create its successor, and let the old one expire after the grace period."""
    with key_ring(options) as (keys, place):
        old, new, shown = keys.rotate(options.id, grace=options.grace, expires_at=options.expires)
    _log(f"Created key {new.id} of {new.tenant} in {place}: {_settings(new)}.")
    _log(f"The old key, {old.id}, is valid until {_time(old.expires_at)}.")
    _show(new, shown, options)


def revoke(options: argparse.Namespace) -> None:
    """Revoke a key."""
    with key_ring(options) as (keys, place):
        key = keys.revoke(options.id)
    _log(
        f"Revoked key {key.id} of {key.tenant} in {place}. "
        "API Gateway and the streaming function may accept it for one more minute."
    )
    if options.json:
        print(json.dumps(_as_dict(key)))


def show_list(options: argparse.Namespace) -> None:
    """Print the keys."""
    with key_ring(options) as (keys, place):
        found = keys.list(options.tenant)
    if options.json:
        print(json.dumps([_as_dict(key) for key in found], indent=2))
        return
    _log(f"Keys in {place}:")
    table(("KEY", "TENANT", "NAME", "TIER", "SCOPES", "A DAY", "A SECOND", "STATE", "EXPIRES"), *map(_row, found))


def _show(key: Key, shown: PlaintextKey, options: argparse.Namespace) -> None:
    """Print the complete key, the only time that it is available."""
    _log("Store the key now; it is not shown again.")
    print(json.dumps(_as_dict(key) | {"key": str(shown)}) if options.json else shown)


def _settings(key: Key) -> str:
    limits = [f"{key.characters_a_day:,} characters a day"] if key.characters_a_day is not None else []
    limits += [f"{key.requests_a_second:,} requests a second"] if key.requests_a_second is not None else []
    ends = f"expires {_time(key.expires_at)}" if key.expires_at else "never expires"
    return ", ".join([f"tier {key.tier}", f"for {format_scopes(key.scopes)}", *limits, ends])


def _row(key: Key) -> tuple[str, ...]:
    return (
        key.id,
        key.tenant,
        key.name,
        key.tier,
        format_scopes(key.scopes).replace(" ", ","),
        _limit(key.characters_a_day),
        _limit(key.requests_a_second),
        _state(key),
        _time(key.expires_at) if key.expires_at else "never",
    )


def _limit(most: int | None) -> str:
    return "-" if most is None else f"{most:,}"


def _state(key: Key) -> str:
    state = key.state(utc_now())
    return f"{state}, replaced by {key.rotated_to}" if key.rotated_to else state


def _as_dict(key: Key) -> dict[str, Any]:
    """Return a key as JSON values, without its digest."""
    shown = key.model_dump(mode="json", exclude={"digest", "scopes"})
    return shown | {"scopes": format_scopes(key.scopes).split(), "state": key.state(utc_now())}


def _time(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else "never"


def _log(line: str) -> None:
    print(line, file=sys.stderr)
