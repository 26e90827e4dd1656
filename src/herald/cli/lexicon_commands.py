"""herald lexicon: the lexicons of a deployment's tenant."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from herald.cli.environment import api_of
from herald.cli.parameters import json_option, url_option
from herald.errors import InvalidInput

if TYPE_CHECKING:
    from herald.cli.api_client import Json

LEXICONS = "/v1/lexicons"
_MEDIA_TYPES = {"json": "application/json", "csv": "text/csv", "pls": "application/pls+xml"}

name_argument = click.argument("name", metavar="NAME")


@click.group()
def lexicon() -> None:
    """Store, list, get and delete lexicons of a deployment: how the words of your tenant are said."""


@lexicon.command()
@name_argument
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE")
@click.option("--default/--no-default", default=None, help="apply the lexicon to requests that name no lexicons")
@click.option("--language", metavar="TAG", help="language of the lexicon if the file has none, for example en-US")
@url_option
@json_option
def put(name: str, file: Path, *, default: bool | None, language: str | None, url: str | None, as_json: bool) -> None:
    """Create or replace a lexicon with a .csv, .json or .pls file."""
    from herald.cli.api_client import resource_path
    from herald.speech.lexicons.files import format_of, parse_lexicon

    data, written = file.read_bytes(), format_of(file.name)
    try:
        parse_lexicon(data, written)  # the error names the file and the line, without a request
    except InvalidInput as error:
        raise type(error)(f"{file}: {error.message}", code=error.code) from None
    applies = None if default is None else str(default).lower()
    card = api_of(url).put(
        resource_path(LEXICONS, name), data, _MEDIA_TYPES[written], default=applies, language=language
    )
    _print(card, as_json=as_json)


@lexicon.command("list")
@url_option
@json_option
def list_lexicons(*, url: str | None, as_json: bool) -> None:
    """List all lexicons."""
    from herald.cli.terminal import print_table

    found = api_of(url).get(LEXICONS)["data"]
    if as_json:
        print(json.dumps(found, indent=2))
        return
    rows = [
        (
            one["name"],
            one["language"] or "any",
            f"{one['size']:,}",
            str(one["version"]),
            "yes" if one["default"] else "no",
            one["updated_at"],
        )
        for one in found
    ]
    print_table(("LEXICON", "LANGUAGE", "ENTRIES", "VERSION", "DEFAULT", "UPDATED"), *rows, numbers={2, 3})


@lexicon.command(short_help="Write a lexicon as JSON or PLS.")
@name_argument
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="a .json or .pls file")
@url_option
def get(name: str, *, output: Path | None, url: str | None) -> None:
    """Write a lexicon as JSON to standard output or, with --output, as JSON or PLS to a file."""
    from herald.cli.api_client import resource_path
    from herald.speech.lexicons.files import as_pls, format_of, stored_lexicon

    written = format_of(output.name) if output else "json"
    if written == "csv":
        raise click.BadParameter("Choose a .json or .pls file.", param_hint="--output")
    shown = api_of(url).get(resource_path(LEXICONS, name))
    entries = [{key: value for key, value in entry.items() if value is not None} for entry in shown["entries"]]
    found: dict[str, Any] = {"language": shown["language"], "entries": entries}
    as_json = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    text = as_json if written == "json" else as_pls(stored_lexicon(found))
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


@lexicon.command()
@name_argument
@url_option
@json_option
def delete(name: str, *, url: str | None, as_json: bool) -> None:
    """Delete a lexicon."""
    from herald.cli.api_client import resource_path

    _print(api_of(url).delete(resource_path(LEXICONS, name)), as_json=as_json)


def _print(card: "Json", *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(card, indent=2))
        return
    applies = f"{card['language']} voices" if card["language"] else "every voice"
    default = ", by default" if card["default"] else ""
    print(f"{card['name']}, version {card['version']}: {card['size']:,} entries for {applies}{default}")
