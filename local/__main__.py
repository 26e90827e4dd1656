"""Bring Herald up on this machine, and take it down again."""

import argparse
import sys
from pathlib import Path

from local import ROOT, jobs
from local.http import Api
from local.progress import Failure, step, tail
from local.speak import curl, speak
from local.stack import Stack


def port(text: str) -> int:
    """Read a port number."""
    if not text.isdecimal() or int(text) not in range(1, 65536):
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text!r}")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    home = argparse.ArgumentParser(add_help=False)
    home.add_argument("--home", type=Path, default=ROOT / ".local", help="folder for all it keeps (default: .local)")
    main = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = main.add_subparsers(required=True, metavar="up | down")
    start = commands.add_parser("up", parents=[home], help="start, deploy and speak", description=up.__doc__)
    start.add_argument("--port", type=port, default=4566, help="port on 127.0.0.1 (default: 4566)")
    start.add_argument("--say", metavar="TEXT", help="a sentence to speak through the API once it is there")
    start.add_argument("--jobs", action="store_true", help="have a job done by each route, too")
    start.add_argument("--output", type=Path, default=Path("hello.wav"), help="where to write it (default: hello.wav)")
    start.set_defaults(command=up)
    stop = commands.add_parser("down", parents=[home], help="end and remove it", description=down.__doc__)
    stop.set_defaults(command=down)
    return main


def up(options: argparse.Namespace) -> None:
    """Start an AWS on this machine, deploy what .local/build holds, and speak a sentence; quick if nothing changed."""
    stack = Stack(options.home)
    deployed = stack.up(options.port)
    print(f"Herald runs at {deployed.api_url}")
    api = Api(deployed.api_url, deployed.api_key)
    try:
        if options.say:
            say(api, options.say, options.output)
            stream = Api(deployed.stream_url, deployed.api_key)
            print(f"Streamed, while it is spoken:\n  {curl(stream, options.say, options.output.with_suffix('.mp3'))}")
        if options.jobs:
            jobs.show(api, options.output)
    except Failure as failure:
        log = stack.cloud.emulator.log
        raise Failure(f"{failure}\nThe end of {log}:\n{tail(log.read_text())}") from failure


def say(api: Api, text: str, output: Path) -> None:
    """Speak a sentence twice: the first call may wait for the voice to load, the second is what callers see."""
    with step("Speaking a first time, with a voice to load"):
        speak(api, text)
    with step("Speaking a second time"):
        spoken = speak(api, text)
    output.write_bytes(spoken.content)
    factor = spoken.wall_seconds / spoken.audio_seconds
    times = f"{spoken.audio_seconds:.2f} s of audio in {spoken.wall_seconds:.2f} s"
    print(f"{output}: {times}, real-time factor {factor:.2f}")
    mp3 = output.with_suffix(".mp3")
    print(f"Try it yourself; this writes {mp3}:\n  {curl(api, text, mp3)}")


def down(options: argparse.Namespace) -> None:
    """End exactly what `up` started and remove its data; the build output stays."""
    print("Stopped; nothing is left running." if Stack(options.home).down() else "Nothing is running.")


def main() -> int:
    """Run a command; failures are told in words."""
    options = parser().parse_args()
    try:
        options.command(options)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted. `make run` goes on from here; `make stop` removes all of it.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
