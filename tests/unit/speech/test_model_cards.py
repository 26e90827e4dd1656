"""Licences that forbid commercial use are found in model cards."""

import pytest

from herald.speech.voices.catalog import gender_of, read_model_card


@pytest.mark.parametrize(
    ("text", "licence", "commercial"),
    [
        ("* License: CC0\n\nTrained from scratch.", "CC0", True),
        ("* License: CC0\n\nFinetuned from U.S. English lessac voice (medium quality).", "CC0", False),
        ("* Licence: CC BY-NC 4.0", "CC BY-NC 4.0", False),
        ("* License: https://www.cstr.ed.ac.uk/projects/blizzard/2013/lessac_blizzard2013/license.html", None, False),
        ("No word about it.", "unknown", True),
    ],
)
def test_cards(tmp_path, text, licence, commercial):
    (tmp_path / "MODEL_CARD").write_text(text)
    card = read_model_card(tmp_path / "MODEL_CARD", "en_US-someone-medium")
    assert licence in {card.licence, None}
    assert card.commercial == commercial


def test_the_restricted_voice_itself(tmp_path):
    (tmp_path / "MODEL_CARD").write_text("* License: see the page")
    assert not read_model_card(tmp_path / "MODEL_CARD", "en_US-lessac-medium").commercial


def test_a_missing_card(tmp_path):
    card = read_model_card(tmp_path / "MODEL_CARD", "x")
    assert (card.licence, card.data_licence, card.commercial) == ("unknown", "unknown", True)


@pytest.mark.parametrize(
    ("voice", "gender"),
    [("en_US-joe-medium", "male"), ("en_US-amy-low", "female"), ("en_US-someone-low", "unknown"), ("joe", "male")],
)
def test_genders(voice, gender):
    assert gender_of(voice) == gender
