"""Read and write lexicons as files: JSON, CSV with a header line, and PLS."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import PurePath
from typing import Any, Literal, NamedTuple

from herald.errors import InvalidInput, InvalidLexicon, InvalidText
from herald.speech.ipa import ALPHABETS, parse_pronunciation
from herald.speech.lexicons.lexicon import LONGEST_ALIAS, LONGEST_WORD, MOST_ENTRIES, Entry, Lexicon
from herald.speech.lexicons.pls import parse_pls, write_pls
from herald.speech.ssml.document import begins_ssml
from herald.speech.text import speakable, valid

type LexiconFormat = Literal["json", "csv", "pls"]

MOST_BYTES = 1_000_000
COLUMNS = ("word", "alias", "ipa", "x-sampa", "case", "language")
"""Columns of a CSV file; `word` and one of the next three are required."""
_ENDINGS: Mapping[str, LexiconFormat] = {".json": "json", ".csv": "csv", ".tsv": "csv", ".pls": "pls", ".xml": "pls"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_SAID = ("alias", *ALPHABETS)
_EXAMPLE = '{"language": "en-US", "entries": [{"word": "nginx", "alias": "engine x"}]}'


class _Row(NamedTuple):
    """An entry of a file before its checks, and its position."""

    where: str
    values: Mapping[str, str]


def format_of(name: str) -> LexiconFormat:
    """Return the format of a file by its extension; raise InvalidLexicon for another one."""
    ending = PurePath(name).suffix.lower()
    if ending not in _ENDINGS:
        raise InvalidLexicon(f"A lexicon's file must have one of these extensions: {', '.join(_ENDINGS)}.")
    return _ENDINGS[ending]


def parse_lexicon(data: bytes, file_format: LexiconFormat, *, language: str | None = None) -> Lexicon:
    """Return the lexicon in a file. `language` applies if the file states none.

    Raise InvalidLexicon for the first error, with its position; specific codes are lexicon_too_large, lexeme_too_long,
    unsupported_alphabet and invalid_pronunciation. Messages do not contain entries.
    """
    if len(data) > MOST_BYTES:
        raise InvalidLexicon(
            f"The lexicon has {len(data):,} bytes; the limit is {MOST_BYTES:,}. Split it.", code="lexicon_too_large"
        )
    if file_format == "pls":
        document = parse_pls(data)
        named: str | None = document.language
        rows: Iterable[_Row] = (
            _Row(
                f"line {lexeme.line}",
                {"word": word, "alias" if lexeme.alias else lexeme.alphabet: lexeme.alias or lexeme.phonemes},
            )
            for lexeme in document.lexemes
            for word in lexeme.words
        )
    else:
        named, rows = (_parse_json if file_format == "json" else _parse_csv)(data)
    entries: list[Entry] = []
    for row in rows:
        if len(entries) == MOST_ENTRIES:
            raise InvalidLexicon(
                f"More than {MOST_ENTRIES:,} entries, at {row.where}. Split the lexicon.", code="lexicon_too_large"
            )
        entries.append(_entry(row))
    if not entries:
        raise InvalidLexicon("The lexicon has no entries. Add one, or delete the lexicon.")
    return Lexicon(tuple(entries), _language(named or language))


def stored_lexicon(value: Any) -> Lexicon:  # noqa: ANN401  JSON
    """Return a lexicon from Lexicon.json, without checking it again."""
    return Lexicon(
        tuple(
            Entry(entry["word"], entry.get("alias", ""), entry.get("ipa", ""), entry["case"] == "exact")
            for entry in value["entries"]
        ),
        value["language"],
    )


def as_pls(lexicon: Lexicon) -> str:
    """Return a lexicon as PLS, which has no case rules and requires a language: "en-US" for a lexicon without one."""
    return write_pls(lexicon.language or "en-US", [(entry.word, entry.alias, entry.ipa) for entry in lexicon.entries])


def _language(name: str | None) -> str | None:
    """Return a language tag in the usual case (RFC 5646, section 2.1.1)."""
    if name is None or not name.strip():
        return None
    if not _LANGUAGE.fullmatch(name.strip()):
        raise InvalidLexicon("language must be a tag such as en or en-US.", code="unsupported_language")
    first, *others = name.strip().replace("_", "-").split("-")
    cased = [{2: str.upper, 4: str.title}.get(len(other), str.lower)(other) for other in others]
    return "-".join([first.lower(), *cased])


def _entry(row: _Row) -> Entry:
    """Check a row and return its entry."""
    invalid = partial(_invalid_at, row.where)
    word = " ".join(row.values.get("word", "").split())
    given = [name for name in _SAID if row.values.get(name, "").strip()]
    if not word:
        raise invalid("the word is missing.")
    if len(given) != 1:
        raise invalid(f"the entry needs one of {', '.join(_SAID)}.")
    said, case = " ".join(row.values[given[0]].split()), row.values.get("case", "").strip().lower()
    if case not in ("", "any", "exact"):
        raise invalid("case must be 'any' or 'exact'.")
    for name, text, most in (("word", word, LONGEST_WORD), (given[0], said, LONGEST_ALIAS)):
        if len(text) > most:
            raise invalid(f"the {name} has {len(text)} characters; the limit is {most}.", code="lexeme_too_long")
    try:
        word = valid(word)  # it may consist of signs only
        exact = case == "exact" if case else word != word.lower()
        if given[0] == "alias":
            return Entry(word, alias=_checked_alias(said), exact=exact)
        return Entry(word, ipa=parse_pronunciation(said, "ipa" if given[0] == "ipa" else "x-sampa"), exact=exact)
    except InvalidInput as error:
        code = error.code if error.code == "invalid_pronunciation" else None
        raise invalid(error.message, code=code) from None


def _invalid_at(where: str, message: str, *, code: str | None = None) -> InvalidLexicon:
    return InvalidLexicon(f"{where[:1].upper()}{where[1:]}: {message}", code=code)


def _checked_alias(alias: str) -> str:
    if begins_ssml(alias):
        raise InvalidText("the alias is SSML. Write words only.")
    return speakable(alias)


def _parse_json(data: bytes) -> tuple[str | None, Iterator[_Row]]:
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InvalidLexicon("The lexicon is not valid UTF-8.") from None
    except json.JSONDecodeError as error:
        raise InvalidLexicon(f"Line {error.lineno}, column {error.colno}: not JSON: {error.msg}.") from None
    except (ValueError, RecursionError):
        raise InvalidLexicon(
            "The lexicon is not supported JSON: it is nested too deeply, or has a number that is too long."
        ) from None
    entries = value.get("entries") if isinstance(value, dict) else None
    language = value.get("language") if isinstance(value, dict) else None
    if not isinstance(entries, list) or not isinstance(language, str | None):
        raise InvalidLexicon(f"The lexicon must be an object with a list of entries: {_EXAMPLE}.")
    if unknown := value.keys() - {"language", "entries"}:
        raise InvalidLexicon(f"The lexicon has {len(unknown)} unknown fields. Known fields: language, entries.")
    return language, _json_rows(entries)


def _json_rows(entries: list[Any]) -> Iterator[_Row]:
    known = COLUMNS[:-1]
    for number, entry in enumerate(entries):
        where = f"entries.{number}"
        values = (
            {name: value for name, value in entry.items() if value is not None} if isinstance(entry, dict) else None
        )
        if values is None or not all(isinstance(value, str) for value in values.values()) or values.keys() - set(known):
            raise _invalid_at(where, f"an entry must be an object of strings with the fields {', '.join(known)}.")
        yield _Row(where, values)


def _parse_csv(data: bytes) -> tuple[str | None, list[_Row]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidLexicon("The lexicon is not valid UTF-8.") from None
    head = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        lines = [
            (reader.line_num, fields) for fields in islice(reader, MOST_ENTRIES + 2) if any(map(str.strip, fields))
        ]
    except csv.Error as error:
        raise InvalidLexicon(f"Line {reader.line_num}: not CSV: {error}.") from None
    columns = [field.strip().lower().replace("_", "-") for field in lines[0][1]] if lines else []
    if lines and ("word" not in columns or set(columns) - set(COLUMNS) or len(set(columns)) < len(columns)):
        raise _invalid_at("line 1", f"it must name the columns: word, and others of {', '.join(COLUMNS)}.")
    rows = []
    for line, fields in lines[1:]:
        where = f"line {line}"
        if len(fields) > len(columns):
            raise _invalid_at(where, f"{len(fields)} fields, but the first line names {len(columns)} columns.")
        rows.append(_Row(where, dict(zip(columns, fields, strict=False))))
    languages = {row.values.get("language", "").strip() for row in rows}
    if len(languages) > 1:
        raise InvalidLexicon("The column language must have the same value in every line: a lexicon has one language.")
    return next(iter(languages), None), rows
