"""Forms: what a recording arrives in. Each malformed one is refused with its own reason."""

from time import process_time

import pytest

from herald.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType
from herald.web.multipart import MOST_BYTES, File, parse_form
from tests.hostile.cases import HERE, MARKER, build, read_lines

HEAD = {"content-type": "multipart/form-data; boundary=b"}
NAME = 'Content-Disposition: form-data; name="name"'
SAMPLE = 'Content-Disposition: form-data; name="sample"; filename="a.wav"'
HOSTILE = read_lines(HERE / "forms.jsonl")
"""Malformed forms: a `body` or the `head` of a part, or another `type`, and if it differs the `code` of the refusal."""
SLOWEST = 0.5
"""CPU seconds for a form."""


def form(*parts):
    """Return a body of parts, each a head and a content."""
    return b"".join(f"--b\r\n{head}\r\n\r\n".encode() + content + b"\r\n" for head, content in parts) + b"--b--\r\n"


def parsed(body, headers=HEAD, **options):
    return parse_form(body, headers, texts={"name"}, files={"sample", "samples"}, **options)


def test_texts_and_files_are_read_by_name():
    found = parsed(form((NAME, "José".encode()), (SAMPLE, b"RIFF\r\n\0")))
    assert found.texts == {"name": "José"}
    assert found.files == {"sample": [File("a.wav", b"RIFF\r\n\0")]}


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("content-disposition:form-data;NAME=sample;FileName=a.wav", "a.wav"),
        (SAMPLE.replace("a.wav", r"a \"b\".wav"), 'a "b".wav'),
        (SAMPLE.replace("a.wav", "José; (1).wav"), "José; (1).wav"),
        (SAMPLE.replace('"a.wav"', '""'), ""),
        (SAMPLE.replace('filename="a.wav"', "filename*=UTF-8''Jos%C3%A9.wav"), "José.wav"),
        (f"{SAMPLE}; filename*=utf-8'en'Jos%C3%A9.wav", "José.wav"),
        (f"Content-Type: audio/wav\r\n{SAMPLE.replace('; f', f';{chr(13)}{chr(10)} f')}\r\nX-Other: a:b", "a.wav"),
    ],
    ids=["short", "quotes", "signs", "no name", "encoded", "both names", "folded, among others"],
)
def test_the_name_of_a_file_is_read_as_clients_write_it(head, name):
    assert parsed(form((head, b"1"))).files == {"sample": [File(name, b"1")]}


def test_what_surrounds_the_parts_is_ignored():
    body = b"before\r\n" + form((NAME, b"x")).replace(b"--b\r\n", b"--b \t\r\n") + b"after\r\n--b\r\n"
    head = 'Multipart/Form-Data ; charset="utf-8" ; Boundary="b"'
    assert parsed(body, {"content-type": head}).texts == {"name": "x"}


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case["name"])
def test_a_hostile_form_is_refused_at_once(case):
    body = build(case["body"]) if "body" in case else form((build(case["head"]), b"x")).decode()
    started = process_time()
    with pytest.raises(InvalidRequest) as refused:
        parsed(body.encode(), {"content-type": build(case.get("type", HEAD["content-type"]))})
    assert process_time() - started < SLOWEST
    assert refused.value.code == case.get("code", "invalid_form")
    assert MARKER not in refused.value.message


def test_names_of_hostile_forms_are_unique():
    assert len({case["name"] for case in HOSTILE}) == len(HOSTILE)


def test_only_named_fields_have_several_files():
    several = SAMPLE.replace("sample", "samples")
    assert len(parsed(form(*[(several, b"1")] * 50), several={"samples"}).files["samples"]) == 50
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
