"""Markdown tables and the generated parts of pages."""

from collections.abc import Iterable, Iterator
from pathlib import Path


def table(title: str, head: Iterable[str], rows: Iterable[Iterable[str]], names: int) -> Iterator[str]:
    """Yield the lines of a table; the first `names` columns are left-aligned, the others right-aligned."""
    columns = [*head]
    yield from (f"### {title}", "", f"| {' | '.join(columns)} |")
    yield f"|{'---|' * names}{'---:|' * (len(columns) - names)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def put(page: Path, name: str, text: str) -> None:
    """Insert a text between the markers of that name, if the page has them."""
    begin, end = markers(name)
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    if not found:
        return
    after = rest.partition(end)[2]
    page.write_text(f"{before}{begin}\n\n{text}\n{end}{after}", encoding="utf-8")


def markers(name: str) -> tuple[str, str]:
    """Return the markers around a generated part of a page."""
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
