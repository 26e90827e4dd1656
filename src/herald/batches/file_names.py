"""Safe file names for the files of a batch, whose ids are chosen by callers."""

import re

_LONGEST_NAME = 100
"""In bytes, without the extension; below the limit of common file systems (255)."""
_CLEAN = re.compile(r"\w(?:[\w .@+-]*[\w@+-])?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Device names that Windows reserves."""


def file_name(item_id: str, line: int, extension: str) -> str:
    """Return a file name for an item: its id, or a cleaned form of it with the line number. Unique within a batch.

    `extension` begins with a dot.
    """
    if _CLEAN.fullmatch(item_id) and not _RESERVED.fullmatch(item_id) and len(item_id.encode()) <= _LONGEST_NAME:
        return f"{item_id}{extension}"
    rest = re.sub(r"[^\w-]+", "_", item_id).strip("_").encode()[:_LONGEST_NAME].decode(errors="ignore")
    return f"{rest}~{line}{extension}"  # unique: clean names contain no ~
