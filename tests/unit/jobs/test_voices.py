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
