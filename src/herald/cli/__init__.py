"""The command `herald`: speaks on this machine, without AWS."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from herald import __version__
from herald.cli import say, voices
from herald.errors import HeraldError

type Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_FAILURE = 1
LIBRARIES = {"OPENBLAS_NUM_THREADS": "1", "ORT_DISABLE_TELEMETRY": "1"}
"""What processes of Herald tell libraries before they load them, as template.yaml tells the functions. numpy's BLAS, of
which nothing is used here, is to start no threads: they spin for a tenth of a second. onnxruntime is to report nothing.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; the exit status is 0, or 1 with a message on standard error."""
    options = _parser().parse_args(arguments)
    os.environ.update(LIBRARIES | os.environ)
    logging.basicConfig(format="herald: %(message)s", level=logging.WARNING)
    try:
        options.run(options)
    except HeraldError as error:
        return _complain(error.message)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has read enough
    except OSError as error:
        return _complain(f"{error.filename or 'output'}: {error.strerror}")
    except KeyboardInterrupt:
        return _complain("stopped")
    return 0


def _complain(message: str) -> int:
    print(f"herald: {message}", file=sys.stderr)
    return _FAILURE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="herald", description="Speaks messages, with Piper voices.")
    parser.add_argument("--version", action="version", version=f"herald {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    say.add(commands)
    voices.add(commands)
    return parser
