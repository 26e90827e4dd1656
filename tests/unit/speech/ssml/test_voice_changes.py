"""Documents for several voices are divided, and spoken one after another."""

import io
from time import process_time

import numpy as np
import pytest
import soundfile

from herald.errors import InvalidSsml
from herald.jobs.script import CastVoice, Line, Script, audio_key
from herald.runtime.script_speaker import ScriptSpeaker
from herald.speech.engine import Engine
from herald.speech.pauses import Pauses
from herald.speech.reading import check
from herald.speech.ssml.compiling import read_ssml
from herald.speech.ssml.document import characters, line_and_column, parsed
from herald.speech.ssml.voice_changes import voice_parts
from herald.speech.voices.catalog import Catalog


@pytest.mark.parametrize(
    ("document", "parts"),
    [
        ("<speak>Hello.</speak>", [(None, "Hello.")]),
        ('<speak>Hello. <voice name="a">Hi.</voice> Bye.</speak>', [(None, "Hello. "), ("a", "Hi."), (None, " Bye.")]),
        ('<speak><voice name="a">Hi.</voice><voice name="b">Yo.</voice></speak>', [("a", "Hi."), ("b", "Yo.")]),
        ('<speak><voice name="a">x<voice name="b">y</voice>z</voice></speak>', [("a", "x"), ("b", "y"), ("a", "z")]),
        (
            '<speak><p>One <voice name="a">two</voice> &amp; three</p></speak>',
            [(None, "One "), ("a", "two"), (None, " & three")],
        ),
        ('<speak><break time="1s"/><voice name="a">x</voice> <break/> </speak>', [("a", "x  ")]),
        ('<speak>a<voice name="a"/>b</speak>', [(None, "a"), (None, "b")]),
        ("<speak>a<![CDATA[<voice>]]><!-- <voice> --></speak>", [(None, "a<voice>")]),
    ],
)
def test_a_document_is_divided(document, parts):
    found = voice_parts(document)
    assert [(part.voice, text_of(parsed(part.document))) for part in found] == parts
    assert sum(characters(part.document) for part in found) == characters(document)


def text_of(element):
    return "".join(child.text if not hasattr(child, "children") else text_of(child) for child in element.children)


def test_offsets_are_those_of_the_original():
    document = '<speak xml:lang="en-US">\n<p>One.</p>\n<voice\nname="a"><s>Two.</s></voice>\n<p>Three.</p></speak>'
    for part in voice_parts(document):
        for word in ("One", "Two", "Three"):
            if word in part.document:
                assert part.document.index(word) == document.index(word)


@pytest.mark.parametrize("opened", ["<speak>\n\n<s\nxml:lang='de'><s\nxml:lang='de'>", "<speak\n\n\n><p><s>"])
def test_lines_in_tags_around_a_voice_are_counted_once(opened):
    closed = "</s></s></speak>" if opened.endswith("'>") else "</s></p></speak>"
    document = f'{opened}a<voice name="b">Two.</voice>{closed}'
    second = voice_parts(document)[1].document
    at = document.index("Two")
    assert second.index("Two") == at
    assert line_and_column(second, at).split(",")[0] == line_and_column(document, at).split(",")[0]


def test_the_language_around_a_voice_is_not_its_own():
    first, second = voice_parts('<speak xml:lang="en-US">a<voice name="b"><s xml:lang="fr-FR">c</s></voice></speak>')
    assert "en-US" in first.document
    assert "en-US" not in second.document
    assert "fr-FR" in second.document


@pytest.mark.parametrize(
    ("document", "parts"),
    [
        ('<speak>Say <lang xml:lang="fr-FR"><voice name="a">oui</voice></lang> now.</speak>',
         [(None, ["Say"], ""), ("a", ["oui"], ""), (None, ["now"], "")]),
        ('<speak>Say <lang xml:lang="fr-FR">non <voice name="a">yes</voice> six</lang></speak>',
         [(None, ["Say", "non"], "fr-FR"), ("a", ["yes"], ""), (None, ["six"], "fr-FR")]),
        ('<speak><break time="1s"/><lang xml:lang="fr-FR"><voice name="a">six</voice><break/></lang></speak>',
         [("a", ["six"], "")]),
        ('<speak><p xml:lang="fr-FR"><voice name="a">six<break/></voice></p></speak>', [("a", ["six"], "")]),
        ('<speak>I <voice name="a">do <lang xml:lang="fr-FR">six</lang></voice></speak>',
         [(None, ["I"], ""), ("a", ["do", "six"], "fr-FR")]),
    ],
)  # fmt: skip
def test_the_lang_element_around_a_voice_is_not_its_own(document, parts):
    read = [(part.voice, read_ssml(part.document, "en-US").tokens) for part in voice_parts(document)]
    assert [
        (voice, [token.words for token in tokens if token.spoken], max(token.delivery.language for token in tokens))
        for voice, tokens in read
    ] == parts
    for _, tokens in read:
        written = [document[token.start : token.end] for token in tokens if token.kind == "word"]
        assert written == [token.words for token in tokens if token.kind == "word"]


def test_a_lang_element_around_a_voice_needs_its_language():
    second = voice_parts('<speak>a<lang><voice name="b">c</voice></lang></speak>')[1]
    with pytest.raises(InvalidSsml, match="column 9: <lang> needs the attribute xml:lang"):
        read_ssml(second.document, "en-US")


@pytest.mark.parametrize(
    "around",
    [("<speak><!--{}-->", "</speak>"), ("{}<speak>", "</speak>"), ("<speak><p {}>", "</p></speak>")],
    ids=["comment", "lead", "tag"],
)
@pytest.mark.parametrize("blank", [" ", "\n"])
def test_many_voices_and_much_that_is_not_spoken_take_a_moment(around, blank):
    changes = 'Café <voice name="a">au lait</voice>' * 50
    began = process_time()
    for part in voice_parts(around[0].format(blank * 300_000) + changes + around[1]):
        check(part.document, "en-US", text_format="ssml")
    assert process_time() - began < 3


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ("<speak>a\n <voice>b</voice></speak>", "Line 2, column 2: "),
        ('<speak><voice name=" ">b</voice></speak>', "Line 1, column 8: "),
        ('<speak><voice name="a" gender="male">b</voice></speak>', "Line 1, column 8: "),
        (f"<speak>{'<voice name="a">b</voice>' * 51}</speak>", "Line 1, column 1258: "),
    ],
)
def test_faults_have_a_place(document, place):
    with pytest.raises(InvalidSsml, match=f"^{place}"):
        voice_parts(document)


def test_one_voice_cannot_speak_for_others(heart):
    with pytest.raises(InvalidSsml, match="column 9"):
        heart.synthesize('<speak>a<voice name="b">c</voice></speak>')


DOCUMENT = '<speak>Good morning. <voice name="he">And <emphasis>good</emphasis> evening.</voice> Bye &amp; bye.</speak>'
CAST = {"he": ("de_DE-tiny-low", "bert")}


@pytest.fixture(scope="module")
def engine(voices_folder):
    return Engine(Catalog([voices_folder]), threads=2)


def test_each_part_has_its_voice_at_one_rate(engine):
    speak = {"voice": "de_DE-tiny-low", "speaker": "anna", "format": "wav", "text_format": "ssml"}
    whole = engine.speak(DOCUMENT, cast=CAST, **speak)
    alone = [
        engine.speak(f"<speak>{text}</speak>", **speak | {"speaker": speaker}).seconds
        for speaker, text in [
            ("anna", "Good morning."),
            ("bert", "And <emphasis>good</emphasis> evening."),
            ("anna", "Bye &amp; bye."),
        ]
    ]
    # Paragraph pauses of 0.5 s replace the lead-in of 0.04 s.
    assert whole.seconds == pytest.approx(sum(alone) + 2 * (0.5 - 0.04), abs=0.05)
    assert soundfile.info(io.BytesIO(whole.file)).duration == pytest.approx(whole.seconds, abs=0.01)


def test_all_voices_that_spoke_are_named(engine):
    document = '<speak><voice name="he">Good evening.</voice></speak>'
    cast = {"he": ("en_US-joe-medium", None)}
    spoken = engine.speak(document, voice="en_US-heart", format="pcm", text_format="ssml", cast=cast)
    assert [*spoken.voices] == ["en_US-joe-medium"]
    speaker = ScriptSpeaker(engine, {}.__getitem__)
    script = Script(
        lines=(Line(text=document, voice="en_US-heart"),),
        response_format="pcm",
        sample_rate=22_050,
        text_format="ssml",
        cast={"he": CastVoice(voice="en_US-joe-medium")},
    )
    voices = speaker.speak(script, time_left=lambda: 60.0).voices
    assert audio_key(script, "acme", voices) == audio_key(script, "acme", engine.catalog.voices)


def test_a_stream_equals_the_file_and_its_marks_cover_all_parts(engine):
    settings = {"voice": "de_DE-tiny-low", "speaker": "anna", "format": "pcm", "text_format": "ssml", "cast": CAST}
    stream = engine.stream(DOCUMENT, marks=True, **settings)
    pieces = list(stream.pieces())
    whole = engine.speak(DOCUMENT, **settings)
    streamed = np.frombuffer(b"".join(piece.data for piece in pieces), "<i2").astype(int)
    file = np.frombuffer(whole.file, "<i2").astype(int)
    assert len(streamed) == len(file)
    assert np.abs(streamed - file).max() <= 2
    marks = [mark for piece in pieces for mark in piece.marks]
    assert [mark.word for mark in marks] == ["Good", "morning", "And", "good", "evening", "Bye", "&", "bye"]
    assert all(DOCUMENT[mark.text_start : mark.text_end] in {mark.word, "&amp;"} for mark in marks)
    times = [time for mark in marks for time in (mark.start, mark.end)]
    assert times == sorted(times)
    assert marks[-1].end <= whole.seconds


@pytest.mark.parametrize(
    ("document", "pauses"),
    [
        ('<speak>Good morning.<voice name="he"><break time="600ms"/>Good evening.</voice></speak>', Pauses()),
        ('<speak>Good morning.<voice name="he">Good evening.</voice></speak>', Pauses(paragraph=0)),
        ('<speak>Good morning.<voice name="he">Good evening.</voice></speak>', Pauses(paragraph=0.05)),
    ],
    ids=["break", "no pause", "short pause"],
)
@pytest.mark.parametrize("name", ["opus", "mp3"])
def test_a_stream_has_the_length_of_the_file_also_without_a_pause_between_voices(engine, document, pauses, name):
    settings = {"voice": "de_DE-tiny-low", "speaker": "anna", "format": name, "text_format": "ssml", "cast": CAST}
    stream = engine.stream(document, pauses=pauses, **settings)
    assert list(stream.pieces())
    assert stream.seconds == engine.speak(document, pauses=pauses, **settings).seconds


def test_voices_of_other_rates_are_joined(engine):
    document = '<speak>Good morning. <voice name="he">Good evening.</voice></speak>'
    cast = {"he": ("en_US-joe-medium", None)}
    spoken = engine.speak(document, voice="en_US-heart", format="wav", text_format="ssml", cast=cast)
    parts = [
        engine.speak(text, voice=voice, format="wav").seconds
        for text, voice in [("Good morning.", "en_US-heart"), ("Good evening.", "en_US-joe-medium")]
    ]
    assert spoken.sample_rate == 24_000
    assert spoken.seconds == pytest.approx(sum(parts) + 0.5 - 0.04, abs=0.05)
