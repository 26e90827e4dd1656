"""Message templates such as "Hello {first_name}."; "{{" and "}}" stand for braces. Values are not expanded again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from herald.batches.manifest_row import column
from herald.errors import InvalidRequest

_BRACES = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]{0,63})\}|[{}]", re.ASCII)


@dataclass(frozen=True)
class Field:
    """A placeholder for a value of the row."""

    name: str
    """Normalized name of the column."""


@dataclass(frozen=True)
class Template:
    """A sequence of literal texts and fields."""

    parts: tuple[str | Field, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a template; raise InvalidRequest `invalid_template` with the position of the fault."""
        parts: list[str | Field] = []
        end = 0
        for braces in _BRACES.finditer(text):
            parts += [text[end : braces.start()], _part(braces)]
            end = braces.end()
        return cls(tuple(part for part in [*parts, text[end:]] if part))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Distinct names of the fields, in order."""
        return tuple(dict.fromkeys(part.name for part in self.parts if isinstance(part, Field)))

    def empty_field(self, values: Mapping[str, str]) -> int | None:
        """Return the number, from 1, of the first field whose value is missing or blank, or None."""
        return next((at for at, name in enumerate(self.fields, 1) if not values.get(name, "").strip()), None)

    def length(self, values: Mapping[str, str]) -> int:
        """Return the length of the rendered text, to reject a huge one before it takes memory."""
        return sum(len(part if isinstance(part, str) else values[part.name]) for part in self.parts)

    def render(self, values: Mapping[str, str]) -> str:
        """Return the text with the unmodified values."""
        return "".join(part if isinstance(part, str) else values[part.name] for part in self.parts)


def _part(braces: re.Match[str]) -> str | Field:
    if name := braces[1]:
        return Field(column(name))
    if braces[0] in {"{{", "}}"}:
        return braces[0][0]
    raise InvalidRequest(
        f"Character {braces.start() + 1} of the template is a brace outside a field. Write a field as {{first_name}}, "
        "with up to 64 letters, digits and _, not starting with a digit. Write a literal brace as {{ or }}.",
        param="template",
        code="invalid_template",
    )
