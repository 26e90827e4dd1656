"""Rows of a manifest, row errors, and templates such as "Hello {first_name}." that turn a row into a text."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from typing import Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict

from herald.errors import HeraldError, InvalidRequest, TextTooLong, counted
from herald.speech.text import refuse_stray_ssml

_LONGEST_NORMALIZED = 128
"""Longest column name that is normalized, in characters: ids have at most 128, template fields at most 64."""

type ManifestFormat = Literal["csv", "jsonl", "xlsx"]
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of Excel workbooks."""
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}\r\n]{1,64})\}|[{}]")
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")

SHEET_ERRORS = frozenset({
    "#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BUSY!",
    "#ERROR!", "#NV", "#WERT!", "#BEZUG!", "#ZAHL!", "#ÜBERLAUF!", "#N/D", "#VALEUR!", "#NOMBRE!", "#NOM?", "#NUL!",
    "#¡VALOR!", "#¡REF!", "#¡DIV/0!", "#¡NUM!", "#¿NOMBRE?", "#¡NULO!", "#VALORE!", "#RIF!", "#NOME?", "#NULLO!",
    "#VALOR!", "#NÚM!", "#NULO!",
})  # fmt: skip
"""The values that spreadsheet programs show and export for a formula that failed, in their languages."""
_MOST_FAULTS = 5


class DecimalText(str):
    """A text with a number whose decimal mark is a point in every language: a cell of a workbook, a number of JSON."""

    __slots__ = ()

    def with_mark(self, mark: str) -> str:
        """Return the text with another decimal mark."""
        return _DECIMAL_POINT.sub(mark, self)


class RowError(BaseModel):
    """Why a row is invalid. Contains no text of the row except its id."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line: int
    """Line of the manifest on which the row begins, from 1."""
    id: str | None = None
    """The row's id, if it is readable."""
    code: str
    message: str


class Row(NamedTuple):
    """A parsed row."""

    line: int
    id: str
    """The row's own id, or line-<number>."""
    values: dict[str, str]
    """Unmodified values by normalized column name; only columns that are used."""

    def refused(self, error: HeraldError) -> RowError:
        """Return `error` as the error of this row."""
        return RowError(line=self.line, id=self.id, code=error.code, message=error.message)


def folded(text: str) -> str:
    """Normalize a name for comparison: strip spaces, fold case, and compose characters (NFC)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text.strip()).casefold())


def column(name: str) -> str:
    """Return the normalized name of a column.

    Long names, which match no field, are not composed: that takes quadratic time for a run of combining marks.
    """
    name = name.strip()
    return _column(name) if len(name) <= _LONGEST_NORMALIZED else name.casefold()


@lru_cache(maxsize=1_024)
def _column(name: str) -> str:
    normalized = folded(name)
    return "format" if normalized == "response_format" else normalized


@lru_cache(maxsize=1_024)
def loose(name: str) -> str:
    """Return a normalized name without accents, spaces and punctuation; "" if nothing else is in it or it is long."""
    if len(name) > _LONGEST_NORMALIZED:
        return ""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name).casefold() if letter.isalnum())


@dataclass(frozen=True)
class Field:
    """A placeholder for a value of the row."""

    name: str
    """Normalized name of the column."""


@dataclass(frozen=True)
class Template:
    """A sequence of literal texts and fields."""

    parts: tuple[str | Field, ...]
    ssml: bool = False
    """Whether it is an SSML document, whose values are escaped so that they cannot add tags."""

    @classmethod
    def parse(cls, text: str, *, ssml: bool = False) -> Self:
        """Parse a template; raise InvalidRequest `invalid_template` with the position of the fault."""
        parts: list[str | Field] = []
        literal = ""
        end = 0
        for braces in _BRACES.finditer(text):
            literal += text[end : braces.start()]
            if (name := column(braces[1] or "")) and name.isprintable():
                parts += [literal, Field(name)]
                literal = ""
            elif braces[0] in {"{{", "}}"}:
                literal += braces[0][0]
            else:
                raise InvalidRequest(
                    f"Character {braces.start() + 1} of the template is a brace outside a field. Write a field as "
                    "{first_name}, with the name of a column: up to 64 printable characters. Write a literal brace "
                    "as {{ or }}.",
                    param="template",
                    code="invalid_template",
                )
            end = braces.end()
        return cls(tuple(part for part in [*parts, literal + text[end:]] if part), ssml)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Distinct names of the fields, in order."""
        return tuple(dict.fromkeys(part.name for part in self.parts if isinstance(part, Field)))

    def faults(self, values: Mapping[str, str]) -> list[str]:
        """Return what is wrong with the values of the fields: "no value for {day}"."""
        return [f"{fault} for {{{name}}}" for name in self.fields if (fault := _fault(values.get(name, "")))]

    @cached_property
    def _places(self) -> tuple[str, ...]:
        """Names of the fields, each as often as it occurs."""
        return tuple(part.name for part in self.parts if isinstance(part, Field))

    @cached_property
    def _literal(self) -> int:
        return sum(len(part) for part in self.parts if isinstance(part, str))

    def size(self, values: Mapping[str, str]) -> int:
        """Return the length of the rendered text with its tags, as if missing values were empty."""
        return self._literal + sum([len(values.get(name, "")) for name in self._places])

    def check(self, values: Mapping[str, str], most: int) -> None:
        """Raise InvalidRequest `missing_value`, and TextTooLong for a rendered text of more than `most` characters.

        The length is checked before the text takes memory. Of SSML it is that of the values, as tags do not count.
        """
        if faults := self.faults(values):
            listed = ", and ".join(faults[:_MOST_FAULTS])
            kind = "a field" if len(faults) == 1 else "fields"
            raise InvalidRequest(f"The row has {listed}, {kind} of the template.", code="missing_value")
        check_length(self.size(values) - (self._literal if self.ssml else 0), most)

    def render(self, values: Mapping[str, str]) -> str:
        """Return the text with the values, which are unmodified unless it is SSML."""
        return "".join(part if isinstance(part, str) else self._value(values[part.name]) for part in self.parts)

    def _value(self, value: str) -> str:
        return escape(value) if self.ssml else value


def _fault(value: str) -> str | None:
    """Return what is wrong with a value that is blank or an error of a spreadsheet, else None."""
    value = value.strip()
    if not value:
        return "no value"
    if value in SHEET_ERRORS:
        return f"the spreadsheet's error {value}"
    # Excel writes a number or date like this if the column is too narrow for it.
    return (
        "only signs of a column that is too narrow (####)" if value.startswith("##") and not value.strip("#") else None
    )


def own_text(template: Template | None, values: Mapping[str, str]) -> str | None:
    """Return the `text` of a row, if set and not a field of the template."""
    text = values.get("text", "")
    return text if text.strip() and not (template and "text" in template.fields) else None


def row_text(template: Template | None, values: Mapping[str, str], *, most: int, input_type: str | None = None) -> str:
    """Return the row's own text, else the rendered template.

    Raise InvalidRequest `missing_value`, TextTooLong for a template rendered to more than `most` characters, tags of
    SSML aside, and SsmlNotSupported for values that would make a text SSML, unless it is sent with the `input_type`.
    """
    own = own_text(template, values)
    if template is None or own is not None:
        if fault := _fault(own or ""):
            raise InvalidRequest(f"The row has {fault} for `text`.", code="missing_value")
        return own or ""
    template.check(values, most)
    text = template.render(values)
    if not template.ssml and input_type is None:
        refuse_stray_ssml(text)
    return text


def check_length(characters: int, most: int) -> None:
    """Raise TextTooLong for more than `most` characters."""
    if characters > most:
        raise TextTooLong(f"The text has {characters:,} characters; the limit is {most:,}.")


def invalid_rows(rows: int, invalid: int) -> str:
    """Return the beginning of a message: "Of 3 rows, 1 is invalid"."""
    return f"Of {counted(rows, 'row')}, {invalid:,} {'is' if invalid == 1 else 'are'} invalid"
