"""Find the deployment and its key: from the command line, the environment, or the local stack of this folder."""

import argparse
import json
import os
import shlex
from pathlib import Path

from herald.cli.batch.options import KEY, VARIABLE
from herald.cli.http import Api
from herald.errors import InvalidRequest

_LOCAL = Path(".local", "stack.json")
"""Written by `make run`."""


def api_of(options: argparse.Namespace) -> Api:
    """Return a client of the deployment that the options select; raise InvalidRequest if there is no address."""
    local = _local()
    url = options.url or os.environ.get(VARIABLE) or local.get("api_url")
    if not url:
        raise InvalidRequest(
            f"No address given. Set --url or {VARIABLE} to the stack's output ApiUrl, or start a local stack: make run",
            code="no_address",
        )
    return Api(url, _key() or (local.get("api_key") if url == local.get("api_url") else None))


def command(options: argparse.Namespace, *words: str) -> str:
    """Return a `herald batch` command line for the same deployment, quoted for a shell."""
    return shlex.join(["herald", "batch", *words, *(["--url", options.url] if options.url else [])])


def _key() -> str | None:
    """Return the key from the environment, if set; raise InvalidRequest if it is not printable ASCII."""
    key = os.environ.get(KEY, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise InvalidRequest(
            f"{KEY} contains characters that are not valid in a key. Copy the complete key again.", code="invalid_key"
        )
    return key or None


def _local() -> dict[str, str]:
    try:
        record = json.loads(_LOCAL.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: value for name, value in record.items() if isinstance(value, str)} if isinstance(record, dict) else {}
