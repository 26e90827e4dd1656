"""Where the words of lexicons match in a text, and what is said for them."""

from itertools import islice, product
from time import perf_counter

import pytest

from herald.errors import TextTooLong, UnreadableText
from herald.speech.lexicons import Entry, Lexicon
from herald.speech.lexicons.lexicon import find_words
from herald.speech.reading import check, read, spoken_form


def lexicon(*entries, language=None, exact=()):
    return Lexicon(tuple(Entry(word, alias, exact=word in exact) for word, alias in entries), language)


def said(text, *lexicons, language="en-US"):
    return spoken_form(text, language, lexicons=lexicons)


NAMES = lexicon(("nginx", "engine x"), ("IT", "eye tee"), ("New York", "Noo Yawk"), ("new", "fresh"), exact={"IT"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Is nginx up?", "Is engine x up?"),
        ("NGINX, Nginx.", "engine x, engine x."),
        ("Use it in IT.", "Use it in eye tee."),
        ("In New\nYork, new York.", "In Noo Yawk, Noo Yawk."),
        ("A new one.", "A fresh one."),
        ("renew nginxes", "renew nginxes"),
        ("nginx-based", "engine x based"),
        ("nginx's and nginx’s", "engine x's and engine x's"),
        ("(nginx)", "engine x"),
    ],
)
def test_whole_words_match_the_longest_first(text, words):
    assert said(text, NAMES) == words


def test_a_letter_whose_small_form_has_two_characters_does_not_move_the_following_matches():
    """U+0130, the capital of the Turkish i, is "i" and a combining dot in lower case."""
    assert said("\u0130zmir and \u0130stanbul run nginx here.", NAMES) == (
        "\u0130zmir and \u0130stanbul run engine x here."
    )


def test_an_alias_is_read_like_any_text_but_by_no_lexicon():
    assert said("Pay ACME.", lexicon(("acme", "Dr. Acme $5"))) == "Pay Doctor Acme five dollars."
    assert said("one", lexicon(("one", "two"), ("two", "one"))) == "two"


def test_a_rule_of_the_reading_does_not_look_into_a_word():
    assert said("Take 3/14 now", lexicon(("3/14", "pi day"))) == "Take pi day now"
    assert said("$5", lexicon(("$5", "a fiver"))) == "a fiver"
    assert said("I love C++.", lexicon(("C++", "see plus plus"))) == "I love see plus plus."


def test_of_two_lexicons_the_first_applies():
    bob, bobby = lexicon(("Bob", "Robert")), lexicon(("Bob", "Bobby"))
    assert said("I am Bob.", bob, bobby) == "I am Robert."
    assert said("I am Bob.", bobby, bob) == "I am Bobby."


@pytest.mark.parametrize(
    ("bound", "language", "applies"),
    [
        ("en-US", "en_US", True),
        ("en", "en-GB", True),
        ("en-US", "en-GB", False),
        ("en-US", "en", False),
        ("de", "en-US", False),
        (None, "fr-FR", True),
    ],
)
def test_a_lexicon_is_bound_to_its_language(bound, language, applies):
    assert lexicon(("a", "b"), language=bound).applies_to(language) == applies


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([("IT", True), ("it", True), ("It", False)], ["0", "1", "2", "2"]),
        ([("It", False), ("IT", True)], ["0", "0", "0", "0"]),
        ([("IT", True), ("IT", True)], ["0", None, None, None]),
    ],
)
def test_of_two_entries_with_a_word_the_first_applies(entries, expected):
    one = Lexicon(tuple(Entry(word, f"{number}", exact=exact) for number, (word, exact) in enumerate(entries)))
    found = [[match.entry.alias for match in find_words(word, [one], "en")] for word in ("IT", "it", "It", "iT")]
    assert [aliases[0] if aliases else None for aliases in found] == expected


def test_letters_of_another_script_become_readable():
    names = lexicon(("李明", "Li Ming"))
    assert said("Call 李明 now.", names) == "Call Li Ming now."
    check("Call 李明 now.", "en-US", lexicons=[names])
    with pytest.raises(UnreadableText):
        check("Call 李明 now.", "en-US")
    with pytest.raises(UnreadableText) as raised:
        said("Call Li.", lexicon(("Li", "李")))
    assert raised.value.param == "lexicons"


def test_a_decomposed_text_matches_with_the_offsets_of_the_original():
    text = "Cafe\u0301 Zoe\u0308!"
    tokens = read(text, "en-US", lexicons=[lexicon(("Zoë", "Zoh ee"))]).tokens
    (zoe,) = (token for token in tokens if token.kind == "lexicon")
    assert text[zoe.start : zoe.end] == "Zoe\u0308"


def test_offsets_are_those_of_the_text_with_markup():
    text = "<p>Hi <b>nginx</b> &amp; co</p>"
    reading = read(text, "en-US", text_format="html", lexicons=[NAMES])
    (token,) = (token for token in reading.tokens if token.kind == "lexicon")
    assert (text[token.start : token.end], token.words) == ("nginx", "engine x")


def test_the_checksum_covers_what_changes_the_sound():
    first = Lexicon((Entry("a", "b"),))
    others = [
        Lexicon((Entry("a", "c"),)),
        Lexicon((Entry("a", "", "b"),)),
        Lexicon((Entry("a", "b", exact=True),)),
        Lexicon((Entry("a", "b"),), "en"),
        Lexicon((Entry("a", "b"), Entry("b", "c"))),
    ]
    assert len({one.checksum for one in [first, *others]}) == 6
    assert first.checksum == Lexicon((Entry("a", "b"),)).checksum


def test_a_text_cannot_become_hours_of_speech():
    with pytest.raises(TextTooLong) as raised:
        said("a " * 2_000, lexicon(("a", "word " * 40)))
    assert raised.value.param == "lexicons"


def test_a_large_lexicon_takes_time_in_proportion_to_the_text():
    # All words begin alike and differ in length: the worst case of the search.
    hostile = Lexicon(tuple(Entry(f"{'a ' * (number % 49)}a{number}", "b") for number in range(4_000)))
    text = "a " * 20_000
    began = perf_counter()
    assert list(find_words(text, [hostile] * 5, "en-US")) == []
    assert perf_counter() - began < 10


def test_many_entries_that_differ_in_case_take_no_more_time_than_one():
    written = [" ".join(letters) for letters in islice(product("aA", repeat=12), 1, 4_001)]
    hostile = Lexicon(tuple(Entry(word, "b", exact=True) for word in written))
    began = perf_counter()
    assert list(find_words("a " * 5_000, [hostile] * 5, "en-US")) == []
    assert perf_counter() - began < 3
