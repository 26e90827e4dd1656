"""Describes errors for logs without their messages and values, which may contain the customer's text."""

import traceback


def frames_of(error: BaseException) -> list[str]:
    """Return the stack frames of an error, outermost first."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
