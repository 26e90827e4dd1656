"""Regular expressions, compiled in advance or on first use.

Python compiles a pattern in up to two milliseconds, and a message needs about 90 of them: too long for a cold
start. `make patterns` writes their compiled form to patterns.bin, which loads in microseconds. Patterns that are not in
the file are compiled as usual, as are all patterns under a version of Python other than the file's.
"""

import _sre  # type: ignore[import-not-found]
import marshal
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

FILE = Path(__file__).with_name("patterns.bin")

type Key = tuple[str, int]
"""A pattern and its flags."""


def interpreter() -> bytes:
    """Return the properties of the interpreter that determine the compiled form."""
    return f"{sys.implementation.cache_tag} {_sre.MAGIC} {_sre.CODESIZE} {sys.byteorder}\n".encode()


class CompiledPattern(NamedTuple):
    """A pattern in its compiled form: the arguments of `_sre.compile`."""

    flags: int
    code: bytes
    groups: int
    names: dict[str, int]
    numbers: tuple[str | None, ...]


def pack(patterns: dict[Key, CompiledPattern]) -> bytes:
    """Return the content of the file."""
    return interpreter() + zlib.compress(marshal.dumps({key: tuple(one) for key, one in patterns.items()}, 2), 9)


@cache
def ready() -> dict[Key, tuple[Any, ...]]:
    """Return the compiled forms as tuples; none if there is no file for this interpreter."""
    content = FILE.read_bytes() if FILE.exists() else b""
    made_with = interpreter()
    if not content.startswith(made_with):
        return {}
    made: dict[Key, tuple[Any, ...]] = marshal.loads(zlib.decompress(content[len(made_with) :]))  # noqa: S302  ours
    return made


def compiled(pattern: str, flags: int) -> re.Pattern[str]:
    """Return a compiled pattern."""
    found = ready().get((pattern, int(flags)))
    if not found:
        return re.compile(pattern, flags)
    one = CompiledPattern(*found)
    code = memoryview(one.code).cast("I").tolist()
    return cast("re.Pattern[str]", _sre.compile(pattern, one.flags, code, one.groups, one.names, one.numbers))


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
