"""Where Herald is, and its key: as the command line says, else the environment, else the stack of this folder."""

import argparse
import json
import os
import shlex
from pathlib import Path

from herald.cli.batch.options import KEY, VARIABLE
from herald.cli.http import Api
from herald.errors import InvalidRequest

_LOCAL = Path(".local", "stack.json")
"""What `make run` writes."""


def api_of(options: argparse.Namespace) -> Api:
    """The Herald that a command is meant for; InvalidRequest where none is told."""
    here = _local()
    url = options.url or os.environ.get(VARIABLE) or here.get("api_url")
    if not url:
        raise InvalidRequest(
            f"Which Herald? Give --url, or set {VARIABLE}, to the stack's output ApiUrl; or start one here: make run",
            code="no_address",
        )
    return Api(url, _key() or (here.get("api_key") if url == here.get("api_url") else None))


def command(options: argparse.Namespace, *words: str) -> str:
    """A command line of `herald batch` that reaches the same Herald."""
    return shlex.join(["herald", "batch", *words, *(["--url", options.url] if options.url else [])])


def _key() -> str | None:
    """The environment's key; InvalidRequest for one that no header can carry."""
    key = os.environ.get(KEY, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise InvalidRequest(f"{KEY} holds signs that no key has. Copy the key again, whole.", code="invalid_key")
    return key or None


def _local() -> dict[str, str]:
    try:
        record = json.loads(_LOCAL.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: value for name, value in record.items() if isinstance(value, str)} if isinstance(record, dict) else {}
