"""How a manifest is written: its format, encoding, separator and columns, as found while it is read."""

from dataclasses import dataclass, field

from herald.batches.rows import ManifestFormat

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
            found.append(f"The manifest is not UTF-8. It was read as {ENCODINGS[self.encoding]}.")
        if self.format == "csv" and self.separator != ",":
            found.append(f"The fields are separated by {SEPARATORS[self.separator]}.")
        if self.sheet is not None:
            found.append(f"The worksheet '{self.sheet}' was read; the other worksheets are ignored.")
        if self.hidden_rows:
            found.append(f"Hidden rows of the worksheet were read too: {self.hidden_rows:,}. Delete them to omit them.")
        found += [f"The field {{{name}}} was read from '{written}'." for name, written in self.similar.items()]
        return found
