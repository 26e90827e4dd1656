"""herald say: synthesize a text on this machine."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from herald.errors import UnsupportedFormat
from herald.speech.audio.formats import FORMATS, find_format
from herald.speech.subtitles import as_json, as_srt, as_vtt
from herald.speech.voices.catalog import DEFAULT_VOICE, Catalog

if TYPE_CHECKING:
    from herald.cli import Commands

type _Writer = Callable[..., str]

_MARKS: dict[str, _Writer] = {".json": lambda _, marks, **_unused: as_json(marks), ".srt": as_srt, ".vtt": as_vtt}
"""Writers of mark files, by extension."""


def add(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("say", help="synthesize a text on this machine", description="Synthesize a text.")
    parser.add_argument("text", nargs="?", help="the text; omitted or '-': read standard input")
    parser.add_argument("-i", "--input", metavar="FILE", help="read the text from a file")
    parser.add_argument(
        "-o", "--output", metavar="FILE", default="speech.mp3", help="'-': standard output (default: %(default)s)"
    )
    parser.add_argument(
        "-v",
        "--voice",
        default=DEFAULT_VOICE,
        help="a voice listed by 'herald voices', or a path (default: %(default)s)",
    )
    parser.add_argument("-s", "--speaker", help="speaker of a multi-speaker voice, by name or number")
    parser.add_argument("-f", "--format", help=f"{', '.join(FORMATS)} (default: from the file's extension)")
    parser.add_argument(
        "-r", "--sample-rate", type=int, metavar="HZ", help="default: the voice's own, or one that the format supports"
    )
    parser.add_argument("--speed", type=float, default=1.0, help="0.25 to 4.0 (default: %(default)s)")
    parser.add_argument(
        "--marks",
        metavar="FILE",
        help=f"also write the time of each word: {', '.join(_MARKS)}",
    )
    parser.set_defaults(run=_say)


def _say(options: argparse.Namespace) -> None:
    format_name = options.format or _format_of(options.output)
    find_format(format_name)
    write_marks = _marks_writer(options.marks)
    text = _text(options)
    from herald.speech.audio.encoding import encode  # noqa: PLC0415  half a second, not needed by --help
    from herald.speech.voice import Voice  # noqa: PLC0415

    speaker = int(options.speaker) if (options.speaker or "").isdigit() else options.speaker
    audio = Voice.load(_voice_path(options.voice)).synthesize(text, speed=options.speed, speaker=speaker)
    _write(options.output, encode(audio, format_name, sample_rate=options.sample_rate))
    if write_marks:
        Path(options.marks).write_text(
            write_marks(text, audio.marks, seconds=audio.seconds), encoding="utf-8", newline="\n"
        )
    if options.output != "-" and sys.stderr.isatty():
        print(f"{options.output}: {audio.seconds:.1f} s", file=sys.stderr)


def _text(options: argparse.Namespace) -> str:
    if options.input:
        return Path(options.input).read_text(encoding="utf-8")
    if options.text not in {None, "-"}:
        return str(options.text)
    if sys.stdin.isatty():
        print("Type the text, then press Ctrl-D.", file=sys.stderr)
    return sys.stdin.read()


def _format_of(output: str) -> str:
    ending = Path(output).suffix[1:].lower()
    if output == "-" or not ending:
        return "mp3"
    by_extension = {made.extension: made.name for made in reversed(FORMATS.values())}
    if ending not in by_extension:
        endings = ", ".join(f".{one}" for one in by_extension)
        raise UnsupportedFormat(
            f"The extension of '{output}' is not a format. Set --format, or use one of these extensions: {endings}."
        )
    return by_extension[ending]


def _marks_writer(file: str | None) -> _Writer | None:
    if file is None:
        return None
    ending = Path(file).suffix.lower()
    if ending not in _MARKS:
        raise UnsupportedFormat(f"Cannot write marks to '{file}'. Use one of these extensions: {', '.join(_MARKS)}.")
    return _MARKS[ending]


def _voice_path(voice: str) -> Path:
    return Path(voice) if Path(voice).exists() else Catalog().find(voice).path


def _write(output: str, data: bytes) -> None:
    if output == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        Path(output).write_bytes(data)
