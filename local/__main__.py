"""Start and stop Herald on this machine."""

import argparse
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from local import ROOT, jobs
from local.http import Api
from local.progress import Failure, step, tail
from local.speak import curl, speak
from local.stack import Stack


def port(text: str) -> int:
    """Parse a port number."""
    if not text.isdecimal() or int(text) not in range(1, 65536):
        raise argparse.ArgumentTypeError(f"must be a port from 1 to 65535, not {text!r}")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    home = argparse.ArgumentParser(add_help=False)
    home.add_argument("--home", type=Path, default=ROOT / ".local", help="folder for all data (default: .local)")
    main = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = main.add_subparsers(required=True, metavar="up | down")
    start = commands.add_parser(
        "up", parents=[home], help="start the emulator, deploy and synthesize", description=up.__doc__
    )
    start.add_argument("--port", type=port, default=4566, help="port on 127.0.0.1 (default: 4566)")
    start.add_argument("--build", metavar="COMMAND", help="command that builds .local/build")
    start.add_argument("--build-container", metavar="COMMAND", help="command that builds what the GPU container needs")
    start.add_argument("--say", metavar="TEXT", help="a sentence to synthesize through the API")
    start.add_argument("--jobs", action="store_true", help="also run a job on each route")
    start.add_argument("--output", type=Path, default=Path("hello.wav"), help="output file (default: hello.wav)")
    start.set_defaults(command=up)
    stop = commands.add_parser("down", parents=[home], help="stop and remove the local stack", description=down.__doc__)
    stop.set_defaults(command=down)
    return main


def up(options: argparse.Namespace) -> None:
    """Start the emulator, deploy .local/build and synthesize a sentence. Fast if nothing has changed."""
    stack = Stack(options.home)
    container = partial(build_quietly, options.build_container) if options.build_container else None
    deployed = stack.up(options.port, lambda: build(options.build), container, wait=False)
    print(f"Herald runs at {deployed.api_url}")
    print(f"Its studio, a page for browsers: {deployed.api_url}/studio (the key is in {stack.record})")
    api = Api(deployed.api_url, deployed.api_key)
    if options.say:
        with log_of_emulator(stack):
            say(api, options.say, options.output)
    with step("Waiting for the streaming function and the GPU container"):
        stack.wait()
    if options.say:
        stream = Api(deployed.stream_url, deployed.api_key)
        print(f"Try streaming:\n  {curl(stream, options.say, options.output.with_suffix('.mp3'))}")
    if options.jobs:
        with log_of_emulator(stack):
            jobs.show(api, options.output)


@contextmanager
def log_of_emulator(stack: Stack) -> Iterator[None]:
    """Add the end of the emulator's log, with the logs of the functions, to a Failure."""
    try:
        yield
    except Failure as failure:
        log = stack.cloud.emulator.log
        raise Failure(f"{failure}\nThe end of {log}:\n{tail(log.read_text())}") from failure


def build(command: str | None) -> None:
    """Run a command, if any."""
    if command and subprocess.run(shlex.split(command), check=False).returncode:  # noqa: S603
        raise Failure("The build failed; its errors are above.")


def build_quietly(command: str) -> None:
    """Run a command, whose output is shown only if it fails."""
    done = subprocess.run(shlex.split(command), check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise Failure(f"`{command}` failed:\n{tail(done.stdout + done.stderr)}")


def say(api: Api, text: str, output: Path) -> None:
    """Synthesize a sentence twice: the first call may load the voice, the second has typical latency."""
    with step("First synthesis, which loads the voice"):
        speak(api, text)
    with step("Second synthesis"):
        spoken = speak(api, text)
    output.write_bytes(spoken.content)
    factor = spoken.wall_seconds / spoken.audio_seconds
    times = f"{spoken.audio_seconds:.2f} s of audio in {spoken.wall_seconds:.2f} s"
    print(f"{output}: {times}, real-time factor {factor:.2f}")
    mp3 = output.with_suffix(".mp3")
    print(f"Try it yourself; this writes {mp3}:\n  {curl(api, text, mp3)}")


def down(options: argparse.Namespace) -> None:
    """Stop the processes that `up` started and remove their data; keep the build output."""
    print("Stopped; nothing is left running." if Stack(options.home).down() else "Nothing is running.")


def main() -> int:
    """Run a command and return the exit status."""
    options = parser().parse_args()
    try:
        options.command(options)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted. `make run` continues from here; `make stop` removes everything.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
