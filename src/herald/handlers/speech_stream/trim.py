"""Memory after a burst: glibc keeps what many threads freed, in an arena of each, until it is told to give it back."""

import ctypes
from functools import cache
from typing import Any


def give_memory_back() -> None:
    """Return freed memory to the system (malloc_trim); nothing where the C library has no such function."""
    if (trim := _malloc_trim()) is not None:
        trim(0)


@cache
def _malloc_trim() -> Any:  # noqa: ANN401  a function of ctypes
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
