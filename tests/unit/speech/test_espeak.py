"""Phonemes equal those of piper-tts, with which the voices were trained, and imports are minimal."""

import subprocess
import sys

import pytest
from piper.phonemize_espeak import EspeakPhonemizer

from herald.speech import espeak
from herald.speech.phonemes import Phonemes

TEXTS = {
    "en-us": "Dr. Smith, aged 84: late; 'again'! Why? (He said so) He said \"c'est la vie\" and left",
    "de": "Guten Morgen! Das Meeting beginnt um 9:30 Uhr, oder? Ja.",
    "fr": "Bonjour, comment allez-vous ? Le week-end, c'est fini.",
    "ru": "Доброе утро. Hello!",
    "cmn": "你好，世界。",
    "vi": "Xin chào các bạn. Hôm nay trời đẹp quá, phải không?",
}


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("clusters", [[], [["a", "ɪ"], ["o", "ʊ"], ["i", "ə", "5"], ["i", "ə"]]], ids=["", "clusters"])
def test_phonemes_are_those_of_piper(language, clusters):
    known = {tuple(cluster) for cluster in clusters} or None
    expected = EspeakPhonemizer().phonemize(language, TEXTS[language], vowel_clusters=known)
    phonemes = Phonemes(kind="espeak", espeak_voice=language, ids={}, vowel_clusters=clusters)
    assert phonemes.phonemize(TEXTS[language]) == expected


@pytest.mark.parametrize("text", ["", " ", "...", "…!", "(…?!)", "\n"])
def test_text_without_sound_has_no_phonemes(text):
    assert espeak.sentences("en-us", text) == EspeakPhonemizer().phonemize("en-us", text)


def test_the_first_chunk_needs_no_superfluous_modules(voices_folder):
    script = (
        "import sys\n"
        "from herald.speech import Voice\n"
        "stream = Voice.load(sys.argv[1]).stream('This is one rather long sentence, which is streamed in chunks.')\n"
        "next(stream)\n"
        "print(sorted({'piper', 'numpy.random', 'concurrent.futures', 'logging', 'hashlib'} & set(sys.modules)))\n"
    )
    voice = str(voices_folder / "en_US-joe-medium")
    done = subprocess.run([sys.executable, "-c", script, voice], check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n"


WELL, YOU = list("wˈɛl"), list("juː")


@pytest.mark.parametrize(
    "text", ["Well... you", "Well… you", "Well.... You", "Well...\nyou", "“Well...” you", "(well…) you", "well……you"]
)
def test_an_ellipsis_separates_words(text):
    assert espeak.sentences("en-us", text) == [[*WELL, ";", " ", *YOU]]


@pytest.mark.parametrize("text", ["Well...", "Well…", "… well …", "Well... …"])
def test_an_ellipsis_at_the_end_is_a_pause(text):
    assert espeak.sentences("en-us", text) == [[*WELL, ";", " "]]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ("...?", "?"),
        ("…!", "!"),
        (" … !", "!"),
        ("...?!", "?"),
        ("?...", "?"),
        ("!…", "!"),
        ("?!", "?"),
        ("!!!", "!"),
        (". . .", "."),
    ],
)
def test_repeated_punctuation_counts_as_its_first_mark(marks, expected):
    assert espeak.sentences("en-us", f"Well{marks} You") == [[*WELL, expected], YOU]


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("one—two", "wˈʌn tˈuː"),
        ("one--two", "wˈʌn tˈuː"),
        ("one -- two", "wˈʌn tˈuː"),
        ("one — two", "wˌʌn; tˈuː"),
        ("one, ... two", "wˌʌn, tˈuː"),
        ("one; … two", "wˌʌn; tˈuː"),
        ("one.. two", "wˈʌn tˈuː"),
    ],
)
def test_dashes_and_commas_separate_words(text, sounds):
    assert ["".join(sentence) for sentence in espeak.sentences("en-us", text)] == [sounds]


@pytest.mark.parametrize(
    ("language", "text", "sounds"),
    [
        ("es", "Hola ¡amigo!", "ˈola; amˈiɣo!"),
        ("de", "Nun... ja, gut", "nˈuːn; jˈɑː, ɡˈuːt"),
        ("fr", "« Oui… » non", "wˈi; nˈɔ̃"),
        ("ru", "Ну… да", "nˈu; dˈɑ"),
        ("ar", "نعم… لا", "nˈaʕam; lˈaː"),
    ],
)
def test_punctuation_of_other_languages_separates_words(language, text, sounds):
    assert ["".join(sentence) for sentence in espeak.sentences(language, text)] == [sounds]


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("de-AT", "de"),
        ("en_GB", "en-gb"),
        ("en-AU", "en-us"),
        ("es", "es"),
        ("es-ES", "es"),
        ("es-MX", "es-419"),
        ("fr-CA", "fr"),
        ("pt-BR", "pt-br"),
    ],
)
def test_the_nearest_language_of_espeak_is_named(language, name):
    assert espeak.name_of(language) == name


@pytest.mark.parametrize("many", ["a.b " * 31, " . " * 31, "x.y" * 31])
def test_a_sentence_with_many_dots_is_spoken_to_its_end(many):
    (alone,) = espeak.sentences("cs", "konec")
    assert "".join(espeak.sentences("cs", espeak.make_safe(f"{many} konec"))[-1]).endswith("".join(alone))


def test_a_missing_extension_module_is_named(monkeypatch):
    monkeypatch.setattr(espeak, "find_spec", lambda _: None)
    monkeypatch.setattr(espeak, "_bridge", espeak._bridge.__wrapped__)
    with pytest.raises(ModuleNotFoundError, match="piper-tts is not installed") as missing:
        espeak.load("de")
    assert missing.value.name == "piper"
