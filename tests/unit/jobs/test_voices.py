"""Voice names: the operator's aliases, OpenAI's names, and speakers."""

import pytest

from herald.jobs.voice_names import OPENAI_VOICES, VoiceChoice, VoiceNames, parse_aliases

NAMES = VoiceNames(
    default="en_US-joe-medium", aliases={"nova": "en_US-amy-medium", "reception": "en_GB-vctk-medium:p225"}
)


@pytest.mark.parametrize(
    ("name", "voice", "speaker"),
    [
        ("alloy", "en_US-joe-medium", None),
        ("nova", "en_US-amy-medium", None),
        ("reception", "en_GB-vctk-medium", "p225"),
        ("en_GB-vctk-medium:p226", "en_GB-vctk-medium", "p226"),
        ("nosuchvoice", "nosuchvoice", None),
    ],
)
def test_names_are_resolved(name, voice, speaker):
    assert NAMES.choose(name) == VoiceChoice(voice=voice, speaker=speaker)


def test_every_openai_name_is_an_alias():
    assert len(OPENAI_VOICES) == 13
    assert NAMES.aliases_of("en_US-joe-medium") == sorted(set(OPENAI_VOICES) - {"nova"})
    assert NAMES.aliases_of("en_GB-vctk-medium") == ["reception"]


def test_mens_names_select_the_low_voice_beside_the_default_one():
    names = VoiceNames(default="en_US-heart", aliases={"onyx": "en_US-joe-medium"})
    chosen = {name: names.choose(name).voice for name in ("nova", "echo", "onyx")}
    assert chosen == {"nova": "en_US-heart", "echo": "en_US-heart-low", "onyx": "en_US-joe-medium"}


def test_aliases_are_parsed():
    assert parse_aliases("") == {}
    assert parse_aliases("a=b, c=d:e") == {"a": "b", "c": "d:e"}


@pytest.mark.parametrize("text", ["a", "a=", "=b", "a=b,c"])
def test_malformed_aliases_are_rejected(text):
    with pytest.raises(ValueError, match="name=voice"):
        parse_aliases(text)


OPENAI = (
    "alloy", "ash", "ballad", "coral", "echo", "fable", "marin", "cedar", "nova", "onyx", "sage", "shimmer", "verse",
)  # fmt: skip


@pytest.mark.parametrize("name", OPENAI)
def test_every_openai_name_is_resolved(name):
    names = VoiceNames(default="en_US-joe-medium", aliases={"nova": "en_US-amy-medium"})
    assert names.choose(name).voice in {"en_US-joe-medium", "en_US-amy-medium"}
    assert name in names.aliases_of(names.choose(name).voice)


def test_openai_names():
    assert sorted(OPENAI) == sorted(OPENAI_VOICES)
    assert len(OPENAI) == 13


@pytest.mark.parametrize(
    ("misspelled", "suggestion"),
    [
        ("aloy", "alloy"),
        ("ALLOY", "alloy"),
        ("en_US-jo-medium", "en_US-joe-medium"),
        ("EN_us-joe-medium:someone", "en_US-joe-medium"),
        ("recepton", "reception"),
    ],
)
def test_misspelled_name_gets_a_suggestion(misspelled, suggestion):
    names = VoiceNames(default="en_US-joe-medium", aliases={"reception": "en_US-joe-medium"})
    message = names.unknown_message(misspelled, ["en_US-joe-medium", "kokoro"])
    assert f"Did you mean {suggestion}?" in message
    assert misspelled not in message.replace(suggestion, "")


def test_dissimilar_name_gets_all_names():
    message = VoiceNames(default="en_US-joe-medium").unknown_message("xylophone", ["kokoro", "en_US-joe-medium"])
    assert "Did you mean" not in message
    assert "Available voices: en_US-joe-medium, kokoro. Other names: alloy, ash, " in message
    assert "xylophone" not in message
