"""Faults of SSML documents are refused with their place, quickly, and without repeating the text."""

import json
from pathlib import Path
from time import process_time

import pytest

from herald.errors import InvalidSsml, UnreadableText
from herald.speech.reading import check, read
from herald.speech.ssml.document import characters, parsed
from tests.hostile.cases import build

HERE = Path(__file__).parent
FAULTS, HARMLESS = (
    [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]
    for name in ("faults.jsonl", "harmless.jsonl")
)
QUICK = 0.05
"""Seconds of a processor for any document: a limit of the API, as more would make documents a way to block it."""


def quickest(work):
    """Return the least seconds of a processor that the work takes; the first time it also loads code and tables."""
    seconds = []
    for _ in range(3):
        parsed.cache_clear()
        started = process_time()
        work()
        seconds.append(process_time() - started)
    return min(seconds)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["name"])
def test_a_fault_is_reported_with_its_place(fault):
    document = build(fault["document"])

    def refuse():
        with pytest.raises(InvalidSsml) as refused:
            check(document, "en-US", text_format="ssml")
        return refused.value

    error = refuse()
    assert error.message.startswith(f"Line {fault['line']}, column {fault['column']}: ")
    assert fault["says"] in error.message
    assert "quetzal" not in error.message
    assert error.param == "input"
    assert quickest(refuse) < QUICK


@pytest.mark.parametrize("harmless", HARMLESS, ids=lambda harmless: harmless["name"])
def test_an_odd_document_is_read(harmless):
    document = build(harmless["document"])
    assert read(document, "en-US", text_format="ssml").words == harmless["words"]
    assert quickest(lambda: check(document, "en-US", text_format="ssml")) < QUICK


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
    document = "\ufeff <speak>é &amp; <emphasis>5&#32;km</emphasis>\r\n<![CDATA[a < b]]></speak>"
    tokens = read(document, "en-US", text_format="ssml").tokens
    assert [(document[one.start : one.end], one.words) for one in tokens] == [
        ("é", "é"),
        ("&amp;", "and"),
        ("5&#32;km", "five kilometers"),
        ("a < b", "a less than b"),
    ]
