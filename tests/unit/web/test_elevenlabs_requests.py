"""What ElevenLabs' requests are to Herald, and the times of their characters."""

import json

import pytest

from herald.errors import InvalidRequest, UnknownVoice
from herald.jobs.voice_names import VoiceNames
from herald.speech.marks import Mark
from herald.web.elevenlabs_requests import parse_elevenlabs_request, voice_name
from herald.web.elevenlabs_speech import CharacterTimes

GEORGE, RACHEL = "JBFqnCBZsd1mCd4yyfvF", "21m00Tcm4TlvDq8ikWAM"
NAMES = VoiceNames(default="en_US-heart")


def parsed(voice=GEORGE, **fields):
    body = json.dumps({"text": "Hello."} | fields).encode()
    headers = {"content-type": "application/json"}
    return parse_elevenlabs_request(body, headers, {}, voice=voice, names=NAMES, most=100)


@pytest.mark.parametrize(("voice", "name"), [(GEORGE, "onyx"), (RACHEL, "nova"), ("de_DE-tiny-low", "de_DE-tiny-low")])
def test_ids_of_elevenlabs_select_a_voice_of_their_kind(voice, name):
    assert voice_name(voice, NAMES) == name


def test_an_alias_of_the_operator_overrides_an_id_of_elevenlabs():
    names = VoiceNames(default="en_US-heart", aliases={GEORGE: "de_DE-tiny-low"})
    assert voice_name(GEORGE, names) == GEORGE
    assert names.choose(voice_name(GEORGE, names)).voice == "de_DE-tiny-low"


@pytest.mark.parametrize(
    ("normalization", "named"), [("auto", []), ("on", []), ("off", ["apply_text_normalization"]), (None, [])]
)
def test_only_a_normalization_that_is_switched_off_has_no_effect(normalization, named):
    """Texts are always read: numbers and abbreviations become words."""
    assert parsed(apply_text_normalization=normalization).without_effect == named


def test_inline_pauses_and_pronunciations_make_a_text_a_document():
    text = 'Tom & Ann <3 <break time="1.0s" /> you'
    wanted = parsed(text=text)
    assert wanted.job.input == '<speak>Tom &amp; Ann &lt;3 <break time="1.0s" /> you</speak>'
    said = wanted.job.input
    words = [Mark("&", 1.0, 1.5, said.index("&amp;"), said.index(" Ann"))]
    words += [Mark("you", 2.0, 3.0, said.index("you"), said.index("</speak>"))]
    times = CharacterTimes(wanted.text, wanted.places).alignment(words, ends=True, seconds=4.0)
    assert "".join(times["characters"]) == text
    for word in words:
        assert times["character_start_times_seconds"][text.index(word.word)] == word.start
    assert times["character_end_times_seconds"][-1] == 3.0


@pytest.mark.parametrize("text", ["Press <break>.", "a < b", '<speak>Hi <break time="1s"/></speak>', "1 < 2 /> 3"])
def test_other_texts_stay_as_they_are(text):
    wanted = parsed(text=text)
    assert (wanted.job.input, wanted.text, [*wanted.places]) == (text, text, [*range(len(text) + 1)])


def test_ids_that_nothing_can_have_are_unknown():
    locators = [{"pronunciation_dictionary_id": "no such"}]
    with pytest.raises(InvalidRequest) as error:
        parsed(pronunciation_dictionary_locators=locators)
    assert (error.value.code, error.value.param) == ("unknown_lexicon", "pronunciation_dictionary_locators")
    with pytest.raises(UnknownVoice):
        parsed(voice="x" * 200)


def test_the_rest_of_a_text_has_times_only_if_there_is_one():
    words = [Mark("Guten", 0.0, 0.5, 0, 5), Mark("Tag", 0.5, 1.0, 6, 9)]
    whole, dotted = CharacterTimes("Guten Tag", range(10)), CharacterTimes("Guten Tag.", range(11))
    for timing in (whole, dotted):
        assert "".join(timing.alignment(words, ends=False, seconds=1.2)["characters"]) == "Guten Tag"
    assert whole.alignment((), ends=True, seconds=1.2) is None
    assert dotted.alignment((), ends=True, seconds=1.2) == {
        "characters": ["."],
        "character_start_times_seconds": [1.0],
        "character_end_times_seconds": [1.2],
    }
