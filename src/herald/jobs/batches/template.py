"""Message templates: "Hello {first_name}.", where "{{" and "}}" are braces. A value is text, never a template again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from herald.errors import InvalidRequest
from herald.jobs.batches.rows import column

_BRACES = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]{0,63})\}|[{}]", re.ASCII)


@dataclass(frozen=True)
class Field:
    """A place that each row fills."""

    name: str
    """Of its column, as those are compared."""


@dataclass(frozen=True)
class Template:
    """Texts and fields, in order."""

    parts: tuple[str | Field, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a template; InvalidRequest `invalid_template` tells where it is none."""
        parts: list[str | Field] = []
        end = 0
        for braces in _BRACES.finditer(text):
            parts += [text[end : braces.start()], _part(braces)]
            end = braces.end()
        return cls(tuple(part for part in [*parts, text[end:]] if part))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields, each once, in order."""
        return tuple(dict.fromkeys(part.name for part in self.parts if isinstance(part, Field)))

    def empty_field(self, values: Mapping[str, str]) -> int | None:
        """Which field, from 1, is empty or only spaces in these values; None: each is filled."""
        return next((at for at, name in enumerate(self.fields, 1) if not values.get(name, "").strip()), None)

    def length(self, values: Mapping[str, str]) -> int:
        """Return the length of the text that `render` gives, to refuse one that would fill the memory."""
        return sum(len(part if isinstance(part, str) else values[part.name]) for part in self.parts)

    def render(self, values: Mapping[str, str]) -> str:
        """The text with its values, as they are."""
        return "".join(part if isinstance(part, str) else values[part.name] for part in self.parts)


def _part(braces: re.Match[str]) -> str | Field:
    if name := braces[1]:
        return Field(column(name))
    if braces[0] in {"{{", "}}"}:
        return braces[0][0]
    raise InvalidRequest(
        f"Character {braces.start() + 1} of the template is a brace that belongs to no field. A field is written as "
        "{first_name}: letters, digits and _, up to 64, and no digit first; a brace as {{ or }}.",
        param="template",
        code="invalid_template",
    )
