"""The word error measure."""

import pytest

from tests.quality.words import errors, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Press 0, please!", "press zero please"),
        ("Forty-five; 45", "forty five forty five"),
        ("It's $20.", "it's twenty dollars"),
        ("Dr. Miller", "doctor miller"),
        ("In 2026.", "in 2026"),
    ],
)
def test_words(text, expected):
    assert words(text) == expected.split()


@pytest.mark.parametrize(
    ("reference", "transcript", "expected"),
    [
        ("a b c", "a b c", 0),
        ("a b c", "a c", 1),
        ("a b c", "a x b c", 1),
        ("a b c", "a x c", 1),
        ("a b c", "", 3),
        ("", "a b", 2),
        ("a b c d", "b c d a", 2),
    ],
)
def test_errors(reference, transcript, expected):
    assert errors(reference.split(), transcript.split()) == expected
