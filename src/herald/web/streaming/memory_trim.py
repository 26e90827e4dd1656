"""Releases memory after a burst: glibc keeps freed memory in one arena per thread until malloc_trim is called."""

import ctypes
from functools import cache
from typing import Any


def release_memory() -> None:
    """Return freed memory to the system with malloc_trim, if the C library has it."""
    if (trim := _malloc_trim()) is not None:
        trim(0)


@cache
def _malloc_trim() -> Any:  # noqa: ANN401  a function of ctypes
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
