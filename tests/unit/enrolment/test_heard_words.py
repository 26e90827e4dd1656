"""What a transcript has of a sentence of consent."""

import pytest

from herald.enrolment.checking import compare
from herald.enrolment.consent_sentence import ConsentSentence

SENTENCE = ConsentSentence("en", ("river", "window", "garden", "yellow"))
FIXED = "I am the owner of this voice, and I agree that this service makes a synthetic voice from it."
ALL = (True, True, True, True)


@pytest.mark.parametrize(
    ("transcript", "fixed", "words"),
    [
        (SENTENCE.text, 1.0, ALL),
        (SENTENCE.text.upper(), 1.0, ALL),
        (f"{FIXED} My words are River. Windows, garden and yellow!", 1.0, ALL),
        (f"Okay. {FIXED} So, my words are: river, window, garden... yellow. Thank you.", 1.0, ALL),
        (f"{FIXED} My words are river, window, pepper, yellow.", 1.0, (True, True, False, True)),
        (f"{FIXED} My words are yellow, garden, window, river.", 1.0, (True, False, False, False)),
        (f"{FIXED} My words are tiger, castle, coffee, piano.", 1.0, (False,) * 4),
        (f"{FIXED}", 18 / 21, (False,) * 4),
        ("River, window, garden, yellow.", 0.0, ALL),
        ("The train to the airport leaves from platform seven in twenty minutes.", 1 / 21, (False,) * 4),
        ("", 0.0, (False,) * 4),
    ],
)
def test_parts_of_a_sentence_are_found(transcript, fixed, words):
    heard = compare(SENTENCE, transcript)
    assert heard.fixed == pytest.approx(fixed, abs=0.05)
    assert heard.words == words


def test_random_words_before_the_statement_do_not_count():
    """Words that were spliced in front of a recording are not at the place where the sentence has them."""
    assert compare(SENTENCE, f"River, window, garden, yellow. {FIXED} My words are").words == (False,) * 4


def test_a_recording_of_many_words_does_not_state_the_words_of_every_sentence():
    """Only as many words as a person says who repeats or corrects some are compared."""
    spaced = "river tiger window castle garden coffee yellow piano"
    assert compare(SENTENCE, f"{FIXED} My words are {spaced}.").words == ALL
    others = "tiger castle coffee piano honey turtle wizard ocean"
    assert compare(SENTENCE, f"{FIXED} My words are {others} river window garden yellow.").words == (False,) * 4


def test_diacritics_do_not_count():
    sentence = ConsentSentence("fr", ("fenêtre", "forêt", "fusée", "château"))
    heard = compare(sentence, sentence.text.replace("ê", "e").replace("é", "e").replace("â", "a"))
    assert (heard.fixed, heard.words) == (1.0, ALL)
