"""Sentences of consent: their words can be told apart, and an old sentence is not that of a new enrolment."""

from itertools import combinations

import pytest

from herald.enrolment.checking import is_similar, plain_words
from herald.enrolment.consent_sentence import WORDS, languages, new_sentence, parse_words, sentence_tables
from herald.errors import InvalidRequest


@pytest.mark.parametrize("language", languages())
def test_random_words_can_be_told_apart(language):
    words = sentence_tables()[language].words
    assert len(words) >= 40
    confused = [
        (one, other) for one, other in combinations(words, 2) if is_similar(plain_words(one)[0], plain_words(other)[0])
    ]
    assert confused == []


@pytest.mark.parametrize("language", languages())
def test_random_words_are_no_words_of_the_statement(language):
    table = sentence_tables()[language]
    assert not set(plain_words(" ".join(table.words))) & set(plain_words(f"{table.statement} {table.lead}"))


@pytest.mark.parametrize("language", languages())
def test_a_sentence_has_different_random_words(language):
    sentence = new_sentence(language)
    assert len(set(sentence.words)) == WORDS
    assert sentence.text.endswith(f"{sentence_tables()[language].lead} {', '.join(sentence.words)}.")


def test_sentences_differ():
    assert len({new_sentence("en").words for _ in range(20)}) == 20


@pytest.mark.parametrize("language", languages())
def test_the_words_of_a_sentence_can_be_given_as_they_are_written(language):
    sentence = new_sentence(language)
    assert parse_words(language, ", ".join(sentence.words).upper() + ".") == sentence


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("river window garden", "4 different words are required, not 3"),
        ("river window garden river", "4 different words are required"),
        ("river window garden yellow orange", "4 different words are required, not 5"),
        ("", "4 different words are required, not 0"),
        ("river window garden submarine", "'submarine' is not a word of a sentence of consent"),
    ],
)
def test_other_words_are_refused(text, message):
    with pytest.raises(InvalidRequest, match=message) as refused:
        parse_words("en", text)
    assert refused.value.param == "words"


def test_a_language_without_a_sentence_is_refused():
    with pytest.raises(InvalidRequest, match="Available languages: en, de, es, fr, it, pt"):
        new_sentence("ja")
