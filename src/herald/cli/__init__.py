"""The command `herald`: speaks on this machine, without AWS; has a Herald in AWS speak batches."""

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
"""As a shell has it: 128, and the number of the signal."""
LIBRARIES = {"OPENBLAS_NUM_THREADS": "1", "ORT_DISABLE_TELEMETRY": "1"}
"""What processes of Herald tell libraries before they load them, as template.yaml tells the functions. numpy's BLAS, of
which nothing is used here, is to start no threads: they spin for a tenth of a second. onnxruntime is to report nothing.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; the exit status is 0, what the command says, or 1 with a message on standard error."""
    options = _parser().parse_args(arguments)
    os.environ.update(LIBRARIES | os.environ)
    logging.basicConfig(format="herald: %(message)s", level=logging.WARNING)
    try:
        return options.run(options) or 0
    except HeraldError as error:
        return _complain(error.message)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has read enough
    except OSError as error:
        return _complain(f"{error.filename or 'output'}: {error.strerror}")
    except KeyboardInterrupt:
        return _complain("stopped", _INTERRUPTED)
    return 0


def _complain(message: str, status: int = _FAILURE) -> int:
    print(f"herald: {message}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="herald",
        description="Speaks messages, with Piper voices.",
        epilog="Exit status: 0 done, 1 an error, which is told, 2 a wrong command line, 3 a batch that failed or was "
        "cancelled, 130 stopped by Ctrl-C.",
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
