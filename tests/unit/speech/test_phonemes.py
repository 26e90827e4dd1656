"""Text to phoneme ids: languages, overlong sentences, and no text in logs."""

import logging
import subprocess
import sys
from dataclasses import replace

import pytest

from herald.errors import UnsupportedVoice
from herald.speech.ipa import CLOSE, OPEN
from herald.speech.marks import Marker
from herald.speech.phonemes import LONGEST_UTTERANCE, Phonemes

IDS = {symbol: [number] for number, symbol in enumerate("_^$ .,?!abcdefghijklmnopqrstuvwxyzəɪʊɛɔæɑɒʌʃʒθðŋɾˈˌːɹ")}


def espeak(language="en-us", **more):
    return Phonemes(kind="espeak", espeak_voice=language, ids=IDS, **more)


def test_each_sentence_is_an_utterance():
    assert len(list(espeak().utterances("Hello there. How are you? Fine!"))) == 3


def test_ids_have_start_end_and_padding():
    (utterance,) = espeak().utterances("Hello.")
    ids = espeak().to_ids(utterance)
    assert ids[0] == IDS["^"][0]
    assert ids[-1] == IDS["$"][0]
    assert set(ids[1::2]) == {IDS["_"][0]}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Guten Morgen."),
        ("fr", "Bonjour."),
        ("cs", "Dobrý den."),
        ("ru", "Доброе утро."),
        ("ar", "صباح الخير"),
        ("cmn", "你好"),
    ],
)
def test_languages_of_espeak(language, text):
    assert espeak(language).sentences(text)[0]


def test_markup_is_removed_for_languages_that_are_left_to_espeak():
    czech = espeak("cs")
    plain, marked_up = ([*czech.utterances(text, text_format=kind)] for text, kind in
                        [("Dobrý den.", "plain"), ("<b>Dobrý</b> den.", "html")])  # fmt: skip
    assert plain == marked_up
    text = "<b>Dobrý</b> den."
    marks = Marker(text, czech.sounds(plain[0]), czech, "html").add(
        czech.words(plain[0], [0.1 * at for at in range(len(czech.to_ids(plain[0])))], begin=0)
    )
    assert [text[mark.text_start : mark.text_end] for mark in marks] == ["Dobrý", "den"]


def test_the_region_of_the_voice_decides_the_reading():
    text = "$5"
    assert espeak("es-419").reading(text).words == "cinco dólares"
    assert replace(espeak("es-419"), language="es_MX").reading(text).words == "cinco pesos"


def test_an_unknown_language_is_named():
    with pytest.raises(UnsupportedVoice, match="xx-none"):
        espeak("xx-none").sentences("Hello.")


def test_an_unknown_kind_is_named():
    with pytest.raises(UnsupportedVoice, match="hebrew"):
        Phonemes(kind="hebrew", espeak_voice="he", ids=IDS).sentences("Hello.")


def test_text_voices_read_letters():
    letters = Phonemes(kind="text", espeak_voice="uk", ids={symbol: [number] for number, symbol in enumerate("_^$abc")})
    (utterance,) = letters.utterances("abc")
    assert letters.to_ids(utterance) == [1, 0, 3, 0, 4, 0, 5, 0, 2]


def test_text_voices_get_letters_only():
    """They have no use for a pronunciation, any letter may be one of theirs, and espeak-ng need not know them."""
    letters = Phonemes(kind="text", espeak_voice="xx-none", ids=IDS)
    document = '<speak>Say <phoneme alphabet="ipa" ph="həˈloʊ">hello</phoneme>.</speak>'
    assert [(token.words, token.ipa) for token in letters.reading(document, "ssml").tokens] == [
        ("Say", ""),
        ("hello", ""),
        (".", ""),
    ]
    letters.check("\u674e\u660e")
    letters.load()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("{}", ["hɛlˈoʊ"]),
        ("{}, you", ["hɛlˈoʊ, juː"]),
        ("{}. Next one. Last", ["hɛlˈoʊ.", "nˈɛkst wˌʌn.", "lˈæst"]),
        ("{} there. Bye.", ["hɛlˈoʊ ðˈɛɹ.", "bˈaɪ."]),
    ],
)
def test_sentences_go_on_and_end_after_a_given_pronunciation(text, sentences):
    assert ["".join(one) for one in espeak().phonemize(text.format(f"{OPEN}hɛˈloʊ{CLOSE}"))] == sentences


def test_overlong_sentences_are_cut_between_words():
    text = " ".join(["appointment"] * 300)
    utterances = list(espeak().utterances(text))
    assert len(utterances) > 5
    assert all(len(utterance) <= LONGEST_UTTERANCE for utterance in utterances)
    assert all(utterance[-1] == " " for utterance in utterances[:-1]), "cut inside a word"


def test_a_long_sentence_is_cut_at_a_clause():
    clause = "that we have moved your appointment to a later day"
    utterances = list(espeak().utterances(f"We are sorry to say, {clause}; " + ", ".join([clause] * 8) + "."))
    assert len(utterances) > 2
    assert all(utterance[-2] in ",;" for utterance in utterances[:-1])
    assert all(len(utterance) > 40 for utterance in utterances[:-1])


def test_a_normal_sentence_is_not_cut():
    assert (
        len(list(espeak().utterances("We are sorry to say, that we have moved your appointment, and will call you.")))
        == 1
    )


def test_paragraphs_are_separated_by_a_pause():
    spoken = list(espeak().utterances("\n\nHello.\nHow are you?\n \n\nFine.\n\n"))
    assert [bool(utterance) for utterance in spoken] == [True, True, False, True]


def test_an_overlong_word_is_cut():
    letters = Phonemes(kind="text", espeak_voice="uk", ids={symbol: [number] for number, symbol in enumerate("_^$abc")})
    assert [len(utterance) for utterance in letters.utterances("a" * (LONGEST_UTTERANCE + 1))] == [LONGEST_UTTERANCE, 1]


def test_punctuation_alone_is_not_an_utterance():
    letters = Phonemes(
        kind="text", espeak_voice="uk", ids={symbol: [number] for number, symbol in enumerate("_^$a.! ")}
    )
    assert list(letters.utterances("... !")) == []


def test_unknown_phonemes_are_dropped_and_not_logged(caplog):
    few = Phonemes(kind="espeak", espeak_voice="en-us", ids={symbol: IDS[symbol] for symbol in "_^$h"})
    with caplog.at_level(logging.DEBUG):
        list(few.utterances("Hello secret."))
    assert caplog.records == []


def test_vowel_clusters_are_one_phoneme():
    merged = espeak(vowel_clusters=[["a", "ɪ"]]).sentences("Hi.")[0]
    assert "aɪ" in merged


@pytest.mark.parametrize("unit", ["f.", "e.g. ", ".x ", ".\u0301", "x.y, ", "..f\n", ".f."])
def test_dots_do_not_crash_espeak(unit):
    """In a separate process, because espeak-ng used to crash."""
    script = (
        "from herald.speech.phonemes import Phonemes\n"
        f"Phonemes(kind='espeak', espeak_voice='en-us', ids={{}}).sentences({unit * 1000!r})"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0


@pytest.mark.parametrize(("language", "unit"), [("en-us", "7"), ("en-us", "ab"), ("cmn", "你"), ("en-us", "f.")])
def test_an_endless_word_is_spoken_completely(language, unit):
    short, long = (sum(map(len, espeak(language).sentences(unit * count))) for count in (240, 480))
    assert long == pytest.approx(2 * short, rel=0.05)
