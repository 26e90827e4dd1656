"""Command-line options of herald keys. Models and AWS modules are imported only when a command runs."""

import argparse
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from herald.cli import Commands

TABLE, STACK = "HERALD_KEY_TABLE", "herald"
"""Environment variable with the table's name, and the default stack."""
_SCOPES = ("speech", "jobs", "batches")
_TENANT = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_TIME = re.compile(r"(\d{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST_NAME = 100

type Run = Callable[[argparse.Namespace], None]


def add_create(commands: "Commands") -> None:
    """Add the create command to the parser."""
    parser = commands.add_parser(
        "create",
        help="create a key for a tenant",
        description="Create a key and print it to standard output, once: only its digest is stored. Other output "
        "goes to standard error.",
        epilog="Example: herald keys create acme --name website --scopes speech --characters-a-day 100000 "
        "--expires 365d",
    )
    parser.add_argument(
        "tenant", type=_tenant, help="tenant that owns the key: 1 to 63 of a-z, 0-9 and -, not starting with -"
    )
    parser.add_argument("-n", "--name", type=_name, default="", help="display name, for example website")
    parser.add_argument(
        "--tier", choices=["standard", "vip"], default="standard", help="vip is not queued behind standard"
    )
    parser.add_argument(
        "--scopes",
        type=_scopes,
        default=_SCOPES,
        metavar="LIST",
        help="comma-separated: speech,jobs,batches (default: all)",
    )
    parser.add_argument("--characters-a-day", type=_count(0), metavar="N", help="daily quota (default: none)")
    parser.add_argument("--requests-a-second", type=_count(1), metavar="N", help="rate limit (default: none)")
    _add_expires(parser, "default: never")
    _add_common(parser, "create")


def add_others(commands: "Commands") -> None:
    """Add the other commands to the parser."""
    listing = commands.add_parser(
        "list", help="list keys", description="List keys, including expired and revoked ones."
    )
    listing.add_argument("-t", "--tenant", type=_tenant, help="only keys of this tenant")
    _add_common(listing, "show_list")
    rotate = _of_one(
        commands,
        "rotate",
        "replace a key",
        "Create a key with the settings of another. Both are valid during a grace period, so that clients can switch. "
        "The new key is printed to standard output, once.",
    )
    valid = "grace period of the old key: 12h, 7d ... (default: %(default)s)"
    rotate.add_argument("--grace", type=_duration, default="7d", metavar="TIME", help=valid)
    _add_expires(rotate, "default: the lifetime of the old key")
    _add_common(rotate, "rotate")
    revoke = _of_one(
        commands,
        "revoke",
        "revoke a key",
        "Revoke a key permanently. API Gateway and the streaming function cache keys for a minute.",
    )
    _add_common(revoke, "revoke")


def _of_one(commands: "Commands", name: str, does: str, description: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=does, description=description)
    parser.add_argument("id", type=_id, help="id of the key, as listed by herald keys list")
    return parser


def _add_expires(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--expires", type=_expiry, metavar="TIME", help=f"expiry: 90d, 2027-12-31, or with a time ({default})"
    )


def _add_common(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    where = parser.add_argument_group("deployment")
    named = where.add_mutually_exclusive_group()
    named.add_argument("--table", help=f"its key table (default: {TABLE}, else the local stack of make run)")
    named.add_argument("--stack", help=f"the stack of its key table (default: {STACK})")
    parser.set_defaults(run=_managed(name))


def _managed(name: str) -> Run:
    def run(options: argparse.Namespace) -> None:
        from herald.cli.keys import manage  # noqa: PLC0415  models and AWS, 100 ms

        act: Run = getattr(manage, name)
        act(options)

    return run


def _tenant(text: str) -> str:
    if not _TENANT.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a tenant: use 1 to 63 of a-z, 0-9 and -, not starting with -"
        )
    return text


def _name(text: str) -> str:
    if not text.isprintable() or len(text) > _LONGEST_NAME:
        raise argparse.ArgumentTypeError(f"a name must have at most {_LONGEST_NAME} printable characters")
    return text


def _scopes(text: str) -> tuple[str, ...]:
    scopes = tuple(scope for scope in re.split(r"[\s,]+", text) if scope)
    if not scopes or not set(scopes) <= set(_SCOPES):
        raise argparse.ArgumentTypeError(f"'{text}' is not a comma-separated list of {', '.join(_SCOPES)}")
    return scopes


def _count(least: int) -> Callable[[str], int]:
    def count(text: str) -> int:
        plain = text.replace("_", "").replace(",", "")
        if not (plain.isascii() and plain.isdecimal()) or int(plain) < least:
            raise argparse.ArgumentTypeError(f"'{text}' is not an integer of {least} or more")
        return int(plain)

    return count


def _id(text: str) -> str:
    """Return a key id; reject a complete key, without repeating the secret in the message."""
    if text.startswith("hk_"):
        raise argparse.ArgumentTypeError("that is a complete key; its id is the part between hk_ and the next _")
    return text


def _duration(text: str) -> timedelta:
    parts = _TIME.fullmatch(text)
    if not parts:
        raise argparse.ArgumentTypeError(f"'{text}' is not a duration, for example 12h, 7d or 2w")
    return timedelta(**{_UNITS[parts[2]]: int(parts[1])})


def _expiry(text: str) -> datetime:
    """Parse a duration from now, or an ISO 8601 time; times without an offset are local."""
    try:
        if _TIME.fullmatch(text):
            return datetime.now(UTC) + _duration(text)
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        example = "for example 90d, 2027-12-31 or 2027-12-31T12:00+01:00"
        raise argparse.ArgumentTypeError(f"'{text}' is not a time, {example}") from None
