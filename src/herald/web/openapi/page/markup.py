"""Builds HTML. All text is escaped here and nowhere else."""

import re
from collections.abc import Iterable
from html import escape
from typing import NewType

Html = NewType("Html", str)
"""A string that is HTML already."""

_INLINE = re.compile(r"`([^`]+)`|\*([^*]+)\*")


def text(words: object) -> Html:
    """Return escaped text."""
    return Html(escape(str(words), quote=False))


def element(name: str, *inside: Html, **attributes: str) -> Html:
    """Return an element. A trailing underscore is removed from attribute names: `class_`."""
    written = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{written}>{''.join(inside)}</{name}>")


def code(words: object) -> Html:
    """Return inline code."""
    return element("code", text(words))


def block(words: str) -> Html:
    """Return a code block."""
    return element("pre", code(words), tabindex="0")


def link(inside: Html, to: str) -> Html:
    """Return a link to an id on the page."""
    return element("a", inside, href=f"#{to}")


def prose(words: str) -> Html:
    """Render one paragraph of Markdown with `code` and *emphasis*."""
    parts: list[str] = []
    end = 0
    for found in _INLINE.finditer(words):
        parts.append(text(words[end : found.start()]))
        parts.append(code(found[1]) if found[1] else element("em", text(found[2])))
        end = found.end()
    return Html("".join([*parts, text(words[end:])]))


def paragraphs(words: str) -> Html:
    """Render paragraphs of Markdown, separated by blank lines."""
    return Html("".join(element("p", prose(part)) for part in words.split("\n\n") if part))


def table(heads: Iterable[str], rows: Iterable[Iterable[Html]]) -> Html:
    """Return a table, or "" if it has no rows."""
    body = Html("".join(element("tr", *(element("td", cell) for cell in row)) for row in rows))
    head = element("tr", *(element("th", text(one), scope="col") for one in heads))
    whole = element("table", element("thead", head), element("tbody", body))
    return element("div", whole, class_="wide") if body else Html("")
