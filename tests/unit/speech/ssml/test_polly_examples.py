"""Each kind of example in Polly's documentation of SSML, with texts of our own: what is said, and as which phonemes.

https://docs.aws.amazon.com/polly/latest/dg/supportedtags.html
"""

import json
from pathlib import Path

import pytest

from herald.speech.lexicons import Entry, Lexicon
from herald.speech.reading import read

EXAMPLES = [
    json.loads(line) for line in Path(__file__).with_name("polly_examples.jsonl").read_text("utf-8").splitlines()
]
AS_PLAIN = [
    one
    for one in EXAMPLES
    if one["name"].startswith(("speak", "say-as", "sub", "sentence")) and "expletive" not in str(one)
]
"""Those that sound as their words do."""
WORDS = Lexicon((Entry("Xyloq", alias="silo"), Entry("nginx", alias="engine x")))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one["name"])
def test_an_example_is_read(example):
    assert read(example["document"], "en-US", text_format="ssml").words == example["words"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one["name"])
def test_an_example_is_spoken(heart, example):
    audio = heart.synthesize(example["document"])
    assert 0.3 < audio.seconds < 8
    assert abs(audio.samples).max() > 0.05


@pytest.mark.parametrize("example", AS_PLAIN, ids=lambda one: one["name"])
def test_an_example_sounds_as_its_words(heart, example):
    assert heart.phonemize(example["document"]) == heart.phonemize(example["words"])


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("<speak><p>Is <emphasis>nginx</emphasis> up?</p></speak>", "Is engine x up?"),
        ('<speak>Ask <prosody volume="loud">Xyloq</prosody>.</speak>', "Ask silo."),
        ('<speak><sub alias="Bob">Xyloq</sub> is here.</speak>', "Bob is here."),
        ('<speak><say-as interpret-as="characters">nginx</say-as> is short.</speak>', "N G I N X is short."),
        ('<speak>Ask <phoneme ph="ˈt͡ʃiːz">Xyloq</phoneme>.</speak>', "Ask cheese."),
        ('<speak><mark name="Xyloq"/>Ask Xyloq.</speak>', "Ask silo."),
    ],
)
def test_lexicons_apply_to_what_no_element_says_otherwise(heart, document, text):
    assert heart.phonemize(document, lexicons=[WORDS]) == heart.phonemize(text)


def test_a_lexicon_applies_to_voices_of_its_language_in_a_document(heart):
    german = Lexicon(WORDS.entries, language="de")
    assert heart.phonemize("<speak>Ask Xyloq.</speak>", lexicons=[german]) == heart.phonemize("Ask Xyloq.")
