"""Every word of a written lexicon is found, and no other."""

import pytest

from herald.speech.misaki.dictionary import Dictionary, write_lexicon


@pytest.mark.parametrize("count", [1, 2, 3, 1000])
def test_every_word_is_found(tmp_path, count):
    words = {f"word{number}": {"": f"w{number}", "NOUN": "n"} for number in range(count)}
    write_lexicon(tmp_path / "lexicon.txt", words)
    lexicon = Dictionary(tmp_path / "lexicon.txt")
    assert {word: lexicon.find(word) for word in words} == words
    assert [lexicon.find(word) for word in ("", "word", "a", "zebra", f"word{count}", "Word1", "é")] == [None] * 7


def test_words_with_the_separator_are_left_out(tmp_path):
    write_lexicon(tmp_path / "lexicon.txt", {"a\tb": {"": "x"}, "c": {"": "y"}})
    assert Dictionary(tmp_path / "lexicon.txt").find("c") == {"": "y"}
