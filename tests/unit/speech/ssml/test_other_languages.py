"""Documents in a language that Herald does not read itself, whose words are left to the synthesizer."""

import pytest

from herald.errors import InvalidSsml
from herald.speech.lexicons import Entry, Lexicon
from herald.speech.ssml.compiling import read_ssml


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Goedemorgen. Hoe gaat het? Dag!", "Goedemorgen. Hoe gaat het? Dag!"),
        ('De <sub alias="Nederlandse Spoorwegen">NS</sub> rijdt om 5.', "De Nederlandse Spoorwegen rijdt om 5."),
        ('Code <say-as interpret-as="characters">AB 1</say-as>.', "Code A B 1."),
        ('Op <say-as interpret-as="date" format="dmy"> 1-2-2026 </say-as>!', "Op 1-2-2026!"),
        ('<say-as interpret-as="currency">€ 5</say-as>', "€ 5"),
        ("<p>Een</p><p>Twee?</p>", "Een.\n\nTwee?"),
        ('Een… twee。 <prosody rate="fast">drie</prosody>?!', "Een. twee. drie?"),
        ('Een<break time="1s"/>twee.', "Een twee."),
        ('Het kost <lang xml:lang="de-DE">5 €</lang>.', "Het kost fünf Euro."),
    ],
)
def test_words_are_left_as_they_are(content, words):
    assert read_ssml(f"<speak>{content}</speak>", "nl-NL", ()).words == words


def test_a_pronunciation_is_kept():
    tokens = read_ssml('<speak>Zeg <phoneme alphabet="ipa" ph="tuː">x</phoneme>.</speak>', "nl-NL", ()).tokens
    assert [token.ipa for token in tokens if token.words == "x"] == ["tuː"]


def test_the_alias_of_a_lexicon_is_left_as_it_is():
    names = Lexicon((Entry("NS", alias="Nederlandse  Spoorwegen."), Entry("кот", alias="Код 5")))
    reading = read_ssml("<speak>De NS en кот.</speak>", "nl-NL", [names])
    assert reading.words == "De Nederlandse Spoorwegen en Код 5."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (f'<say-as interpret-as="verbatim">{"x" * 201}</say-as>', "at most 200 characters can be spelled at once"),
        ('<lang xml:lang="pl-PL">quetzal</lang>', "xml:lang must be the language of the voice, or de, en, es, fr, it"),
    ],
)
def test_what_cannot_be_said_is_refused(content, says):
    with pytest.raises(InvalidSsml, match=f"Line 1, column 8: .*{says}"):
        read_ssml(f"<speak>{content}</speak>", "nl-NL", ())
