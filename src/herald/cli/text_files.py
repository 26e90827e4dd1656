"""Read text files in the encodings that editors and spreadsheets write."""

import codecs
from pathlib import Path

from herald.errors import InvalidText

_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Encodings by their byte order marks; the longer ones first, because UTF-32's begins with UTF-16's."""
_ZEROS = 8
"""Text in UTF-16 has a zero byte for each Latin letter, space or line break: at least one in this many bytes."""
_BINARY = {
    b"PK\x03\x04": "a ZIP archive, such as .docx or .epub",
    b"%PDF": "a PDF document",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an old Office document, such as .doc",
}


def read_text(file: Path) -> str:
    """Return the text of a file; raise InvalidText if it is not text."""
    return decode_text(file.read_bytes(), str(file))


def decode_text(data: bytes, name: str) -> str:
    """Return text of any common encoding: UTF-8, UTF-16 or UTF-32 with a byte order mark, else Windows-1252.

    UTF-16 without a mark is recognized by its zero bytes. Raise InvalidText for other data.
    """
    for start, kind in _BINARY.items():
        if data.startswith(start):
            raise InvalidText(f"{name} is {kind}, not text. Export it as plain text.")
    encoding = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), "")
    zeros = {"utf-16-le": data[1::2].count(0), "utf-16-be": data[::2].count(0)}
    if not encoding and b"\0" in data:
        encoding = max(zeros, key=zeros.__getitem__)
        if zeros[encoding] < len(data) / _ZEROS:
            raise InvalidText(f"{name} is not a text file: it contains zero bytes.")
    for candidate in [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            return data.decode(candidate)
        except UnicodeDecodeError:
            continue
    raise InvalidText(f"{name} is not text in UTF-8, UTF-16, UTF-32 or Windows-1252. Save it as UTF-8.")


def markdown_text(text: str) -> str:
    """Return the text of a Markdown document: blocks as paragraphs, without marks, addresses and HTML."""
    from markdown_it import MarkdownIt

    paragraphs = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "inline":
            inside = [one for one in token.children or [] if one.type != "html_inline"]
            paragraphs.append("".join(" " if one.type in {"softbreak", "hardbreak"} else one.content for one in inside))
        elif token.type in {"fence", "code_block"}:
            paragraphs.append(token.content.strip())
    return "\n\n".join(filter(None, paragraphs))
