"""The `herald` command: local synthesis, clients of a deployment, and its administration in AWS."""

import codecs
import io
import json
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from herald.cli.root import COMPLETION, root
from herald.errors import HeraldError

_FAILURE = 1
_INTERRUPTED = 130
"""128 plus the number of SIGINT, the convention of shells."""
_ESCAPES = "herald.escapes"
"""Error handler of standard output."""
LIBRARIES = {"OPENBLAS_NUM_THREADS": "1", "ORT_DISABLE_TELEMETRY": "1"}
"""Environment variables set before libraries are loaded; template.yaml sets the same for the functions.

OpenBLAS is not used here, and its idle threads would spin for a tenth of a second. onnxruntime's telemetry is off.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status.

    Errors return 1, after a message on standard error; invalid command lines return 2. `arguments` defaults to
    sys.argv.
    """
    os.environ.update(LIBRARIES | os.environ)
    _prepare_streams()
    logging.basicConfig(format="herald: %(message)s", level=logging.WARNING)
    message = ""
    try:
        status = _run(list(sys.argv[1:] if arguments is None else arguments))
        _flush()
    except HeraldError as error:
        message, status = error.message, _FAILURE
    except BrokenPipeError:  # the reader of the pipe has exited
        with suppress(OSError):
            _flush()
        status = 0
    except UnicodeEncodeError:  # of a request; standard output escapes them
        message, status = "An argument contains bytes that are not valid text. Use UTF-8.", _FAILURE
    except OSError as error:
        with suppress(OSError):
            _flush()
        message, status = f"{error.filename or 'output'}: {error.strerror}", _FAILURE
    except (KeyboardInterrupt, click.Abort):  # the latter at a prompt
        message, status = "interrupted", _INTERRUPTED
    if message:
        print(f"herald: {message}", file=sys.stderr)
    return status


def _run(arguments: list[str]) -> int:
    if instruction := os.environ.get(COMPLETION):
        from click.shell_completion import shell_complete

        return shell_complete(root, {}, "herald", COMPLETION, instruction)
    try:
        with root.make_context("herald", arguments) as context:
            return root.invoke(context) or 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code


def _prepare_streams() -> None:
    """Replace streams that the caller closed, and escape characters that standard output cannot encode."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115  open until the process ends
    codecs.register_error(_ESCAPES, _escaped)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=_ESCAPES)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""Return characters as \uXXXX, which JSON allows."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _flush() -> None:
    """Write what is buffered; drop what cannot be written, because Python would report it at exit, with status 120."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise
