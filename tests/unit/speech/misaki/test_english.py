"""English text is read with the lexicon, and with espeak-ng what the lexicon lacks."""

import pytest

from herald.speech.misaki.dictionary import Dictionary, write_lexicon
from herald.speech.misaki.english import EnglishReader, kinds_between

WORDS = {
    "hello": {"": "həlˈO"},
    "world": {"": "wˈɜɹld"},
    "order": {"": "ˈɔɹdəɹ"},
    "it": {"": "ɪt"},
    "record": {"": "ɹˈɛkəɹd", "VERB": "ɹəkˈɔɹd"},
    "wait": {"": "wˈAt"},
    "plan": {"": "plˈæn"},
    "match": {"": "mˈæʧ"},
    "built": {"": "bˈɪlt"},
    "in": {"": "ɪn"},
    "that": {"": "ðæt", "None": "ðˈæt"},
    "Polish": {"": "pˈOlɪʃ"},
    "polish": {"": "pˈɑlɪʃ"},
}


@pytest.fixture(scope="module")
def dictionary(tmp_path_factory):
    path = tmp_path_factory.mktemp("lexicon") / "lexicon.txt"
    write_lexicon(path, WORDS)
    return Dictionary(path)


@pytest.fixture(scope="module")
def reader(dictionary):
    return EnglishReader(dictionary, lambda text: f"<{text}>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello world", ["həlˈO wˈɜɹld"]),
        ("Hello, world! Hello.", ["həlˈO, wˈɜɹld!", "həlˈO."]),
        ("Wait... it", ["wˈAt… ɪt"]),
        ("hello — world", ["həlˈO— wˈɜɹld"]),
        ("Dr. Hello world.", ["<Dɹ> həlˈO wˈɜɹld."]),
        ("It", ["ˌɪt"]),
        ("IT", ["ˈɪt"]),
        ("Polish polish", ["pˈOlɪʃ pˈɑlɪʃ"]),
        ("the order, the hello", ["ði ˈɔɹdəɹ, ðə həlˈO"]),
        ("to order to wait to", ["tʊ ˈɔɹdəɹ tə wˈAt <tO>"]),
        ("a record to record", ["ɐ ɹˈɛkəɹd tə ɹəkˈɔɹd"]),
        ("Record the order", ["ɹəkˈɔɹd ði ˈɔɹdəɹ"]),
        ("that order. it that", ["ðæt ˈɔɹdəɹ. ɪt ðˈæt"]),
        ("plans waits matches order's", ["plˈænz wˈAts mˈæʧᵻz ˈɔɹdəɹz"]),
        ("waited ordered matched", ["wˈATᵻd ˈɔɹdəɹd mˈæʧt"]),
        ("waiting", ["wˈATɪŋ"]),
        ("built-in", ["bˈɪltˈɪn"]),
        ("hello 5 km, world", ["həlˈO <5 km>, wˈɜɹld"]),
        ('say "hello" (it)', ["<sæy> həlˈO (ɪt)"]),
        ("hello :-) world", ["həlˈO <:->) wˈɜɹld"]),
        ("…", ["…"]),
        ("A, hello", ["ˈA, həlˈO"]),
        ("A hello", ["ɐ həlˈO"]),
    ],
)
def test_sentences(reader, text, expected):
    assert ["".join(sentence) for sentence in reader.sentences(text)] == expected


@pytest.mark.parametrize(("text", "expected"), [("hello xyzzy world", ["həlˈO wˈɜɹld"]), ("xyzzy", [""])])
def test_words_that_espeak_does_not_speak_are_left_out(dictionary, text, expected):
    silent = EnglishReader(dictionary, lambda _: "")
    assert ["".join(sentence) for sentence in silent.sentences(text)] == expected


@pytest.mark.parametrize(
    ("before", "after", "pauses", "expected"),
    [
        ("to", "it", False, ["VERB", "VBP"]),
        ("have", "it", False, ["VBN", "VBD", "ADJ"]),
        ("the", "of", False, ["ADJ", "NOUN"]),
        ("the", "", True, ["None", "NOUN"]),
        ("", "your", False, ["VERB", "VBP"]),
        ("", "of", False, []),
    ],
)
def test_parts_of_speech(before, after, pauses, expected):
    assert kinds_between(before, after, pauses=pauses) == expected
