"""herald read: show how texts will be said."""

import json

import click

from herald.cli.parameters import input_files_option, json_option, lexicon_option, text_format_option
from herald.cli.say import input_texts
from herald.speech.lexicons.lexicon import Lexicon
from herald.speech.reading.markup import TextFormat
from herald.speech.reading.reader import preview


@click.command(
    epilog="""\b
Examples:
  herald read 'You owe $45 by 3/14.'
  herald read 'Il est 14h30.' --language fr-FR
  herald read 'Is nginx up?' --lexicon words.csv
  herald read -i letter.md --json"""
)
@click.argument("words", nargs=-1, metavar="[TEXT]...")
@input_files_option
@click.option(
    "-l", "--language", default="en-US", help="language of the text, with its region: en-GB, de-DE, es-MX, ..."
)
@text_format_option
@lexicon_option
@json_option
def read(
    words: tuple[str, ...],
    *,
    files: tuple[str, ...],
    language: str,
    text_format: TextFormat | None,
    lexicons: tuple[Lexicon, ...],
    as_json: bool,
) -> None:
    """Show each token of a text: as written, as said, and its kind. Without TEXT, or with '-', read standard input."""
    if files and words:
        raise click.UsageError("Give a text or --input, not both.")
    shown = [
        preview(text, language, text_format=text_format, lexicons=lexicons)
        for _, text in input_texts(words, files, lines=False, text_format=text_format)
    ]
    if as_json:
        for one in shown:
            print(json.dumps(one, ensure_ascii=False))
        return
    from herald.cli.terminal import print_table

    tokens = [token for one in shown for sentence in one["sentences"] for token in sentence["tokens"]]
    rows = [
        (
            " ".join(token["text"].split()),
            f"{token['words']} /{token['ipa']}/" if token.get("ipa") else token["words"],
            token["kind"],
        )
        for token in tokens
    ]
    print_table(("written", "said", "kind"), *rows)
