"""What can be asked of herald keys. Names no module that a command needs before it runs: the others need none."""

import argparse
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from herald.cli import Commands

TABLE, STACK = "HERALD_KEY_TABLE", "herald"
"""The environment's name for the table; the stack in which it is looked for where nothing else is told."""
_SCOPES = ("speech", "jobs", "batches")
_TENANT = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_TIME = re.compile(r"(\d{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST_NAME = 100

type Run = Callable[[argparse.Namespace], None]


def add_create(commands: "Commands") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "create",
        help="make a key for a tenant",
        description="Make a key. Standard output has the key, whole, this once: only a digest of it is kept. All else "
        "is on standard error.",
        epilog="As in: herald keys create acme --name website --scopes speech --characters-a-day 100000 --expires 365d",
    )
    parser.add_argument("tenant", type=_tenant, help="who pays: 1 to 63 of a-z, 0-9 and -, not - first")
    parser.add_argument("-n", "--name", type=_name, default="", help="for people, as website")
    parser.add_argument(
        "--tier", choices=["standard", "vip"], default="standard", help="vip does not wait behind standard"
    )
    parser.add_argument(
        "--scopes", type=_scopes, default=_SCOPES, metavar="LIST", help="of speech,jobs,batches (default: all)"
    )
    parser.add_argument("--characters-a-day", type=_count(0), metavar="N", help="quota of a day (default: none)")
    parser.add_argument("--requests-a-second", type=_count(1), metavar="N", help="quota of a second (default: none)")
    _add_expires(parser, "default: never")
    _add_common(parser, "create")


def add_others(commands: "Commands") -> None:
    """Describe the commands."""
    listing = commands.add_parser("list", help="list keys", description="List keys, also those that have ended.")
    listing.add_argument("-t", "--tenant", type=_tenant, help="only those of a tenant")
    _add_common(listing, "show_list")
    rotate = _of_one(
        commands,
        "rotate",
        "make a key that takes another's place",
        "Make a key with another's settings. For some time both are valid, so that callers can change over. Standard "
        "output has the new key, whole, this once.",
    )
    valid = "how long the old one is valid: 12h, 7d ... (default: %(default)s)"
    rotate.add_argument("--grace", type=_duration, default="7d", metavar="TIME", help=valid)
    _add_expires(rotate, "default: it lives as long as the old one did")
    _add_common(rotate, "rotate")
    revoke = _of_one(
        commands,
        "revoke",
        "end a key",
        "Revoke a key for good. API Gateway and the streaming function cache keys for a minute.",
    )
    _add_common(revoke, "revoke")


def _of_one(commands: "Commands", name: str, does: str, description: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=does, description=description)
    parser.add_argument("id", type=_id, help="of the key, as herald keys list has it")
    return parser


def _add_expires(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--expires", type=_expiry, metavar="TIME", help=f"when: 90d, or 2027-12-31, or with a time ({default})"
    )


def _add_common(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    where = parser.add_argument_group("which Herald")
    named = where.add_mutually_exclusive_group()
    named.add_argument("--table", help=f"the table of its keys (default: {TABLE}, else what make run started here)")
    named.add_argument("--stack", help=f"the stack of its table (default: {STACK}, where nothing else is told)")
    parser.set_defaults(run=_managed(name))


def _managed(name: str) -> Run:
    def run(options: argparse.Namespace) -> None:
        from herald.cli.keys import manage  # noqa: PLC0415  models and AWS, 100 ms

        act: Run = getattr(manage, name)
        act(options)

    return run


def _tenant(text: str) -> str:
    if not _TENANT.fullmatch(text):
        raise argparse.ArgumentTypeError(f"'{text}' is no tenant: 1 to 63 of a-z, 0-9 and -, not - first")
    return text


def _name(text: str) -> str:
    if not text.isprintable() or len(text) > _LONGEST_NAME:
        raise argparse.ArgumentTypeError(f"a name is up to {_LONGEST_NAME} printable characters")
    return text


def _scopes(text: str) -> tuple[str, ...]:
    scopes = tuple(scope for scope in re.split(r"[\s,]+", text) if scope)
    if not scopes or not set(scopes) <= set(_SCOPES):
        raise argparse.ArgumentTypeError(f"'{text}' is no list of {', '.join(_SCOPES)}")
    return scopes


def _count(least: int) -> Callable[[str], int]:
    def count(text: str) -> int:
        plain = text.replace("_", "").replace(",", "")
        if not (plain.isascii() and plain.isdecimal()) or int(plain) < least:
            raise argparse.ArgumentTypeError(f"'{text}' is no number from {least} on")
        return int(plain)

    return count


def _id(text: str) -> str:
    """An id; not a whole key, which is pasted as easily, and which no message may repeat."""
    if text.startswith("hk_"):
        raise argparse.ArgumentTypeError("that is a whole key; its id is what stands between hk_ and the next _")
    return text


def _duration(text: str) -> timedelta:
    parts = _TIME.fullmatch(text)
    if not parts:
        raise argparse.ArgumentTypeError(f"'{text}' is no time, as 12h, 7d or 2w")
    return timedelta(**{_UNITS[parts[2]]: int(parts[1])})


def _expiry(text: str) -> datetime:
    """A time from now, or a moment; without its zone it is of this machine."""
    try:
        if _TIME.fullmatch(text):
            return datetime.now(UTC) + _duration(text)
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"'{text}' is no time, as 90d, 2027-12-31 or 2027-12-31T12:00+01:00") from None
