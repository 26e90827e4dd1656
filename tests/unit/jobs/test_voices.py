"""Names of voices: the operator's aliases, OpenAI's names, speakers."""

import pytest

from herald.jobs.voices import OPENAI_VOICES, VoiceChoice, VoiceNames, parse_aliases

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
        ("nobody", "nobody", None),
    ],
)
def test_a_name_means_a_voice(name, voice, speaker):
    assert NAMES.choose(name) == VoiceChoice(voice=voice, speaker=speaker)


def test_a_choice_is_written_as_a_request_names_it():
    assert str(NAMES.choose("reception")) == "en_GB-vctk-medium:p225"
    assert str(NAMES.choose("alloy")) == "en_US-joe-medium"


def test_every_openai_name_is_somebodys():
    assert len(OPENAI_VOICES) == 13
    assert NAMES.others("en_US-joe-medium") == sorted(set(OPENAI_VOICES) - {"nova"})
    assert NAMES.others("en_GB-vctk-medium") == ["reception"]


def test_aliases_are_read():
    assert parse_aliases("") == {}
    assert parse_aliases("a=b, c=d:e") == {"a": "b", "c": "d:e"}


@pytest.mark.parametrize("text", ["a", "a=", "=b", "a=b,c"])
def test_broken_aliases_are_refused(text):
    with pytest.raises(ValueError, match="name=voice"):
        parse_aliases(text)


OPENAI = (
    "alloy", "ash", "ballad", "coral", "echo", "fable", "marin", "cedar", "nova", "onyx", "sage", "shimmer", "verse",
)  # fmt: skip


@pytest.mark.parametrize("name", OPENAI)
def test_every_name_of_openai_means_a_voice_of_ours(name):
    names = VoiceNames(default="en_US-joe-medium", aliases={"nova": "en_US-amy-medium"})
    assert names.choose(name).voice in {"en_US-joe-medium", "en_US-amy-medium"}
    assert name in names.others(names.choose(name).voice)


def test_the_names_of_openai_are_these():
    assert sorted(OPENAI) == sorted(OPENAI_VOICES)
    assert len(OPENAI) == 13


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("aloy", "alloy"),
        ("ALLOY", "alloy"),
        ("en_US-jo-medium", "en_US-joe-medium"),
        ("EN_us-joe-medium:someone", "en_US-joe-medium"),
        ("recepton", "reception"),
    ],
)
def test_who_writes_a_name_wrongly_is_told_the_right_one(asked, meant):
    names = VoiceNames(default="en_US-joe-medium", aliases={"reception": "en_US-joe-medium"})
    told = names.told(asked, ["en_US-joe-medium", "kokoro"])
    assert f"Did you mean {meant}?" in told
    assert asked not in told.replace(meant, "")


def test_a_name_that_is_like_none_is_told_all():
    told = VoiceNames(default="en_US-joe-medium").told("xylophone", ["kokoro", "en_US-joe-medium"])
    assert "Did you mean" not in told
    assert "Voices here: en_US-joe-medium, kokoro. Other names: alloy, ash, " in told
    assert "xylophone" not in told
