"""Changing a line of source text, where there is no seam to put a function."""


def replace_line(source: str, line: str, new: str) -> str:
    """Replace the one line that reads so, or fail: the source is not what the patch was written for."""
    if source.count(line) != 1:
        raise ValueError(f"ministack has {source.count(line)} lines that read {line.strip()!r}; the patch expects one")
    return source.replace(line, new)
