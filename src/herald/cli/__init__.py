"""The `herald` command: local synthesis, and administration of a Herald deployment in AWS."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from herald import __version__
from herald.cli import batch, cost, doctor, keys, say, voices
from herald.errors import HeraldError

type Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_FAILURE = 1
_INTERRUPTED = 130
"""128 plus the number of SIGINT, the convention of shells."""
LIBRARIES = {"OPENBLAS_NUM_THREADS": "1", "ORT_DISABLE_TELEMETRY": "1"}
"""Environment variables set before libraries are loaded; template.yaml sets the same for the functions.

OpenBLAS is not used here, and its idle threads would spin for a tenth of a second. onnxruntime's telemetry is off.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status.

    Errors return 1, after a message on standard error. `arguments` defaults to sys.argv.
    """
    options = _parser().parse_args(arguments)
    os.environ.update(LIBRARIES | os.environ)
    logging.basicConfig(format="herald: %(message)s", level=logging.WARNING)
    try:
        return options.run(options) or 0
    except HeraldError as error:
        return _report_error(error.message)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of the pipe has exited; keep the interpreter from reporting it at exit
    except OSError as error:
        return _report_error(f"{error.filename or 'output'}: {error.strerror}")
    except KeyboardInterrupt:
        return _report_error("interrupted", _INTERRUPTED)
    return 0


def _report_error(message: str, status: int = _FAILURE) -> int:
    print(f"herald: {message}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="herald",
        description="Synthesize voice messages with Piper voices.",
        epilog="Exit status: 0 success, 1 error, 2 invalid command line, 3 the watched batch failed or was cancelled, "
        "130 interrupted by Ctrl-C.",
    )
    parser.add_argument("--version", action="version", version=f"herald {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    say.add(commands)
    voices.add(commands)
    batch.add(commands)
    cost.add(commands)
    keys.add(commands)
    doctor.add(commands)
    return parser
