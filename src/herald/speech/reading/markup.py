"""Convert Markdown, HTML and SSML to the text to read, mapped to the original offsets."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Literal, NamedTuple

from herald.speech.reading.folding import Folded
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.table import words

type TextFormat = Literal["plain", "markdown", "html", "ssml"]

_MULTILINE = re.MULTILINE
_FENCE = Lazy(r"^[ \t]{0,3}(?:```|~~~)[^\n]*\n?", _MULTILINE)
_RULE = Lazy(r"^[ \t]{0,3}(?:[-*_][ \t]?){3,80}$|^[ \t]{0,3}\|?[ \t:|-]{3,200}\|[ \t:|-]{0,200}$", _MULTILINE)
_LINE_START = Lazy(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|(?:>[ \t]?){1,9})", _MULTILINE)
_LINK = Lazy(
    r"!?\[(?P<text>[^\[\]\n]{0,400})\](?:\([^()\s]{0,2000}(?:[ \t]+\"[^\"\n]{0,200}\")?\)|\[[^\[\]\n]{0,100}\])"
)
_AUTOLINK = Lazy(r"<(?P<text>(?:https?://|mailto:)?[^\s<>]{1,500}[.@][^\s<>]{1,500})>")
_CODE = Lazy(r"(?P<mark>`{1,3})(?P<text>[^`\n]{1,400})(?P=mark)(?!`)")
_STRONG = Lazy(
    r"(?P<mark>\*{1,3}|~~|(?<!\w)_{1,3})(?=[^\s*_~])(?P<text>[^*~\n]{1,400}?)(?<=[^\s*_~])(?P=mark)(?![\w*])"
)
_ESCAPE = Lazy(r"\\(?P<text>[\\`*_{}\[\]()#+.!|>~-])")

_HIDDEN = Lazy(r"<!--|<(?P<name>script|style|head|template)\b[^<>]{0,2000}>", re.IGNORECASE)
_TAG = Lazy(r"</?(?P<name>[a-zA-Z][a-zA-Z0-9]{0,15})(?:\s[^<>]{0,2000})?/?>|<!doctype[^<>]{0,200}>", re.IGNORECASE)
_ENTITY = Lazy(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_SPACE = Lazy(r"\s+")
_PARAGRAPHS = words("p div h1 h2 h3 h4 h5 h6 ul ol table blockquote section article header footer hr pre form")
_LINES = frozenset(["br", "tr", "dt", "dd", "option"])
_KNOWN_TAG = Lazy(
    r"</(?:p|div|span|b|i|u|em|strong|a|ul|ol|li|h[1-6]|table|td|tr|html|body)>|<(?:p|br\s?/?|hr\s?/?|html|body)>",
    re.IGNORECASE,
)
"""Unambiguous tags; "a<b and c>d" has none."""
_MARKDOWN = Lazy(
    r"^#{1,6}[ \t]\S|\*\*[^\s*][^*\n]{0,400}\*\*|\]\((?:https?:|mailto:|/)[^\s)]{0,2000}\)|^```", _MULTILINE
)


class _Edit(NamedTuple):
    """A span of the original and its replacement."""

    start: int
    end: int
    text: str


def detect(text: str) -> TextFormat:
    """Detect the format of a text that is not SSML; return plain unless its markup is unambiguous."""
    if "<" in text and _KNOWN_TAG.search(text):
        return "html"
    return "markdown" if _MARKDOWN.search(text) else "plain"


def readable(text: str, text_format: TextFormat) -> Folded:
    """Return the text without its markup. Links become their text, code and emphasis plain words, blocks lines."""
    if text_format == "plain":
        return Folded(text)
    if text_format == "ssml":
        from herald.speech.ssml.passages import bare  # noqa: PLC0415  needed only for SSML

        return bare(text)
    edits = _markdown(text) if text_format == "markdown" else _html(text)
    made: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for edit in chain(sorted(edits, key=_outermost_first), [_Edit(len(text), len(text), "")]):
        if edit.start < at:
            continue  # within another edit
        made += text[at : edit.start]
        starts += range(at, edit.start)
        ends += range(at + 1, edit.start + 1)
        made += edit.text
        starts += [edit.start] * len(edit.text)
        ends += [edit.end] * len(edit.text)
        at = edit.end
    return Folded("".join(made), starts, ends)


def _outermost_first(edit: _Edit) -> tuple[int, int]:
    return edit.start, -edit.end


def _markdown(text: str) -> Iterator[_Edit]:
    for pattern in (_FENCE, _RULE, _LINE_START):
        yield from (_Edit(match.start(), match.end(), "") for match in pattern.finditer(text))
    for pattern in (_CODE, _LINK, _AUTOLINK, _STRONG, _ESCAPE):
        for match in pattern.finditer(text):
            yield _Edit(match.start(), match.start("text"), "")
            yield _Edit(match.end("text"), match.end(), "")


def _html(text: str) -> Iterator[_Edit]:
    from html import unescape  # noqa: PLC0415  its table of entities would slow down every start

    yield from _hidden_edits(text)
    for match in _TAG.finditer(text):
        yield _Edit(match.start(), match.end(), _replacement(match))
    for match in _ENTITY.finditer(text):
        yield _Edit(match.start(), match.end(), unescape(match[0]))
    for match in _SPACE.finditer(text):
        if "\n" in match[0]:
            yield _Edit(match.start(), match.end(), " ")


def _hidden_edits(text: str) -> Iterator[_Edit]:
    """Yield edits that remove comments, scripts and styles; one that is not closed extends to the end of the text."""
    at = 0
    while match := _HIDDEN.search(text, at):
        closing = re.compile(f"</{match['name']}(?:[^>]*>)?" if match["name"] else "-->", re.IGNORECASE)
        close = closing.search(text, match.end())
        at = close.end() if close else len(text)
        yield _Edit(match.start(), at, "")


def _replacement(tag: re.Match[str]) -> str:
    name = (tag["name"] or "").lower()
    if name in _PARAGRAPHS:
        return "\n\n"
    if name == "li":
        return "" if tag[0].startswith("</") else "\n• "
    if name in ("td", "th"):
        return "" if tag[0].startswith("</") else ", "
    return "\n" if name in _LINES else ""
