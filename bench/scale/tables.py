"""Tables of a page, as Markdown."""

from collections.abc import Iterable, Iterator
from pathlib import Path


def table(title: str, head: Iterable[str], rows: Iterable[Iterable[str]], names: int) -> Iterator[str]:
    """A table whose first columns, `names` of them, are names."""
    columns = [*head]
    yield from (f"### {title}", "", f"| {' | '.join(columns)} |")
    yield f"|{'---|' * names}{'---:|' * (len(columns) - names)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def put(page: Path, name: str, text: str) -> None:
    """Put a text between the markers of that name, if the page has them."""
    begin, end = markers(name)
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    if not found:
        return
    after = rest.partition(end)[2]
    page.write_text(f"{before}{begin}\n\n{text}\n{end}{after}", encoding="utf-8")


def markers(name: str) -> tuple[str, str]:
    """What begins and ends a part of a page that is written by a program."""
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
