"""herald say: synthesize texts on this machine."""

import json
import os
import re
import stat
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from herald.cli.parameters import input_files_option, lexicon_option, pause_option, text_format_option
from herald.cli.text_files import decode_text, read_text
from herald.errors import UnsupportedFormat
from herald.speech.audio.formats import FORMATS, find_format
from herald.speech.pauses import Pauses
from herald.speech.reading.markup import TextFormat, detect, readable
from herald.speech.ssml.document import begins_ssml
from herald.speech.ssml.document import characters as ssml_characters
from herald.speech.text import refuse_stray_ssml
from herald.speech.voices.catalog import DEFAULT_VOICE

if TYPE_CHECKING:
    from herald.cli.local_speech import LocalSpeech, SpokenText
    from herald.speech.lexicons.lexicon import Lexicon

DEFAULT_OUTPUT, UNPLAYED = "speech.mp3", "speech.wav"
"""The file without --output, and the one with the sound that no program could play."""
_MARKS = (".json", ".srt", ".vtt")
"""Extensions of mark files."""
_UNUSUAL = re.compile(rb"PK\x03\x04|<|-->|WEBVTT")
"""Bytes that documents have near the beginning. For other texts the readers of documents need not be imported."""
_BEGINNING = 1_000
_EXCLUSIVE = (
    ("output_dir", "marks", "--output-dir excludes --marks, which names one file."),
    ("files", "words", "Give a text or --input, not both."),
    ("ssml", "text_format", "--ssml excludes --text-format."),
)
_DOCUMENTS = {".txt", ".md", ".markdown", ".html", ".htm", ".epub", ".docx", ".srt", ".vtt"}


@click.command(
    epilog="""\b
Examples:
  herald say hello there                                 plays it, or writes speech.mp3 without a player
  herald say -i notes.docx -o notes.mp3 --marks notes.srt
  herald say -i one.txt -i two.txt --output-dir audio    audio/one.mp3 and audio/two.mp3
  herald say -i lines.txt --lines --output-dir audio     a file for each line
  herald say 'Is nginx up?' --lexicon words.csv          pronounces its words
  herald say '<speak>Wait <break time="1s"/> here.</speak>'
  herald say -i book.txt -o - | ffplay -nodisp -         streamed while it is synthesized"""
)
@click.argument("words", nargs=-1, metavar="[TEXT]...")
@input_files_option
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help=f"'-': standard output (default: play it on a terminal with a player, else {DEFAULT_OUTPUT})",
)
@click.option("--output-dir", metavar="FOLDER", type=click.Path(path_type=Path), help="write a file for each text")
@click.option("--lines", is_flag=True, help="with --output-dir: write a file for each line that is not empty")
@click.option("-p", "--play", is_flag=True, help="play the sound also if standard output is not a terminal")
@click.option("-v", "--voice", default=DEFAULT_VOICE, help="a voice of 'herald voices', an OpenAI name, or a path")
@click.option("-s", "--speaker", help="speaker of a multi-speaker voice, by name or number")
@click.option("-f", "--format", "format_name", help=f"{', '.join(FORMATS)} (default: from the file's extension)")
@click.option(
    "-r", "--sample-rate", type=int, metavar="HZ", help="default: the voice's own, or one that the format supports"
)
@click.option("--speed", type=float, default=1.0, help="0.25 to 4.0")
@text_format_option
@click.option("--ssml", is_flag=True, help="the text is SSML (default: if it begins with <speak>); docs/ssml.md")
@pause_option
@lexicon_option
@click.option("--marks", metavar="FILE", help=f"also write the time of each word: {', '.join(_MARKS)}")
@click.option("--json", "as_json", is_flag=True, help="print a line of JSON for each file")
def say(
    words: tuple[str, ...],
    *,
    files: tuple[str, ...],
    output: str | None,
    output_dir: Path | None,
    lines: bool,
    play: bool,
    voice: str,
    speaker: str | None,
    format_name: str | None,
    sample_rate: int | None,
    speed: float,
    text_format: TextFormat | None,
    ssml: bool,
    pause: dict[str, int] | None,
    lexicons: tuple["Lexicon", ...],
    marks: str | None,
    as_json: bool,
) -> None:
    """Synthesize a text. Without TEXT, or with '-', read standard input."""
    _check_options(locals())
    format_name = format_name or ("wav" if play else format_of(output or DEFAULT_OUTPUT))
    find_format(format_name)
    texts = input_texts(words, files, lines=lines, text_format=text_format)
    targets = [output or DEFAULT_OUTPUT]
    if output_dir:
        targets = _targets([name for name, _ in texts], output_dir, find_format(format_name).extension)
    from herald.cli import local_speech

    is_default = not (output or output_dir or marks or as_json or play) and format_name == "mp3"
    if is_default and sys.stdout.isatty() and local_speech.can_play():
        play, format_name = True, "wav"
    pauses = Pauses(**{name: milliseconds / 1000 for name, milliseconds in (pause or {}).items()})
    speech = local_speech.LocalSpeech.load(
        voice,
        speaker=speaker,
        speed=speed,
        pauses=pauses,
        lexicons=lexicons,
        format_name=format_name,
        sample_rate=sample_rate,
    )
    for (_, marked_up), target in zip(texts, targets, strict=True):
        text, known = _spoken(marked_up, "ssml" if ssml else text_format)
        if target == "-" and not (marks or _stdout_is_file()):
            speech.stream(text, text_format=known)
        elif not (play and local_speech.play_wav(speech.speak(text, text_format=known).data)):
            if play:
                target = UNPLAYED  # noqa: PLW2901  instead of the sound
                print(f"No program could play the sound here; it is in {target}.", file=sys.stderr)
            spoken = speech.speak(text, text_format=known, marks=bool(marks))
            _write(target, spoken.data)
            if marks:
                Path(marks).write_text(_marks_file(marks, text, spoken, known), encoding="utf-8", newline="\n")
            _report(target, text, known, spoken, speech, as_json=as_json)


def _spoken(marked_up: str, text_format: TextFormat | None) -> tuple[str, TextFormat]:
    """Return the text to speak, and its format: an SSML document as it is, of other markup only the text.

    Raise SsmlNotSupported for a text with SSML tags that is no document, unless a `text_format` is given.
    """
    if text_format == "ssml" or (text_format is None and begins_ssml(marked_up)):
        return marked_up, "ssml"
    if text_format is None:
        refuse_stray_ssml(marked_up)
    return readable(marked_up, text_format or detect(marked_up)).text, "plain"


def _marks_file(name: str, text: str, spoken: "SpokenText", text_format: TextFormat) -> str:
    """Return the marks of a text in the format of the file's extension. Subtitles show SSML without its tags."""
    from herald.speech import subtitles

    extension, marks = Path(name).suffix.lower(), spoken.marks
    if extension == ".json":
        return subtitles.as_json(marks)
    if text_format == "ssml":
        bare = readable(text, "ssml")
        text = bare.text
        marks = [replace(one, text_start=bare.at(one.text_start), text_end=bare.at(one.text_end)) for one in marks]
    write = subtitles.as_srt if extension == ".srt" else subtitles.as_vtt
    return write(text, marks, seconds=spoken.seconds)


def input_texts(
    words: Sequence[str], files: Sequence[str], *, lines: bool, text_format: TextFormat | None = None
) -> list[tuple[str, str]]:
    """Return the texts of a command, each with the name of its file without extension.

    With `lines`, each line of an input that is not empty is a text of its own, named after its number. Of a Markdown
    file the text is returned, unless a `text_format` is given.
    """
    if files:
        if files.count("-") > 1:
            raise click.UsageError("--input - can be given once: it is standard input.")
        texts = [
            ("speech", _standard_input())
            if file == "-"
            else (Path(file).stem, _file_text(Path(file), as_markdown=text_format is None))
            for file in files
        ]
    elif words and list(words) != ["-"]:
        if len(words) == 1 and Path(words[0]).suffix.lower() in _DOCUMENTS and Path(words[0]).is_file():
            command = click.get_current_context().command_path
            print(f"{words[0]} is also a file; for its contents use: {command} -i {words[0]}", file=sys.stderr)
        texts = [("speech", " ".join(words))]
    else:
        texts = [("speech", _standard_input())]
    if not lines:
        return texts
    return [
        (f"{name}-{number:04}", line)
        for name, text in texts
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]


def _standard_input() -> str:
    """Return the text on standard input, which may be a document."""
    if sys.stdin.isatty():
        print("Type the text, then press Ctrl-D.", file=sys.stderr)
    data = sys.stdin.buffer.read()
    if not _UNUSUAL.search(data[:_BEGINNING]):
        return decode_text(data, "Standard input")
    from herald.cli.documents import document_text

    return document_text(data, "Standard input")


def _file_text(file: Path, *, as_markdown: bool) -> str:
    """Return the text of a file, by its content."""
    if file.suffix.lower() == ".txt":
        with file.open("rb") as opened:
            is_usual = not _UNUSUAL.search(opened.read(_BEGINNING))
        if is_usual:
            return read_text(file)
    from herald.cli.documents import read_document

    return read_document(file, as_markdown=as_markdown)


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


def _check_options(options: Mapping[str, Any]) -> None:
    """Raise UsageError for options that exclude each other, UnsupportedFormat for marks of another extension."""
    given = [name for name in ("output", "output_dir", "play") if options[name]]
    if len(given) > 1:
        raise click.UsageError("--output, --output-dir and --play exclude each other.")
    if options["play"] and (options["format_name"] or options["marks"] or options["as_json"]):
        raise click.UsageError("--play excludes --format, --marks and --json.")
    if not options["output_dir"] and (options["lines"] or len(options["files"]) > 1):
        raise click.UsageError("Several texts need --output-dir, the folder for their files.")
    if options["as_json"] and options["output"] == "-":
        raise click.UsageError("--json and '--output -' both write to standard output.")
    for one, other, fault in _EXCLUSIVE:
        if options[one] and options[other]:
            raise click.UsageError(fault)
    marks = options["marks"]
    if marks is not None and Path(marks).suffix.lower() not in _MARKS:
        raise UnsupportedFormat(f"Cannot write marks to '{marks}'. Use one of these extensions: {', '.join(_MARKS)}.")


def _targets(names: Sequence[str], folder: Path, extension: str) -> list[str]:
    """Return a file of the folder for each text; create the folder."""
    targets = [str(folder / f"{name}.{extension}") for name in names]
    if twice := [target for target, count in Counter(targets).items() if count > 1]:
        raise click.UsageError(f"Two inputs would be written to {twice[0]}. Rename one, or use two commands.")
    folder.mkdir(parents=True, exist_ok=True)
    return targets


def _stdout_is_file() -> bool:
    """Return whether standard output is a file, which gets a complete header; a pipe gets the audio at once."""
    try:
        return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError):  # closed, or replaced by an object without a descriptor
        return False


def _write(target: str, data: bytes) -> None:
    if target == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        Path(target).write_bytes(data)


def _report(
    target: str, text: str, text_format: TextFormat, spoken: "SpokenText", speech: "LocalSpeech", *, as_json: bool
) -> None:
    """Report the written file: as JSON on standard output, else in a line on a terminal's standard error."""
    if as_json:
        characters = ssml_characters(text) if text_format == "ssml" else len(text)
        about = {"file": target, "format": speech.format_name, "seconds": round(spoken.seconds, 3)}
        print(json.dumps(about | {"characters": characters, "voice": speech.voice.info.id}), flush=True)
    elif target != "-" and sys.stderr.isatty():
        print(f"{target}: {spoken.seconds:.1f} s", file=sys.stderr)
