"""Bodies in multipart/form-data (RFC 7578), which carry recordings."""

import re
from collections.abc import Collection, Mapping
from email import message_from_bytes
from email.message import Message
from email.policy import HTTP
from typing import NamedTuple

from herald.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType
from herald.jobs.body import check_encoding

MOST_BYTES = 4_400_000
"""Bytes of a body: Lambda takes 6 MB, in which API Gateway encodes the body as base64.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
_LONGEST_VALUE = 1_024
_BOUNDARY = re.compile(r"[A-Za-z0-9'()+_,./:=? -]{1,70}", re.ASCII)


class File(NamedTuple):
    """A file of a form, with the name that the client gives it."""

    name: str
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
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str) or name not in texts | files:
            raise InvalidRequest(
                f"The form has an unknown field. Known fields: {', '.join(sorted(texts | files))}.",
                code="unknown_field",
            )
        if name in form.texts or (name in form.files and name not in several):
            raise InvalidRequest("The form has a field twice. Send each field once.", param=name)
        _add(form, name, part, is_file=name in files)
    return form


def _add(form: Form, name: str, part: Message, *, is_file: bool) -> None:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or part.defects or part["content-transfer-encoding"]:
        raise _malformed()
    if is_file != (part.get_param("filename", header="content-disposition") is not None):
        raise InvalidRequest(f"{name}: send a {'file' if is_file else 'text'}.", param=name)
    if is_file:
        form.files.setdefault(name, []).append(File(part.get_filename() or "", content))
    else:
        form.texts[name] = _text(name, content)


def _parts(body: bytes, content_type: str) -> list[Message]:
    head = content_type.encode("latin-1", "replace").replace(b"\r", b"").replace(b"\n", b"")
    whole = message_from_bytes(b"Content-Type: %b\r\n\r\n%b" % (head, body), policy=HTTP)
    boundary = whole.get_boundary()
    if boundary is None or not _BOUNDARY.fullmatch(boundary) or whole.defects or not whole.is_multipart():
        raise _malformed()
    parts = [part for part in whole.get_payload() if isinstance(part, Message)]
    if any(part.is_multipart() for part in parts):
        raise _malformed()
    return parts


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
