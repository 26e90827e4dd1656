"""What commands read from the environment and from the working folder."""

import json
import os
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from herald.errors import InvalidRequest

if TYPE_CHECKING:
    from herald.cli.api_client import Api

URL, STREAM_URL, KEY, TABLE = "HERALD_URL", "HERALD_STREAM_URL", "HERALD_KEY", "HERALD_KEY_TABLE"
"""Environment variables with the addresses of the API and of streaming, the API key, and the name of the table of
keys."""
PROFILE, DEFAULT_PROFILE = "HERALD_PROFILE", "default"
"""Environment variable with the name of a profile of `herald login`, and the profile without it."""
STACK = "herald"
"""Default stack name, if there is no local stack of `make run`."""
LOCAL = Path(".local", "stack.json")
"""Written by `make run`."""
_ADDRESSES = ("api_url", "stream_url", "aws_endpoint_url")


def local_stack() -> dict[str, Any]:
    """Return the record of the local stack of `make run` in this folder; empty if there is none.

    A record with another address than this machine's is ignored: the folder may come from anyone, and keys and texts
    are sent to the address.
    """
    try:
        record = json.loads(LOCAL.read_text(encoding="utf-8"))
        if not isinstance(record, dict):
            return {}
        hosts = [urlsplit(record[name]).hostname or "" for name in _ADDRESSES if record.get(name)]
        return record if all(ip_address(host).is_loopback for host in hosts) else {}
    except (OSError, ValueError, AttributeError):
        return {}


def profiles_file() -> Path:
    """Return the file of `herald login`, in the user's configuration folder (XDG Base Directory Specification)."""
    folder = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(folder) if Path(folder).is_absolute() else Path.home() / ".config") / "herald" / "profiles.json"


def profiles() -> dict[str, dict[str, str]]:
    """Return the stored addresses and keys by profile; raise InvalidRequest if the file is damaged."""
    file = profiles_file()
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): {"url": str(one["url"]), "key": str(one["key"])} for name, one in stored.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, LookupError, TypeError, AttributeError):
        raise InvalidRequest(
            f"{file} is damaged. Delete it, and use herald login again.", code="bad_profiles"
        ) from None


def _profile() -> dict[str, str]:
    """Return the profile of HERALD_PROFILE, or the default one; empty if there is none."""
    wanted = os.environ.get(PROFILE)
    stored = profiles()
    if wanted and wanted not in stored:
        raise InvalidRequest(
            f"{PROFILE} names the profile '{wanted}', which is not stored. Store it: herald login {wanted} --url ...",
            code="unknown_profile",
        )
    return stored.get(wanted or DEFAULT_PROFILE, {})


def api_of(url: str | None) -> "Api":
    """Return a client of the API that the options and the environment select; raise InvalidRequest without one."""
    from herald.cli.api_client import Api

    return Api(*_address_and_key(url))


def _address_and_key(url: str | None) -> tuple[str, str | None]:
    """Return the API's address and its key, if any; raise InvalidRequest if there is no address.

    `url` is the option --url; without it HERALD_PROFILE counts, then HERALD_URL, the local stack, and the default
    profile. The keys of the local stack and of a profile are used for their own addresses only.
    """
    profile = _profile()
    if os.environ.get(PROFILE):
        url = url or profile.get("url")
    local = {name: value for name, value in local_stack().items() if isinstance(value, str)}
    url = url or os.environ.get(URL) or local.get("api_url") or profile.get("url")
    if not url:
        raise InvalidRequest(
            f"No address given. Set --url or {URL} to the stack's output ApiUrl, or start a local stack: make run. "
            "herald login stores an address and a key.",
            code="no_address",
        )
    key = os.environ.get(KEY, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise InvalidRequest(
            f"{KEY} contains characters that are not valid in a key. Copy the complete key again.", code="invalid_key"
        )
    is_profiles = os.environ.get(PROFILE) or not key
    if is_profiles and profile and _base(url) == _base(profile["url"]):
        return url, profile["key"]
    return url, key or (local.get("api_key") if _base(url) == _base(local.get("api_url", "")) else None)


def _base(url: str) -> str:
    """Return an address as Api has it, for comparison."""
    return url.strip().rstrip("/").removesuffix("/v1")


def install_hint(extra: str) -> str:
    """Return the command that installs an extra in Herald's folder."""
    return f".tools/uv/bin/uv pip install --python .venv -e '.[{extra}]'"
