"""How a text will be said, as `herald read` and the API show it."""

import pytest

from herald.errors import InvalidRequest, NothingToSpeak, UnreadableText
from herald.speech.reading import supports
from herald.speech.reading.reader import LANGUAGES, preview
from herald.speech.text import offsets_of

TEXT = "🎉 You owe $45.\n\n**Dr. Patel** waits"


def spans(unit, text=TEXT):
    return [
        (token["text_start"], token["text_end"], token["text"])
        for sentence in preview(text, "en-US", offsets=unit)["sentences"]
        for token in sentence["tokens"]
    ]


def test_a_reading_has_sentences_with_tokens():
    shown = preview(TEXT, "en-US")
    assert shown["text_format"] == "markdown"
    assert shown["spoken"] == "You owe forty-five dollars.\n\nDoctor Patel waits"
    first, second = shown["sentences"]
    assert [sentence["spoken"] for sentence in (first, second)] == ["You owe forty-five dollars.", "Doctor Patel waits"]
    said = {"words": "Doctor", "ipa": None}
    assert second["tokens"][0] == {"text": "Dr.", "text_start": 18, "text_end": 21, "kind": "title", **said}
    assert first["tokens"][2]["kind"] == "money"


def test_spans_are_those_of_the_text():
    assert [TEXT[start:end] for start, end, _ in spans("characters")] == [text for _, _, text in spans("characters")]


def test_utf16_spans_are_those_of_javascript():
    data = TEXT.encode("utf-16-le")
    assert [data[2 * start : 2 * end].decode("utf-16-le") for start, end, _ in spans("utf16")] == [
        text for _, _, text in spans("utf16")
    ]
    assert spans("utf16")[0][0] == spans("characters")[0][0] + 1


@pytest.mark.parametrize("text", ["", "a", "ä€\uffff", "🎉", "a🎉b🎉"])
def test_offsets_count_units(text):
    assert [*offsets_of(text, "utf16")] == [len(text[:at].encode("utf-16-le")) // 2 for at in range(len(text) + 1)]
    assert [*offsets_of(text, "characters")] == [*range(len(text) + 1)]


@pytest.mark.parametrize(
    ("text", "language", "text_format", "error"),
    [
        ("李明", "en-US", None, UnreadableText),
        ("...", "en-US", None, NothingToSpeak),
        ("<b></b>", "en-US", "html", NothingToSpeak),
        ("Ahoj", "cs-CZ", None, InvalidRequest),
        ("Hi", "", None, InvalidRequest),
    ],
)
def test_what_cannot_be_read_is_refused(text, language, text_format, error):
    with pytest.raises(error):
        preview(text, language, text_format=text_format)


def test_the_languages_of_the_message_are_those_that_are_read():
    assert all(map(supports, LANGUAGES))
    assert not any(map(supports, ["cs", "nl", "zh"]))


def test_a_document_of_breaks_has_no_sentences():
    assert preview('<speak><break time="1s"/></speak>', "en-US")["sentences"] == []
