"""Resolution of requests into scripts: names, languages, speakers, rates, and rejected requests."""

from dataclasses import replace

import pytest

from herald.errors import (
    InvalidRequest,
    InvalidSsml,
    InvalidText,
    NothingToSpeak,
    SsmlNotSupported,
    UnknownSpeaker,
    UnknownVoice,
    UnreadableText,
    UnsupportedFormat,
    UnsupportedSampleRate,
)
from herald.jobs.lexicon_service import Chosen
from herald.jobs.routing import Policy
from herald.jobs.script import Line, Script, audio_key
from herald.speech.engine import _MAX_LOADED_VOICES
from herald.speech.kokoro.kokoro_speakers import parse_mix
from herald.speech.lexicons import Entry, Lexicon
from herald.speech.ssml.voice_changes import MOST_VOICES
from tests.support.voice_catalog import VOICES, dialogue, job, resolver, voice

JOE, ALAN, VCTK = "en_US-joe-medium", "en_GB-alan-low", "en_GB-vctk-medium"


def script(**fields):
    return resolver().script(job(**fields))


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


def test_text_is_unchanged():
    assert script(input="  Cafe\u0301 1 ").lines[0].text == "  Cafe\u0301 1 "


@pytest.mark.parametrize(
    ("voice", "made", "requested", "rate"),
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
def test_sample_rates_match_the_engine(voice, made, requested, rate):
    assert script(voice=voice, response_format=made, sample_rate=requested).sample_rate == rate


def test_highest_rate_of_several_voices():
    made = script(dialogue=dialogue(("A.", ALAN), ("B.", "kokoro"), ("C.", JOE)), response_format="wav")
    assert made.sample_rate == 24_000
    assert [line.voice for line in made.lines] == [ALAN, "kokoro", JOE]


def test_line_defaults_are_those_of_the_job():
    made = script(dialogue=dialogue(("A.",), ("B.", "kokoro:jm_kumo", "ja")), voice="kokoro:jf_alpha", language="en-US")
    assert made.lines == (
        Line(text="A.", voice="kokoro", speaker="jf_alpha", language="en-US"),
        Line(text="B.", voice="kokoro", speaker="jm_kumo", language="ja"),
    )


def test_dialogue_of_one_voice_becomes_paragraphs():
    made = script(dialogue=dialogue(("A.",), ("B.", "nova"), ("C.", JOE)))
    assert made.lines == (Line(text="A.\n\nB.\n\nC.", voice=JOE),)


def test_one_voice_in_two_languages_remains_a_dialogue():
    assert len(script(dialogue=dialogue(("A.", "kokoro"), ("B.", "kokoro", "ja"))).lines) == 2


@pytest.mark.parametrize(
    ("voice", "requested", "language"),
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
def test_language_of_a_monolingual_voice_is_none(voice, requested, language):
    assert script(voice=voice, language=requested).lines[0].language == language


@pytest.mark.parametrize(
    ("text", "requested", "text_format"),
    [
        ("Hello.", None, "plain"),
        ("Hello **Anna**.", None, "markdown"),
        ("Hello **Anna**.", "plain", "plain"),
        ("<p>Hello.</p>", None, "html"),
        ("Hello.", "html", "html"),
    ],
)
def test_the_format_of_a_text_is_recognized_unless_it_is_given(text, requested, text_format):
    assert script(input=text, text_format=requested).text_format == text_format


def test_a_text_of_markup_alone_is_refused():
    assert refused(NothingToSpeak, input="<p></p>").param == "input"
    assert script(input='<p title="\u674e">Hi</p>').text_format == "html"


def test_tags_in_a_dialogue_that_is_sent_as_text_are_text():
    lines = dialogue(("<speak>A</speak>",), ("a <break/> b",))
    (line,) = script(dialogue=lines, input_type="text", text_format="plain").lines
    assert line.text == "<speak>A</speak>\n\na <break/> b"


def test_a_document_is_refused_if_only_the_gpu_can_speak_it():
    request = job(voice="kokoro", input="<speak>Hello.</speak>")
    with pytest.raises(
        SsmlNotSupported, match="The request needs the GPU, which does not support SSML: the voice kokoro"
    ):
        resolver().resolve(request, waiting=False)


def test_a_dialogue_in_html_keeps_its_paragraphs():
    lines = dialogue(("<b>A</b>",), ("B",))
    (line,) = script(dialogue=lines).lines
    assert line.text == "<b>A</b><p>B"


def test_pauses_are_part_of_the_script_and_refused_on_the_gpu():
    assert script(pause={"tail": 5}).pause.seconds.tail == 0.005
    assert "pause" not in script(pause={"tail": 0}).model_dump()
    request = job(voice="kokoro", pause={"tail": 5})
    with pytest.raises(InvalidRequest) as error:
        resolver(Policy(realtime_characters=100, longform_characters=100, gpu=True)).resolve(request, waiting=False)
    assert error.value.param == "pause"


@pytest.mark.parametrize(("voice", "language"), [(JOE, "de"), (JOE, "ja"), ("kokoro", "de-DE")])
def test_unsupported_language(voice, language):
    error = refused(InvalidRequest, voice=voice, language=language)
    assert (error.code, error.param) == ("unsupported_language", "language")


@pytest.mark.parametrize(
    ("fields", "kind", "param"),
    [
        ({"input": ""}, NothingToSpeak, "input"),
        ({"input": "..."}, NothingToSpeak, "input"),
        ({"input": "a\0"}, InvalidText, "input"),
        ({"input": "Hello \u674e\u660e"}, UnreadableText, "input"),
        ({"input": "a <break/> b"}, SsmlNotSupported, "input"),
        ({"input": "<speak>Hi.</speak>", "text_format": "html"}, InvalidRequest, "text_format"),
        ({"input": "Hi.", "input_type": "ssml", "text_format": "plain"}, InvalidRequest, "text_format"),
        ({"dialogue": dialogue(("A.",), ("a <break/> b",))}, SsmlNotSupported, "dialogue.1.input"),
        ({"voice": "nosuchvoice"}, UnknownVoice, "voice"),
        ({"voice": ""}, UnknownVoice, "voice"),
        ({"voice": "../voices"}, UnknownVoice, "voice"),
        ({"voice": f"{JOE}:p225"}, UnknownSpeaker, "voice"),
        ({"voice": f"{VCTK}:p999"}, UnknownSpeaker, "voice"),
        ({"voice": f"{VCTK}:p225+p226"}, UnknownSpeaker, "voice"),
        ({"voice": "kokoro:nosuchvoice"}, UnknownSpeaker, "voice"),
        ({"voice": "kokoro:jf_alpha+nosuchvoice"}, UnknownSpeaker, "voice"),
        ({"voice": "kokoro:jf_alpha+"}, UnknownSpeaker, "voice"),
        ({"voice": "kokoro:jf_alpha(0)+jm_kumo(0)"}, UnknownSpeaker, "voice"),
        ({"response_format": "aac"}, UnsupportedFormat, "response_format"),
        ({"response_format": "ogg"}, UnsupportedFormat, "response_format"),
        ({"sample_rate": 44_099}, UnsupportedSampleRate, "sample_rate"),
        ({"sample_rate": 22_050, "response_format": "opus"}, UnsupportedSampleRate, "sample_rate"),
        ({"fallback_voice": "nosuchvoice"}, UnknownVoice, "fallback_voice"),
        ({"fallback_voice": f"{JOE}:x"}, UnknownSpeaker, "fallback_voice"),
        ({"fallback_voice": "kokoro"}, InvalidRequest, "fallback_voice"),
        ({"dialogue": dialogue(("A.",), ("\u0301",))}, NothingToSpeak, "dialogue.1.input"),
        ({"dialogue": dialogue(("A.",), ("B.", "nosuchvoice"))}, UnknownVoice, "dialogue.1.voice"),
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
def test_requests_that_cannot_be_spoken(fields, kind, param):
    error = refused(kind, **fields)
    assert error.param == param
    assert "nosuchvoice" not in error.message


def test_fallback_merges_a_dialogue():
    request = job(
        dialogue=dialogue(("A.", "kokoro"), ("B.", JOE, "en")),
        language="ja",
        quality="high",
        fallback_voice=ALAN,
        speed=2.0,
        response_format="wav",
        use_case="alert",
    )
    no_gpu = Policy(realtime_characters=100, longform_characters=1_000, gpu=False)
    assert resolver(no_gpu).resolve(request, waiting=False)[0] == Script(
        lines=(Line(text="A.\n\nB.", voice=ALAN),), response_format="wav", sample_rate=16_000, speed=2.0
    )


@pytest.mark.parametrize(
    ("mix", "shares", "pitch", "tone"),
    [
        ("a", {"a": 1.0}, 1, None),
        ("a@0.8", {"a": 1.0}, 0.8, None),
        ("a+b", {"a": 0.5, "b": 0.5}, 1, None),
        ("a(2)+b(1)", {"a": 2 / 3, "b": 1 / 3}, 1, None),
        ("a(2)+b(1)@1.038", {"a": 2 / 3, "b": 1 / 3}, 1.038, None),
        ("a(0.5)+b(1.5)", {"a": 0.25, "b": 0.75}, 1, None),
        ("a+b+a", {"a": 2 / 3, "b": 1 / 3}, 1, None),
        (f"a~amy{'n' * 33}", {"a": 1.0}, 1, (-12, 0, 12, *[1] * 33)),
        (f"a+b@1.2~{'m' * 35}l", {"a": 0.5, "b": 0.5}, 1.2, (*[0] * 35, -1)),
    ],
)
def test_speaker_mixes(mix, shares, pitch, tone):
    parsed = parse_mix(mix)
    assert parsed == (pytest.approx(shares), pitch, tone)


@pytest.mark.parametrize(
    "mix",
    [
        *("", "+", "a+", "+a", "a(", "a()", "a(-1)", "a(1e9)", "a(nan)", "a(0)", "a(0)+b", "a b", "a(1)(2)", "a(١)"),
        *("@1", "a@", "a@0.799", "a@1.251", "a@-1", "a@nan", "a@1e0", "a@1.0001", "a@1@1", "a@1+b", "a@١"),
        *(
            "a~",
            f"~{'m' * 36}",
            f"a~{'m' * 35}",
            f"a~{'m' * 37}",
            f"a~{'m' * 35}z",
            f"a~{'m' * 35}M",
            f"a~{'m' * 36}@1",
        ),
        *(f"a~{'m' * 35}1", f"a~{'m' * 36}\n", f"a~{'m' * 18}~{'m' * 17}"),
    ],
)
def test_malformed_speaker_mixes(mix):
    with pytest.raises(UnknownSpeaker):
        parse_mix(mix)


def test_voices_of_a_document_are_resolved_and_part_of_the_key():
    text = f'<speak>A. <voice name="{ALAN}">B.</voice> <voice name="reception">C.</voice></speak>'
    made = script(input=text)
    assert {name: (one.voice, one.speaker) for name, one in made.cast.items()} == {
        ALAN: (ALAN, None),
        "reception": (VCTK, "p225"),
    }
    other = script(input=text.replace(ALAN, f"{VCTK}:p226"))
    assert audio_key(made, "acme", VOICES) != audio_key(other, "acme", VOICES)
    assert Script.model_validate_json(made.model_dump_json()) == made
    assert made.characters == len("A. B. C.")


def test_a_document_has_at_most_as_many_voices_as_are_kept_loaded():
    assert MOST_VOICES == _MAX_LOADED_VOICES
    more = VOICES | {f"de_DE-{n}-low": voice(f"de_DE-{n}-low", "de_DE") for n in range(MOST_VOICES)}
    resolves = replace(resolver(), voices=more)
    parts = [f'<voice name="de_DE-{n}-low">B.</voice>' for n in range(MOST_VOICES)]
    most = resolves.script(job(input=f"<speak>{''.join(parts[1:])}{parts[1]}</speak>"))
    assert len(most.cast) == MOST_VOICES - 1
    with pytest.raises(InvalidSsml, match=r"^Line 2, column 1: more than 4 voices"):
        resolves.script(job(input=f"<speak>{''.join(parts[1:])}\n{parts[0]}</speak>"))


def test_a_lexicon_for_the_language_of_another_voice_applies():
    lexicons = [
        Chosen(f"acme/{digit * 64}-{'0' * 16}", Lexicon((Entry("x", "y"),), language))
        for digit, language in (("a", "en-GB"), ("b", "fr-FR"))
    ]
    text = f'<speak>A. <voice name="{ALAN}">B.</voice></speak>'
    assert resolver().script(job(input=text), lexicons).lexicons == (lexicons[0].reference,)


@pytest.mark.parametrize(
    ("voice", "kind"), [("nosuchvoice", UnknownVoice), ("kokoro", SsmlNotSupported), ("", InvalidSsml)]
)
def test_a_voice_of_a_document_that_cannot_speak_is_refused_with_its_place(voice, kind):
    error = refused(kind, input=f'<speak>A.\n<voice name="{voice}">B.</voice></speak>')
    assert error.message.startswith("Line 2, column 1: ")
    assert error.param == "input"
