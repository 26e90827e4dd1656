"""Whatever the text is, there are words or a refusal."""

import random
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from herald.errors import UnreadableText
from herald.speech.reading import Fixed, read, spoken_form
from herald.speech.reading.languages import find_grammar
from tests.support.settled_readings import settled

PIECES = st.sampled_from(
    [
        "0",
        "1",
        "7",
        "12",
        "99",
        "2026",
        "482913",
        "3.5",
        "1,000",
        "$",
        "€",
        "£",
        "%",
        "#",
        "@",
        "&",
        "+",
        "-",
        "–",
        "—",
        "/",
        "\\",
        ".",
        ",",
        ":",
        ";",
        "!",
        "?",
        "…",
        "'",
        '"',
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        "=",
        "*",
        "_",
        "~",
        "^",
        "|",
        "°",
        "½",
        "²",
        "am",
        "p.m.",
        "St.",
        "Dr.",
        "Mr",
        "Jr.",
        "No.",
        "U.S.",
        "e.g.",
        "Jan",
        "Mar.",
        "Mon",
        "Fri",
        "may",
        "II",
        "XIV",
        "IV",
        "I",
        "V",
        "kg",
        "km/h",
        "MB",
        "st",
        "th",
        "1st",
        "90s",
        "www.",
        ".com",
        "a@b.co",
        "http://",
        "v2",
        "A",
        "B",
        "US",
        "IT",
        "NASA",
        "hello",
        "Hello",
        "\n",
        "\n\n",
        "\t",
        "\xa0",
        "\u200d",
        "\ufeff",
        "🎉",
        "é",
        "ễ",
        "ﬃ",
        "Ⅳ",
        "１",
        "ａ",
        "α",
        "’",
        "`",
        "™",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=16).map("".join), st.lists(PIECES, max_size=12).map(" ".join)
)


@settings(max_examples=400)
@given(TEXTS)
@example("dr ✓.")
@example("1\n\n\n.")
def test_any_text_has_words_or_is_refused(text):
    with suppress(UnreadableText):
        reading = read(text, "en-US")
        at = 0
        for token in reading.tokens:
            assert at <= token.start <= token.end <= len(text)
            assert token.words or token.kind == "paragraph"
            at = token.end
        assert not any(character.isdigit() for character in reading.words)


@settings(max_examples=400)
@given(TEXTS)
def test_words_come_back_as_they_are(text):
    with suppress(UnreadableText):
        said = settled(text, "en-US")
        assert spoken_form(said) == said


@settings(max_examples=100)
@given(st.lists(st.text(alphabet="bcdefghijklmnopqrstuvwxyz", min_size=3, max_size=9), min_size=1, max_size=12))
def test_plain_words_are_unchanged(words):
    grammar = find_grammar("en")
    plain = " ".join(word for word in words if word not in grammar.starters | grammar.dotted)
    assert spoken_form(f"{plain}.") == (f"{plain}." if plain else "")


def test_given_words_replace_the_reading():
    text = "Call 555-0123 and say GIF, please."
    start = text.index("GIF")
    reading = read(text, "en-US", fixed=[Fixed(start, start + 3, "jiff")])
    assert reading.words == "Call five five five, zero one two three and say jiff, please."
    (token,) = (token for token in reading.tokens if token.kind == "fixed")
    assert (token.start, token.end) == (start, start + 3)


ADVERSARIAL = [
    "1", "12,", "1.", "1-", "1/", "1:", "$1", "a.", "A.", "a-", "a/", "(", "()", "[{", "((1", "www.", "a@", "@", "#",
    "http://",
    "-", "–", ".", "...", "'", "a'", "1 ", "A1", "1a", "1x", "+1 ", "May 1 ", "May ", "St. ", "Mr. ", "I", "IV ", " ",
    "\n", "\n\n",
    "½", "²", "e\u0301", "ễ",
    "\u200d", "1e", "1st ", "US", "US ", "A&", "x=", "v1.", "5 kg ", "12 Oak ", "code ", "in ",
    "9-5 ",
]  # fmt: skip


@pytest.mark.parametrize("unit", ADVERSARIAL)
def test_four_times_the_text_costs_at_most_six_times_the_time(unit):
    spent = []
    for _ in range(4):
        times = []
        for length in (6_000, 24_000):
            text = (unit * length)[:length]
            started = process_time()
            read(text, "en-US")
            times.append(process_time() - started)
        if times[1] <= 6 * max(times[0], 0.01):
            return
        spent.append(times)
    pytest.fail(f"{unit!r}: {spent}")


@pytest.mark.parametrize(("language", "unit"), [("en-US", "Mon-"), ("fr-FR", "Dr-")])
def test_a_long_word_whose_parts_rules_read_takes_linear_time(language, unit):
    started = process_time()
    read(unit * 20_000, language)
    assert process_time() - started < 5


@pytest.mark.parametrize(
    "text",
    ["1" * 100_000, "[" * 50_000 + "]" * 50_000, "1." * 50_000, "a" * 100_000],
    ids=["digits", "brackets", "dots", "word"],
)
def test_a_hundred_thousand_characters_take_seconds_at_most(text):
    started = process_time()
    read(text, "en-US")
    assert process_time() - started < 5


def test_a_million_characters_of_anything():
    source = random.Random(7)  # noqa: S311  no secret
    pieces = [
        *"0123456789",
        *"abcdefgh ABCDEFG  \n\n.,:;!?-–—/$€£%#@&+*()[]{}<>='\"",
        "é",
        "½",
        "\U0001f389",
        "a.m.",
        "St.",
        "$1.5",
        "3/14",
        "www.",
    ]
    started = process_time()
    for _ in range(100):
        read("".join(source.choices(pieces, k=8_000)), "en-US")
    # Not a measurement: what takes quadratic time takes hours.
    assert process_time() - started < 120
