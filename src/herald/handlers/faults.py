"""What a log may say of an error: neither its message nor its values, which may hold the customer's text."""

import traceback


def frames_of(error: BaseException) -> list[str]:
    """Where an error came from, the outermost call first."""
    return [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]
