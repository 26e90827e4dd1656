"""Patching of source text, where functions cannot be replaced."""


def replace_line(source: str, line: str, new: str) -> str:
    """Replace the only occurrence of a line; raise ValueError if it does not occur exactly once."""
    if source.count(line) != 1:
        raise ValueError(f"ministack has {source.count(line)} lines {line.strip()!r}; the patch expects one")
    return source.replace(line, new)
