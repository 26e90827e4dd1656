"""Where Herald is: as the command line says, else the environment, else the stack of this folder."""

import argparse
import json
import os
import shlex
from pathlib import Path

from herald.cli.batch.options import VARIABLE
from herald.cli.http import Api
from herald.errors import InvalidRequest

_LOCAL = Path(".local", "stack.json")
"""What `make run` writes."""


def api_of(options: argparse.Namespace) -> Api:
    """The Herald that a command is meant for; InvalidRequest where none is told."""
    url = options.url or os.environ.get(VARIABLE) or _local()
    if not url:
        raise InvalidRequest(
            f"Which Herald? Give --url, or set {VARIABLE}, to the stack's output ApiUrl; or start one here: make run",
            code="no_address",
        )
    return Api(url)


def command(options: argparse.Namespace, *words: str) -> str:
    """A command line of `herald batch` that reaches the same Herald."""
    return shlex.join(["herald", "batch", *words, *(["--url", options.url] if options.url else [])])


def _local() -> str | None:
    try:
        url = json.loads(_LOCAL.read_text(encoding="utf-8"))["api_url"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return url if isinstance(url, str) else None
