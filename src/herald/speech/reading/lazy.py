"""Patterns that are compiled when they are first needed; compiling takes up to a millisecond, and there are many."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from herald.speech.reading.compiled import Key, compiled


class Lazy:
    """A regular expression, compiled on first use."""

    match: Callable[..., re.Match[str] | None]
    search: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    findall: Callable[..., list[str]]
    finditer: Callable[..., Iterator[re.Match[str]]]
    split: Callable[..., list[str]]
    sub: Callable[..., str]

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.key: Key = (pattern, int(flags))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  a method of the compiled pattern
        if name not in type(self).__annotations__:
            raise AttributeError(name)
        pattern = compiled(*self.key)
        for method in type(self).__annotations__:
            setattr(self, method, getattr(pattern, method))
        return getattr(pattern, name)
