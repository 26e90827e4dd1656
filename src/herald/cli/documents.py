"""The text of documents: HTML pages, e-books (.epub), Word documents (.docx), and subtitles (.srt, .vtt)."""

import io
import posixpath
import re
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from herald.batches.sheet_xml import Attributes, XmlPart, local_name
from herald.cli.text_files import decode_text, markdown_text
from herald.errors import InvalidText

MARKDOWN = {".md", ".markdown"}
ARCHIVE = b"PK\x03\x04"
MOST_BYTES = 100_000_000
"""Of a file, and of the parts of an archive that are read, unpacked."""
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol",
    "option", "p", "pre", "section", "table", "td", "th", "title", "tr", "ul",
})  # fmt: skip
_UNSPOKEN = frozenset({"head", "script", "style", "template", "noscript", "svg", "math", "nav"})
_VOID = frozenset(
    {"br", "hr", "img", "input", "link", "meta", "area", "base", "col", "embed", "source", "track", "wbr"}
)
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_CUE = re.compile(r"(?:\d\d+:)?\d\d:\d\d[.,]\d{3}[ \t]+-->[ \t]+(?:\d\d+:)?\d\d:\d\d[.,]\d{3}[^\n]*")
_TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
_FAULTS = (BadZipFile, zlib.error, EOFError, ExpatError, ValueError, LookupError, NotImplementedError, RuntimeError)


def read_document(file: Path, *, as_markdown: bool = True) -> str:
    """Return the text of a file, by its content; raise InvalidText if it has none that Herald can read.

    Of a file with a Markdown extension the text is returned without its marks, unless not `as_markdown`.
    """
    with file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    is_markdown = as_markdown and file.suffix.lower() in MARKDOWN
    return document_text(data, str(file), is_markdown=is_markdown)


def document_text(data: bytes, name: str, *, is_markdown: bool = False) -> str:
    """Return the text of the content of a file; raise InvalidText, with its name, if it has none."""
    if len(data) > MOST_BYTES:
        raise InvalidText(f"{name} is over {MOST_BYTES // 1_000_000} MB. Split it.")
    if data.startswith(ARCHIVE):
        return _archive_text(data, name)
    text = decode_text(data, name)
    return markdown_text(text) if is_markdown else plain_text(text)


def plain_text(text: str) -> str:
    """Return the text of an HTML page or of subtitles; return other text unchanged."""
    if _HTML.match(text):
        return html_text(text)
    first = text.removeprefix("\ufeff").lstrip()[:200]
    if first.startswith("WEBVTT") or _CUE.match(re.sub(r"\A\d+[ \t]*\r?\n", "", first)):
        return subtitle_text(text)
    return text


def html_text(page: str) -> str:
    """Return the text of a page: its blocks as paragraphs, without navigation, scripts and styles."""
    parser = _Page()
    parser.feed(page)
    parser.close()
    return "\n\n".join(paragraph for block in parser.blocks if (paragraph := " ".join("".join(block).split())))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[list[str]] = [[]]
        self._unspoken: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _BLOCKS:
            self.blocks.append([])
        if tag in _UNSPOKEN and tag not in _VOID:
            self._unspoken.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _BLOCKS:
            self.blocks.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.blocks.append([])
        if tag in self._unspoken:
            while self._unspoken.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._unspoken:
            self.blocks[-1].append(data)


def subtitle_text(subtitles: str) -> str:
    """Return the words of SRT or WebVTT subtitles, without numbers, times, notes and tags."""
    spoken: list[str] = []
    for block in re.split(r"\n[ \t]*\n", subtitles.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.strip("\n\ufeff ").split("\n")
        at = next((number for number, line in enumerate(lines[:2]) if _CUE.fullmatch(line.strip())), None)
        if at is not None:
            spoken += lines[at + 1 :]
    return " ".join(" ".join(_TAG.sub("", line) for line in spoken).split())


def _archive_text(data: bytes, name: str) -> str:
    """Return the text of an e-book or a Word document."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            parts = {info.filename for info in archive.infolist()}
            if "META-INF/container.xml" in parts:
                return "\n\n".join(_chapters(_Parts(archive)))
            if "word/document.xml" in parts:
                return "\n\n".join(_paragraphs(_Parts(archive).xml("word/document.xml")))
    except _FAULTS:
        raise InvalidText(f"{name} is damaged, or protected by a password. Export it as plain text.") from None
    raise InvalidText(
        f"{name} is a ZIP archive, but neither .epub nor .docx. Export it as plain text; a list (.xlsx) is for "
        "herald batch."
    )


class _Parts:
    """The parts of an archive, up to MOST_BYTES of them."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._left = MOST_BYTES

    def read(self, name: str) -> bytes:
        info = self._archive.getinfo(name)
        self._left -= info.file_size
        if self._left < 0:
            raise InvalidText(f"The document has over {MOST_BYTES // 1_000_000} MB of text. Split it.")
        return self._archive.read(info)

    def xml(self, name: str) -> XmlPart:
        return XmlPart(io.BytesIO(self.read(name)))


def _chapters(parts: _Parts) -> Iterator[str]:
    """Yield the texts of an e-book in reading order: EPUB 3.3, https://www.w3.org/TR/epub-33/."""
    package = next(
        given["full-path"]
        for opened, name, given in parts.xml("META-INF/container.xml").tags()
        if opened and name == "rootfile"
    )
    files: dict[str, str] = {}
    order: list[str] = []
    for opened, name, given in parts.xml(package).tags():
        if opened and name == "item" and given.get("media-type") in {"application/xhtml+xml", "text/html"}:
            is_contents = "nav" in given.get("properties", "").split()
            files[given["id"]] = "" if is_contents else given["href"]
        elif opened and name == "itemref" and given.get("linear") != "no":
            order.append(files.get(given["idref"], ""))
    for href in filter(None, order):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(href)))
        if text := html_text(decode_text(parts.read(path), path)):
            yield text


def _paragraphs(part: XmlPart) -> list[str]:
    """Return the paragraphs of a Word document, without deleted text and field codes: ECMA-376, part 1, section 17."""
    found: list[list[str]] = [[]]
    inside: list[str] = []

    def start(name: str, _: Attributes) -> None:
        inside.append(local_name(name))
        if inside[-1] in {"tab", "br", "cr"}:
            found[-1].append(" ")

    def end(_: str) -> None:
        if inside.pop() == "p":
            found.append([])

    def text(data: str) -> None:
        if inside and inside[-1] == "t" and "del" not in inside and "txbxContent" not in inside:
            found[-1].append(data)

    for _ in part.parse(start, end, text):
        pass
    return [paragraph for words in found if (paragraph := " ".join("".join(words).split()))]
