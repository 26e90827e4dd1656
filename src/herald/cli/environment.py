"""What commands read from the environment and from the working folder."""

import json
import os
from pathlib import Path
from typing import Any

from herald.errors import InvalidRequest

URL, STREAM_URL, KEY, TABLE = "HERALD_URL", "HERALD_STREAM_URL", "HERALD_KEY", "HERALD_KEY_TABLE"
"""Environment variables with the addresses of the API and of streaming, the API key, and the name of the table of
keys."""
STACK = "herald"
"""Default stack name, if there is no local stack of `make run`."""
LOCAL = Path(".local", "stack.json")
"""Written by `make run`."""
DISTRIBUTION = "herald-speech"
"""The name of Herald as a package; the package `herald` of public indexes is another project."""


def local_stack() -> dict[str, Any]:
    """Return the record of the local stack of `make run` in this folder; empty if there is none."""
    try:
        record = json.loads(LOCAL.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def address_and_key(url: str | None) -> tuple[str, str | None]:
    """Return the API's address and its key, if any; raise InvalidRequest if there is no address.

    `url` is the option --url; without it the environment counts, then the local stack. The key of the local stack is
    used for its own address only.
    """
    local = {name: value for name, value in local_stack().items() if isinstance(value, str)}
    url = url or os.environ.get(URL) or local.get("api_url")
    if not url:
        raise InvalidRequest(
            f"No address given. Set --url or {URL} to the stack's output ApiUrl, or start a local stack: make run",
            code="no_address",
        )
    key = os.environ.get(KEY, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise InvalidRequest(
            f"{KEY} contains characters that are not valid in a key. Copy the complete key again.", code="invalid_key"
        )
    return url, key or (local.get("api_key") if url == local.get("api_url") else None)


def install_hint(extra: str) -> str:
    """Return the command that installs Herald with an extra."""
    return f"pip install '{DISTRIBUTION}[{extra}]'"
