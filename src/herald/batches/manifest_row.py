"""Rows of a manifest, row errors, and the normalization of names."""

import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from herald.errors import HeraldError

_LONGEST_NORMALIZED = 128
"""Longest column name that is normalized, in characters: ids have at most 128, template fields at most 64."""

type ManifestFormat = Literal["csv", "jsonl"]


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
