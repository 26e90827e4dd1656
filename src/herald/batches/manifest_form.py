"""How a manifest is written: its format, encoding, separator and columns, as found while it is read.

Only the columns that a template asks for matter.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from herald.batches.rows import ManifestFormat, column, loose
from herald.errors import InvalidManifest

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
"""Characters that may separate the fields of a CSV file, by preference."""
ENCODINGS = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16", "utf-32": "UTF-32"}


@dataclass(kw_only=True)
class ManifestForm:
    """The form of a manifest. The reader fills it in as it reads; it is complete after the last row."""

    format: ManifestFormat = "csv"
    encoding: str = "utf-8"
    """A key of ENCODINGS."""
    separator: str = ","
    sheet: str | None = None
    """Name of the worksheet that was read, if the workbook has several."""
    hidden_rows: int = 0
    """Rows that a filter or a person hides in the worksheet, and that were read."""
    uncalculated: int = 0
    """Formulas in the rows of the worksheet that have no value."""
    columns: list[str] = field(default_factory=list)
    """The header as written; for JSONL, the keys of the first object."""
    used: dict[str, int] = field(default_factory=dict)
    """Position in `columns`, from 0, by the normalized name of a field or of a column that Herald reads itself."""
    similar: dict[str, str] = field(default_factory=dict)
    """Column, as written, by the field that it is used for although its name differs."""

    def remarks(self) -> list[str]:
        """Return what the sender should know of how the manifest was read; nothing about the usual form."""
        found = []
        if self.encoding != "utf-8":
            guessed = " If letters are wrong, save it as CSV UTF-8." if self.encoding == "cp1252" else ""
            found.append(f"The manifest is not UTF-8. It was read as {ENCODINGS[self.encoding]}.{guessed}")
        if self.format == "csv" and self.separator != ",":
            found.append(f"The fields are separated by {SEPARATORS[self.separator]}.")
        if self.sheet is not None:
            found.append(f"The worksheet '{self.sheet}' was read; the other worksheets are ignored.")
        if self.hidden_rows:
            found.append(f"Hidden rows of the worksheet were read too: {self.hidden_rows:,}. Delete them to omit them.")
        if self.uncalculated:
            found.append(
                f"Formulas without a value: {self.uncalculated:,}. The program that wrote the workbook does not "
                "calculate them: open it in a spreadsheet program, and save it."
            )
        found += [f"The field {{{name}}} was read from '{written}'." for name, written in self.similar.items()]
        return found


OPTIONAL = ("id", "voice", "format", "text")
"""Columns that Herald reads itself; they need their exact name."""
MOST_COLUMNS = 16_384
"""As in Excel."""
_LONGEST_SHOWN, _MOST_NAMED = 64, 10


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The columns of a header, or of the keys of an object, that are asked for."""

    places: Mapping[str, int]
    """Position, from 0, by normalized name."""
    similar: Mapping[str, int]
    """Those of `places` whose name is only similar to the field."""
    ambiguous: Mapping[str, Sequence[int]]
    """Positions of the columns that match one field."""
    missing: Sequence[str]
    """Fields without a column."""

    @classmethod
    def of(cls, names: Sequence[str], fields: Collection[str]) -> "Columns":
        """Return the columns of `fields` and OPTIONAL among names as written."""
        exact, near = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
        for at, name in enumerate(names):
            if normalized := column(name):
                exact[normalized].append(at)
                near[loose(normalized)].append(at)
        found = {name: exact.get(name, []) for name in dict.fromkeys([*fields, *OPTIONAL])}
        for name in fields:
            if not found[name] and (key := loose(name)):
                found[name] = near.get(key, [])
        places = {name: at[0] for name, at in found.items() if at}
        return cls(
            places=places,
            similar={name: at for name, at in places.items() if name not in exact},
            ambiguous={name: at for name, at in found.items() if len(at) > 1},
            missing=[name for name in fields if name not in places],
        )


def count_of(names: Sequence[str], fields: Collection[str]) -> int:
    """Return how many of the fields and OPTIONAL have a column; 0 for too many columns."""
    return len(Columns.of(names, fields).places) if len(names) <= MOST_COLUMNS else 0


def header_columns(line: int, header: Sequence[str], fields: Collection[str], form: ManifestForm) -> dict[str, int]:
    """Return the positions of the columns that are asked for; raise InvalidManifest if the header lacks one."""
    if len(header) > MOST_COLUMNS:
        raise InvalidManifest(f"The header, on line {line}, has more than {MOST_COLUMNS:,} columns. Remove some.")
    form.columns = [name.strip() for name in header]
    columns = Columns.of(header, fields)
    form.used = dict(columns.places)
    form.similar = {name: form.columns[at] for name, at in columns.similar.items()}
    for name, at in columns.ambiguous.items():
        raise InvalidManifest(
            f"Columns {at[0] + 1} and {at[1] + 1} of the header, on line {line}, have the same name, or similar ones, "
            f"and both match {_wanted(name, fields)}. Rename one of them."
        )
    if columns.missing:
        raise InvalidManifest(_missing(line, columns.missing, fields, form), code="missing_column")
    return form.used


def _missing(line: int, missing: Sequence[str], fields: Collection[str], form: ManifestForm) -> str:
    name, *others = missing
    count = len(form.columns)
    inside = f", separated by {SEPARATORS[form.separator]}" if form.format == "csv" and count > 1 else ""
    columns = f"It has {count} column{'s' if count > 1 else ''}{inside}."
    if [*fields] == ["text"]:
        return f"The header, on line {line}, has no column `text`, and the batch has no template. {columns} Add either."
    by_name = {column(written): written for written in form.columns}
    # Only a similar name is repeated: a list without a header begins with personal data.
    near = get_close_matches(name, [one for one in by_name if len(one) <= _LONGEST_SHOWN], n=1, cutoff=0.7)
    hint = f" The most similar column is '{by_name[near[0]]}'." if near else ""
    return (
        f"The header, on line {line}, has no column for {{{name}}}, a field of the template. {columns}{hint} "
        f"Name a column `{name}`, or change the template."
        + (f" It also has no column for {', '.join(f'{{{one}}}' for one in others[:_MOST_NAMED])}." if others else "")
    )


def _wanted(name: str, fields: Collection[str]) -> str:
    return f"{{{name}}}, a field of the template" if name in fields else f"`{name}`, which Herald reads itself"
