"""Bodies in multipart/form-data (RFC 7578), which carry recordings.

They are parsed here and not by the standard library's email package, which raises IndexError, RecursionError and others
for malformed headers, and takes a minute for a header of a megabyte.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from herald.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType
from herald.jobs.body import check_encoding

MOST_BYTES = 4_400_000
"""Bytes of a body: Lambda takes 6 MB, in which API Gateway encodes the body as base64.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
_LONGEST_VALUE = 1_024
_MOST_PARTS = 50
_LONGEST_HEAD = 4_096
"""Bytes of the headers of a part."""
_BOUNDARY = re.compile(r"[A-Za-z0-9'()+_,./:=? -]{0,69}[A-Za-z0-9'()+_,./:=?-]")
_PADDING = re.compile(rb"[ \t]*\r\n")
_FOLD = re.compile(r"\r\n[ \t]+")
_PARAMETER = re.compile(r'\s*+;\s*+([^\s;="]++)\s*+=\s*+("(?:[^"\\]|\\.)*+"|[^\s;"]*+)')
_HEADER = re.compile(rf"([^\s;]++)((?:{_PARAMETER.pattern})*+)\s*+;?\s*+")
"""Possessive, so that a header is matched in linear time."""
_ESCAPED = re.compile(r"\\(.)")
_EXTENDED = re.compile(r"utf-8'[^']*'(.*)", re.IGNORECASE)
"""A file name with letters outside ASCII (RFC 5987), as some clients send it although RFC 7578 says not to."""


class File(NamedTuple):
    """A file of a form, with the name that the client gives it."""

    name: str
    content: bytes


class _Part(NamedTuple):
    """A part of a body: its field, the name of its file if it is one, and its content."""

    name: str
    file_name: str | None
    content: bytes


class Form(NamedTuple):
    """The fields of a form: texts and files, by name."""

    texts: dict[str, str]
    files: dict[str, list[File]]


def parse_form(
    body: bytes, headers: Mapping[str, str], *, texts: set[str], files: set[str], several: Collection[str] = ()
) -> Form:
    """Return the fields of a form. `headers` have lower-case names; `texts` and `files` are the known fields.

    `several` are the fields that may have more than one file.

    Raise UnsupportedMediaType for another media type, BodyTooLarge, and InvalidRequest for a malformed body, an unknown
    or repeated field, a file in place of a text, and a text in place of a file.
    """
    head = headers.get("content-type", "")
    if head.partition(";")[0].strip().lower() != "multipart/form-data":
        raise UnsupportedMediaType("The body must be a form. Set the header Content-Type: multipart/form-data.")
    check_encoding({"content-encoding": headers.get("content-encoding", "identity")})
    if len(body) > MOST_BYTES:
        raise BodyTooLarge(
            f"The body exceeds the limit of {MOST_BYTES:,} bytes. Send the recording in mono, as FLAC, MP3 or Ogg."
        )
    form = Form({}, {})
    for part in _parts(body, head):
        if part.name not in texts | files:
            raise InvalidRequest(
                f"The form has an unknown field. Known fields: {', '.join(sorted(texts | files))}.",
                code="unknown_field",
            )
        if part.name in form.texts or (part.name in form.files and part.name not in several):
            raise InvalidRequest("The form has a field twice. Send each field once.", param=part.name)
        _add(form, part, is_file=part.name in files)
    return form


def _add(form: Form, part: _Part, *, is_file: bool) -> None:
    if is_file != (part.file_name is not None):
        raise InvalidRequest(f"{part.name}: send a {'file' if is_file else 'text'}.", param=part.name)
    if part.file_name is not None:
        form.files.setdefault(part.name, []).append(File(part.file_name, part.content))
    else:
        form.texts[part.name] = _text(part.name, part.content)


def _parts(body: bytes, content_type: str) -> list[_Part]:
    """Return the parts of a body; raise InvalidRequest with the code invalid_form."""
    boundary = _parameters(content_type)[1].get("boundary", "")
    if not _BOUNDARY.fullmatch(boundary):
        raise _malformed()
    # What precedes the first part is ignored, as is what follows the end of the form.
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode(), _MOST_PARTS + 1)[1:]
    end = next((at for at, piece in enumerate(pieces) if piece.startswith(b"--")), 0)
    if not end:
        raise _malformed()
    return [_part(piece) for piece in pieces[:end]]


def _part(data: bytes) -> _Part:
    padding = _PADDING.match(data)
    end = data.find(b"\r\n\r\n", padding.end(), padding.end() + _LONGEST_HEAD) if padding else -1
    if padding is None or end < 0:
        raise _malformed()
    headers = _headers(data[padding.end() : end].decode("utf-8", "replace"))
    kind, given = _parameters(headers.get("content-disposition", ""))
    is_nested = headers.get("content-type", "").lower().startswith("multipart/")
    if kind != "form-data" or is_nested or headers.get("content-transfer-encoding"):
        raise _malformed()
    encoded = _EXTENDED.fullmatch(given.get("filename*", ""))
    file_name = unquote(encoded[1]) if encoded else given.get("filename", given.get("filename*"))
    return _Part(given.get("name", ""), file_name, data[end + len(b"\r\n\r\n") :])


def _headers(head: str) -> dict[str, str]:
    """Return the headers of a part by their name in lower case."""
    fields = [line.partition(":") for line in _FOLD.sub(" ", head).split("\r\n")]
    if not all(colon for _, colon, _ in fields):
        raise _malformed()
    return {name.strip().lower(): value.strip() for name, _, value in fields}


def _parameters(header: str) -> tuple[str, dict[str, str]]:
    """Return the value of a header in lower case, and its parameters by their name in lower case."""
    found = _HEADER.fullmatch(header)
    if found is None:
        raise _malformed()
    pairs = _PARAMETER.findall(found[2])
    given = {name.lower(): _ESCAPED.sub(r"\1", value[1:-1]) if value[:1] == '"' else value for name, value in pairs}
    if len(given) < len(pairs):
        raise _malformed()
    return found[1].lower(), given


def _text(name: str, content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise InvalidRequest(f"{name}: not valid UTF-8.", param=name) from None
    if len(text) > _LONGEST_VALUE or not text.isprintable():
        raise InvalidRequest(
            f"{name}: send up to {_LONGEST_VALUE:,} printable characters, without line breaks.", param=name
        )
    return text


def _malformed() -> InvalidRequest:
    return InvalidRequest("The body is not a complete form in multipart/form-data.", code="invalid_form")
