"""herald say: synthesize a text on this machine."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from herald.errors import UnsupportedFormat
from herald.speech.audio.formats import FORMATS, find_format
from herald.speech.marks import Mark
from herald.speech.subtitles import as_json, as_srt, as_vtt
from herald.speech.voices.catalog import DEFAULT_VOICE, Catalog

_MARKS: dict[str, Callable[[str, Sequence[Mark]], str]] = {
    ".json": lambda _, marks: as_json(marks),
    ".srt": as_srt,
    ".vtt": as_vtt,
}
"""Writers of mark files, by extension."""


@click.command()
@click.argument("text", required=False)
@click.option("-i", "--input", "file", metavar="FILE", help="read the text from a file")
@click.option("-o", "--output", metavar="FILE", default="speech.mp3", help="'-': standard output")
@click.option("-v", "--voice", default=DEFAULT_VOICE, help="a voice listed by 'herald voices', or a path")
@click.option("-s", "--speaker", help="speaker of a multi-speaker voice, by name or number")
@click.option("-f", "--format", "format_name", help=f"{', '.join(FORMATS)} (default: from the file's extension)")
@click.option(
    "-r", "--sample-rate", type=int, metavar="HZ", help="default: the voice's own, or one that the format supports"
)
@click.option("--speed", type=float, default=1.0, help="0.25 to 4.0")
@click.option("--marks", metavar="FILE", help=f"also write the time of each word: {', '.join(_MARKS)}")
def say(
    text: str | None,
    *,
    file: str | None,
    output: str,
    voice: str,
    speaker: str | None,
    format_name: str | None,
    sample_rate: int | None,
    speed: float,
    marks: str | None,
) -> None:
    """Synthesize a text; without one, or with '-', standard input."""
    format_name = format_name or format_of(output)
    find_format(format_name)
    if marks is not None and Path(marks).suffix.lower() not in _MARKS:
        raise UnsupportedFormat(f"Cannot write marks to '{marks}'. Use one of these extensions: {', '.join(_MARKS)}.")
    from herald.cli.text_files import decode_text, read_text

    if file:
        text = read_text(Path(file))
    elif text in {None, "-"}:
        if sys.stdin.isatty():
            print("Type the text, then press Ctrl-D.", file=sys.stderr)
        text = decode_text(sys.stdin.buffer.read(), "Standard input")
    from herald.speech.audio.encoding import encode
    from herald.speech.voice import Voice

    number = int(speaker) if speaker and speaker.isdecimal() else speaker
    path = Path(voice) if Path(voice).exists() else Catalog().find(voice).path
    audio = Voice.load(path).synthesize(text, speed=speed, speaker=number)
    data = encode(audio, format_name, sample_rate=sample_rate)
    if output == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        Path(output).write_bytes(data)
    if marks:
        written = _MARKS[Path(marks).suffix.lower()](text, audio.marks)
        Path(marks).write_text(written, encoding="utf-8", newline="\n")
    if output != "-" and sys.stderr.isatty():
        print(f"{output}: {audio.seconds:.1f} s", file=sys.stderr)


def format_of(output: str) -> str:
    """Return the format of a file's extension; mp3 without one; raise UnsupportedFormat for another extension."""
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
