"""Types and options that several commands have."""

import errno
import math
import os
import re
import shlex
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import click

from herald.cli.environment import KEY, PROFILE, URL
from herald.errors import InvalidInput
from herald.speech.pauses import LONGEST_PAUSE, Pauses

_CLOCK = re.compile(r"\d\d:\d\d")
_DURATION = re.compile(r"(\d{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Count(click.IntRange):
    """An integer; commas or underscores may separate thousands."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """Return the number of a text; fail for digits of other scripts."""
        if not value.isascii():
            self.fail(f"{value!r} is not an integer.", param, ctx)
        return super().convert(value.replace(",", ""), param, ctx)


class Number(click.FloatRange):
    """A number in a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """Return the number; fail for nan, which click accepts in every range."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


def deadline(text: str) -> str:
    """Return a time in ISO 8601 with its offset. Local time by default; a clock time means its next occurrence."""
    now = datetime.now().astimezone()
    try:
        if _CLOCK.fullmatch(text):
            today = datetime.combine(now, time.fromisoformat(text)).astimezone()
            return (today if today > now else today + timedelta(days=1)).isoformat()
        return datetime.fromisoformat(text).astimezone().isoformat()
    except (ValueError, OverflowError):
        raise click.BadParameter(f"'{text}' is not a time, for example 12:00 or 2027-01-31T12:00+01:00.") from None


def duration(text: str) -> timedelta:
    """Return the time span that a text such as 12h, 7d or 2w describes."""
    parts = _DURATION.fullmatch(text)
    if not parts:
        raise click.BadParameter(f"'{text}' is not a duration, for example 12h, 7d or 2w.")
    return timedelta(**{_UNITS[parts[2]]: int(parts[1])})


def expiry(text: str) -> datetime:
    """Return the time after a duration from now, or of an ISO 8601 time; times without an offset are local."""
    try:
        if _DURATION.fullmatch(text):
            return datetime.now(UTC) + duration(text)
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        example = "for example 90d, 2027-12-31 or 2027-12-31T12:00+01:00"
        raise click.BadParameter(f"'{text}' is not a time, {example}.") from None


def pair(text: str) -> tuple[str, str]:
    """Return the two sides of NAME=VALUE."""
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"'{text}' is not NAME=VALUE, for example campaign=spring.")
    return name, value


def _milliseconds(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, int] | None:
    """Return the pauses of NAME=MS options by their names in the API; None without any."""
    pauses = {}
    for text in given:
        name, equals, value = text.partition("=")
        name = name.replace("-", "_")
        if name not in Pauses._fields or not equals:
            known = ", ".join(Pauses._fields).replace("_", "-")
            raise click.BadParameter(f"'{text}' is not NAME=MS with one of these names: {known}.", ctx, param)
        pauses[name] = Count(0, round(LONGEST_PAUSE * 1000)).convert(value, param, ctx)
    return pauses or None


def _writable[T: (str, Path | None)](_ctx: click.Context, _param: click.Parameter, output: T) -> T:
    """Return the path of a file to write; raise OSError, before a request is sent, if it cannot be written."""
    if output is not None:
        path = Path(output)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        path.parent.stat()
    return output


def output_option[F: Callable[..., Any]](**settings: Any) -> Callable[[F], F]:  # noqa: ANN401  those of click.option
    """Return the option --output of a command whose result costs money: it is checked first."""
    return click.option("-o", "--output", metavar="FILE", callback=_writable, **settings)


pause_option = click.option(
    "--pause",
    multiple=True,
    metavar="NAME=MS",
    callback=_milliseconds,
    help="milliseconds of silence: sentence=150, paragraph=500, lead-in=40, tail=0; repeatable",
)
json_option = click.option("--json", "as_json", is_flag=True, help="print JSON")
stack_option = click.option("--stack", help="the deployment (default: the local stack of 'make run', else herald)")
url_option = click.option(
    "--url",
    help=f"address of Herald, the stack's output ApiUrl (default: the profile of {PROFILE}, else {URL}, else the local "
    f"stack of make run, else the default profile of herald login); {KEY} sets its key",
)


def command_line(*words: str, url: str | None) -> str:
    """Return a `herald` command for the deployment of the option --url, quoted for a shell."""
    return shlex.join(["herald", *words, *(["--url", url] if url else [])])


input_type_option = click.option(
    "--input-type",
    type=click.Choice(["ssml", "text"]),
    help="text: read tags as text (default: ssml if the text begins with <speak>)",
)
input_files_option = click.option(
    "-i",
    "--input",
    "files",
    multiple=True,
    metavar="FILE",
    help="read a .txt, .md, .html, .epub, .docx or .srt file, '-' for standard input; repeatable",
)
lexicon_names_option = click.option(
    "--lexicon",
    "lexicons",
    multiple=True,
    callback=lambda _ctx, _param, names: list(names) or None,
    metavar="NAME",
    help="a lexicon of 'herald lexicon list'; repeatable (default: the tenant's default lexicons)",
)
text_format_option = click.option(
    "--text-format",
    type=click.Choice(["plain", "markdown", "html"]),
    help="format of the text (default: recognized)",
)


def architecture_option[F: Callable[..., Any]](default: str) -> Callable[[F], F]:
    """Return the option --architecture; `default` describes what applies without it."""
    return click.option(
        "--architecture",
        type=click.Choice(["x86_64", "arm64"]),
        help=f"processor to prepare the voice for (default: {default})",
    )


def _lexicons(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> tuple[Any, ...]:
    """Return the lexicons of files, and those of emoji."""
    if not given:
        return ()
    from herald.speech.lexicons.files import format_of, parse_lexicon
    from herald.speech.lexicons.lexicon import EMOJI, emoji_names

    found: list[Any] = []
    for name in given:
        if name == EMOJI:
            found += emoji_names()
            continue
        try:
            found.append(parse_lexicon(Path(name).read_bytes(), format_of(name)))
        except OSError as error:
            raise click.BadParameter(f"'{name}' cannot be read: {error.strerror}.", ctx, param) from None
        except InvalidInput as error:
            raise type(error)(f"{name}: {error.message}", code=error.code) from None
    return tuple(found)


lexicon_option = click.option(
    "--lexicon",
    "lexicons",
    multiple=True,
    metavar="FILE",
    callback=_lexicons,
    help="pronunciations: a .csv, .json or .pls file, or herald:emoji for names of emoji; repeatable",
)
