"""From a request to a script: names, languages, speakers, rates; and what is refused at the door."""

import pytest

from herald.errors import (
    InvalidRequest,
    InvalidText,
    NothingToSpeak,
    SsmlNotSupported,
    UnknownSpeaker,
    UnknownVoice,
    UnsupportedFormat,
    UnsupportedSampleRate,
)
from herald.jobs.intake import to_script, with_fallback
from herald.jobs.script import Line, Script
from herald.jobs.speakers import parse_mix
from tests.unit.jobs.catalogue import NAMES, VOICES, dialogue, job

JOE, ALAN, VCTK = "en_US-joe-medium", "en_GB-alan-low", "en_GB-vctk-medium"


def script(**fields):
    return to_script(job(**fields), NAMES, VOICES)


def refused(kind, **fields):
    with pytest.raises(kind) as error:
        script(**fields)
    return error.value


def test_a_plain_request():
    assert script() == Script(
        lines=(Line(text="Hello.", voice=JOE),),
        response_format="mp3",
        sample_rate=22_050,
        speed=1.0,
        quality="standard",
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("alloy", Line(text="Hello.", voice=JOE)),
        (ALAN, Line(text="Hello.", voice=ALAN)),
        ("reception", Line(text="Hello.", voice=VCTK, speaker="p225")),
        (f"{VCTK}:p226", Line(text="Hello.", voice=VCTK, speaker="p226")),
        ("kokoro", Line(text="Hello.", voice="kokoro")),
        ("kokoro:jm_kumo", Line(text="Hello.", voice="kokoro", speaker="jm_kumo")),
        ("kokoro:jf_alpha(2)+jm_kumo(1)", Line(text="Hello.", voice="kokoro", speaker="jf_alpha(2)+jm_kumo(1)")),
    ],
)
def test_names_are_resolved(name, line):
    assert script(voice=name).lines == (line,)


def test_the_text_stays_as_it_was_sent():
    assert script(input="  Cafe\u0301 1 ").lines[0].text == "  Cafe\u0301 1 "


@pytest.mark.parametrize(
    ("voice", "made", "asked", "rate"),
    [
        (JOE, "mp3", None, 22_050),
        (ALAN, "mp3", None, 16_000),
        (JOE, "opus", None, 24_000),
        (JOE, "pcm", None, 24_000),
        (JOE, "ulaw", None, 8_000),
        (JOE, "wav", 48_000, 48_000),
        ("kokoro", "wav", None, 24_000),
    ],
)
def test_rates_are_those_of_the_engine(voice, made, asked, rate):
    assert script(voice=voice, response_format=made, sample_rate=asked).sample_rate == rate


def test_of_several_voices_the_highest_rate_counts():
    made = script(dialogue=dialogue(("A.", ALAN), ("B.", "kokoro"), ("C.", JOE)), response_format="wav")
    assert made.sample_rate == 24_000
    assert [line.voice for line in made.lines] == [ALAN, "kokoro", JOE]


def test_a_line_without_a_voice_has_the_jobs():
    made = script(dialogue=dialogue(("A.",), ("B.", "kokoro:jm_kumo", "ja")), voice="kokoro:jf_alpha", language="en-US")
    assert made.lines == (
        Line(text="A.", voice="kokoro", speaker="jf_alpha", language="en-US"),
        Line(text="B.", voice="kokoro", speaker="jm_kumo", language="ja"),
    )


def test_a_dialogue_of_one_voice_is_a_text_in_paragraphs():
    made = script(dialogue=dialogue(("A.",), ("B.", "nova"), ("C.", JOE)))
    assert made.lines == (Line(text="A.\n\nB.\n\nC.", voice=JOE),)


def test_one_voice_in_two_languages_stays_a_dialogue():
    assert len(script(dialogue=dialogue(("A.", "kokoro"), ("B.", "kokoro", "ja"))).lines) == 2


@pytest.mark.parametrize(
    ("voice", "asked", "language"),
    [
        (JOE, None, None),
        (JOE, "en-US", None),
        (JOE, "en", None),
        (JOE, "EN-gb", None),
        ("kokoro", "en-US", "en-US"),
        ("kokoro", "EN-us", "en-US"),
        ("kokoro", "ja", "ja"),
        ("kokoro", "JA-jp", "ja-JP"),
        ("kokoro", "en-latn-gb", "en-Latn-GB"),
    ],
)
def test_a_voices_only_language_is_none(voice, asked, language):
    assert script(voice=voice, language=asked).lines[0].language == language


@pytest.mark.parametrize(("voice", "language"), [(JOE, "de"), (JOE, "ja"), ("kokoro", "de-DE")])
def test_a_language_that_the_voice_does_not_speak(voice, language):
    error = refused(InvalidRequest, voice=voice, language=language)
    assert (error.code, error.param) == ("unsupported_language", "language")


@pytest.mark.parametrize(
    ("fields", "kind", "param"),
    [
        ({"input": ""}, NothingToSpeak, "input"),
        ({"input": "..."}, NothingToSpeak, "input"),
        ({"input": "a\0"}, InvalidText, "input"),
        ({"input": "<speak>a</speak>"}, SsmlNotSupported, "input"),
        ({"voice": "nobody"}, UnknownVoice, "voice"),
        ({"voice": ""}, UnknownVoice, "voice"),
        ({"voice": "../voices"}, UnknownVoice, "voice"),
        ({"voice": f"{JOE}:p225"}, UnknownSpeaker, "voice"),
        ({"voice": f"{VCTK}:p999"}, UnknownSpeaker, "voice"),
        ({"voice": f"{VCTK}:p225+p226"}, UnknownSpeaker, "voice"),
        ({"voice": "kokoro:nobody"}, UnknownSpeaker, "voice"),
        ({"voice": "kokoro:jf_alpha+nobody"}, UnknownSpeaker, "voice"),
        ({"voice": "kokoro:jf_alpha+"}, UnknownSpeaker, "voice"),
        ({"voice": "kokoro:jf_alpha(0)+jm_kumo(0)"}, UnknownSpeaker, "voice"),
        ({"response_format": "aac"}, UnsupportedFormat, "response_format"),
        ({"response_format": "ogg"}, UnsupportedFormat, "response_format"),
        ({"sample_rate": 44_099}, UnsupportedSampleRate, "sample_rate"),
        ({"sample_rate": 22_050, "response_format": "opus"}, UnsupportedSampleRate, "sample_rate"),
        ({"fallback_voice": "nobody"}, UnknownVoice, "fallback_voice"),
        ({"fallback_voice": f"{JOE}:x"}, UnknownSpeaker, "fallback_voice"),
        ({"fallback_voice": "kokoro"}, InvalidRequest, "fallback_voice"),
        ({"dialogue": dialogue(("A.",), ("\u0301",))}, NothingToSpeak, "dialogue.1.input"),
        ({"dialogue": dialogue(("A.",), ("B.", "nobody"))}, UnknownVoice, "dialogue.1.voice"),
        (
            {
                "dialogue": dialogue(
                    ("A.", "kokoro:x"),
                )
            },
            UnknownSpeaker,
            "dialogue.0.voice",
        ),
        ({"dialogue": dialogue(("A.",), ("B.",), ("C.", JOE, "ja"))}, InvalidRequest, "dialogue.2.language"),
    ],
)
def test_what_no_engine_would_speak(fields, kind, param):
    error = refused(kind, **fields)
    assert error.param == param
    assert "nobody" not in error.message


def test_a_fallback_joins_a_dialogue():
    asked = job(
        dialogue=dialogue(("A.", "kokoro"), ("B.", JOE, "en")),
        language="ja",
        quality="high",
        fallback_voice=ALAN,
        speed=2.0,
        response_format="wav",
        use_case="alert",
    )
    plain = with_fallback(asked)
    assert plain.use_case == "alert"
    assert to_script(plain, NAMES, VOICES) == Script(
        lines=(Line(text="A.\n\nB.", voice=ALAN),), response_format="wav", sample_rate=16_000, speed=2.0
    )


@pytest.mark.parametrize(
    ("mix", "shares"),
    [
        ("a", {"a": 1.0}),
        ("a+b", {"a": 0.5, "b": 0.5}),
        ("a(2)+b(1)", {"a": 2 / 3, "b": 1 / 3}),
        ("a(0.5)+b(1.5)", {"a": 0.25, "b": 0.75}),
        ("a+b+a", {"a": 2 / 3, "b": 1 / 3}),
    ],
)
def test_mixes(mix, shares):
    assert parse_mix(mix) == pytest.approx(shares)


@pytest.mark.parametrize(
    "mix", ["", "+", "a+", "+a", "a(", "a()", "a(-1)", "a(1e9)", "a(nan)", "a(0)", "a(0)+b", "a b", "a(1)(2)", "a(١)"]
)
def test_what_is_no_mix(mix):
    with pytest.raises(UnknownSpeaker):
        parse_mix(mix)
