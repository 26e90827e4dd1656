"""What a manifest is read into: rows, and what is wrong with those that are none."""

import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from herald.errors import HeraldError

_LONGEST_NORMALIZED = 128
"""Characters of a column's name. An id has at most as many, a template's field 64."""

type ManifestFormat = Literal["csv", "jsonl"]


class RowError(BaseModel):
    """Why a row will not be spoken, without anything of what it says."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line: int
    """Where the row begins in the manifest, from 1."""
    id: str | None = None
    """The row's own, where it could be read."""
    code: str
    message: str


class Row(NamedTuple):
    """A row that could be read."""

    line: int
    id: str
    """As the row says, or told by its line."""
    values: dict[str, str]
    """By column, exactly as written; only the columns that were asked for."""

    def refused(self, error: HeraldError) -> RowError:
        """The error of this row."""
        return RowError(line=self.line, id=self.id, code=error.code, message=error.message)


def folded(text: str) -> str:
    """A text as names are compared: without spaces around it, case, and another way to write the same letters."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text.strip()).casefold())


def column(name: str) -> str:
    """Return a column's name as it is compared.

    A name longer than any field's is not normalized: the time for that is quadratic in a run of combining marks.
    """
    name = name.strip()
    return _column(name) if len(name) <= _LONGEST_NORMALIZED else name.casefold()


@lru_cache(maxsize=1_024)
def _column(name: str) -> str:
    same = folded(name)
    return "format" if same == "response_format" else same
