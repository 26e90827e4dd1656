"""Faults of SSML documents are refused with their place, quickly, and without repeating the text."""

import json
from pathlib import Path
from time import perf_counter

import pytest

from herald.errors import InvalidSsml, UnreadableText
from herald.speech.reading import check, read
from herald.speech.ssml.document import characters
from tests.hostile.cases import build

FAULTS = [json.loads(line) for line in (Path(__file__).parent / "faults.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["name"])
def test_a_fault_is_reported_with_its_place(fault):
    document = build(fault["document"])
    started = perf_counter()
    with pytest.raises(InvalidSsml) as refused:
        check(document, "en-US", text_format="ssml")
    assert perf_counter() - started < 1
    assert refused.value.message.startswith(f"Line {fault['line']}, column {fault['column']}: ")
    assert fault["says"] in refused.value.message
    assert "quetzal" not in refused.value.message


def test_letters_of_another_script_are_reported_with_their_place():
    with pytest.raises(UnreadableText, match="Line 2, column 4: "):
        check("<speak>a\n<s>日本</s></speak>", "en-US", text_format="ssml")


@pytest.mark.parametrize(
    ("document", "count"),
    [
        ('<speak>Hello <break time="1s"/>world</speak>', 11),
        ("<speak>A&amp;T &#233; <![CDATA[<b>]]></speak>", 9),
        ('<speak><sub alias="World Wide Web Consortium">W3C</sub></speak>', 3),
    ],
)
def test_only_the_text_counts(document, count):
    assert characters(document) == count


def test_spans_are_those_of_the_document():
    document = '\ufeff <speak>é &amp; <emphasis>5&#32;km</emphasis>\r\n<![CDATA[a < b]]></speak>'
    tokens = read(document, "en-US", text_format="ssml").tokens
    assert [(document[one.start : one.end], one.words) for one in tokens] == [
        ("é", "é"),
        ("&amp;", "and"),
        ("5&#32;km", "five kilometers"),
        ("a", "a"),
        ("<", "less than"),
        ("b", "b"),
    ]
