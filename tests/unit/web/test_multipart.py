"""Forms: what a recording arrives in. Each malformed one is refused with its own reason."""

import pytest

from herald.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType
from herald.web.multipart import MOST_BYTES, File, parse_form

HEAD = {"content-type": "multipart/form-data; boundary=b"}
NAME = 'Content-Disposition: form-data; name="name"'
SAMPLE = 'Content-Disposition: form-data; name="sample"; filename="a.wav"'


def form(*parts):
    """Return a body of parts, each a head and a content."""
    return b"".join(f"--b\r\n{head}\r\n\r\n".encode() + content + b"\r\n" for head, content in parts) + b"--b--\r\n"


def parsed(body, headers=HEAD, **options):
    return parse_form(body, headers, texts={"name"}, files={"sample", "samples"}, **options)


def test_texts_and_files_are_read_by_name():
    found = parsed(form((NAME, "José".encode()), (SAMPLE, b"RIFF\r\n\0")))
    assert found.texts == {"name": "José"}
    assert found.files == {"sample": [File("a.wav", b"RIFF\r\n\0")]}


def test_only_named_fields_have_several_files():
    several = SAMPLE.replace("sample", "samples")
    assert len(parsed(form((several, b"1"), (several, b"2")), several={"samples"}).files["samples"]) == 2
    with pytest.raises(InvalidRequest, match="field twice") as error:
        parsed(form((SAMPLE, b"1"), (SAMPLE, b"2")), several={"samples"})
    assert error.value.param == "sample"


def test_another_media_type_is_refused():
    for head in ("application/json", "", "multipart/mixed; boundary=b"):
        with pytest.raises(UnsupportedMediaType, match="must be a form"):
            parsed(b"{}", {"content-type": head})


def test_an_encoded_body_is_refused():
    with pytest.raises(UnsupportedMediaType, match="Compressed bodies"):
        parsed(form((NAME, b"x")), HEAD | {"content-encoding": "gzip"})


def test_a_long_body_is_refused():
    with pytest.raises(BodyTooLarge, match="4,400,000 bytes"):
        parsed(bytes(MOST_BYTES + 1))


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([('Content-Disposition: form-data; name="nam"', b"x")], "unknown field. Known fields: name, sample, samples"),
        ([("Content-Disposition: form-data", b"x")], "unknown field"),
        ([(NAME, b"x"), (NAME, b"x")], "field twice"),
        ([(f'{NAME}; filename="a.txt"', b"x")], "name: send a text"),
        ([(SAMPLE.partition("; filename")[0], b"x")], "sample: send a file"),
        ([(NAME, b"\xff")], "name: not valid UTF-8"),
        ([(NAME, b"a\nb")], "printable characters"),
        ([(NAME, b"a" * 1_025)], "up to 1,024 printable characters"),
        ([(f"{NAME}\r\nContent-Transfer-Encoding: base64", b"eA==")], "not a complete form"),
        ([(f"{NAME}\r\nContent-Type: multipart/mixed; boundary=c", b"--c\r\n\r\nx\r\n--c--")], "not a complete form"),
    ],
)
def test_a_wrong_field_is_refused(parts, message):
    with pytest.raises(InvalidRequest, match=message):
        parsed(form(*parts))


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (b"", HEAD["content-type"]),
        (form((NAME, b"x"))[: -len(b"--b--\r\n")], HEAD["content-type"]),
        (form((NAME, b"x")), "multipart/form-data"),
        (form((NAME, b"x")), "multipart/form-data; boundary=c"),
        (form((NAME, b"x")), "multipart/form-data; boundary=\xdf"),
    ],
    ids=["empty", "without an end", "no boundary", "another boundary", "a boundary that is not ASCII"],
)
def test_a_body_that_is_no_form_is_refused(body, head):
    with pytest.raises(InvalidRequest, match="not a complete form"):
        parsed(body, {"content-type": head})
