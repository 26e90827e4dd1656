"""Markup is heard: breaks, rates and volumes are measured in the audio, pronunciations compared as phonemes."""

import numpy as np
import pytest

from herald.speech import LocalMemory

SENTENCE = "The quick brown fox jumps over the lazy dog and runs into the forest."


@pytest.fixture(params=["heart", "joe"])
def voice(request):
    return request.getfixturevalue(request.param)


def silences(audio, *, least=0.35):
    """Return the seconds of each silence."""
    quiet = np.concatenate([[False], np.abs(audio.samples) < 0.005, [False]])
    edges = np.flatnonzero(np.diff(quiet.astype(int))).reshape(-1, 2)
    return [seconds for seconds in (edges[:, 1] - edges[:, 0]) / audio.sample_rate if seconds > least]


@pytest.mark.parametrize(
    "document",
    [
        '<speak>Mary had a <break time="1500ms"/>little lamb</speak>',
        '<speak>One sentence here.<break time="1.5s"/>Another sentence.</speak>',
        '<speak><p>One paragraph here.</p><break time="1s"/><break time=".5s"/><p>Another one.</p></speak>',
    ],
)
def test_a_break_lasts_as_long_as_it_says(voice, document):
    (measured,) = silences(voice.synthesize(document), least=0.9)
    assert measured == pytest.approx(1.5, abs=0.02)


def test_breaks_at_the_start_and_the_end(voice):
    audio = voice.synthesize('<speak><break time="900ms"/>Hello there.<break time="800ms"/></speak>')
    assert silences(audio, least=0.5) == pytest.approx([0.9, 0.8], abs=0.02)


@pytest.mark.parametrize(
    "document",
    [
        '<speak>Mary had a <prosody volume="loud" rate="slow">little</prosody> lamb.<break time="700ms"/>'
        'It was <emphasis level="strong">white</emphasis>.</speak>',
        '<speak><prosody volume="-30dB">Mary had a little lamb.</prosody><break time="700ms"/>It was white.</speak>',
        '<speak><prosody volume="silent">Mary had a lamb.</prosody><break time="700ms"/>It was white.</speak>',
    ],
    ids=["loud", "soft before a break", "silent before a break"],
)
def test_a_streamed_document_equals_the_whole(voice, document):
    whole = voice.synthesize(document)
    chunks = list(voice.stream(document))
    streamed = np.concatenate([chunk.samples for chunk in chunks])
    assert len(streamed) == len(whole.samples)
    assert np.abs(streamed - whole.samples).max() < 1e-3
    assert [word for chunk in chunks for word in chunk.words] == list(whole.words)


@pytest.mark.parametrize(("rate", "factor"), [("50%", 0.5), ("80%", 0.8), ("+25%", 1.25), ("200%", 2), ("slow", 0.75)])
def test_a_rate_changes_the_length(voice, rate, factor):
    usual = voice.synthesize(SENTENCE).seconds
    changed = voice.synthesize(f'<speak><prosody rate="{rate}">{SENTENCE}</prosody></speak>').seconds
    assert changed == pytest.approx(usual / factor, rel=0.05)


def test_a_rate_changes_only_its_words(voice):
    plain = voice.synthesize("<speak>The quick brown fox jumps over the lazy dog.</speak>").marks
    document = '<speak>The quick brown <prosody rate="50%">fox jumps over</prosody> the lazy dog.</speak>'
    slow = voice.synthesize(document).marks
    lengths = [(after[5].end - after[3].start, after[2].end - after[1].start) for after in (plain, slow)]
    assert lengths[1][0] == pytest.approx(2 * lengths[0][0], rel=0.15)
    assert lengths[1][1] == pytest.approx(lengths[0][1], rel=0.15)


@pytest.mark.parametrize(("volume", "factor"), [("-6dB", 0.501), ("-12dB", 0.251), ("x-soft", 0.251), ("silent", 0)])
def test_a_volume_changes_the_loudness(voice, volume, factor):
    usual = voice.synthesize(f"<speak>{SENTENCE}</speak>").samples
    changed = voice.synthesize(f'<speak><prosody volume="{volume}">{SENTENCE}</prosody></speak>').samples
    assert np.abs(changed).max() == pytest.approx(factor * np.abs(usual).max(), rel=0.01)


def test_the_pitch_changes_the_sound_and_not_the_length(heart):
    usual = heart.synthesize(f"<speak>{SENTENCE}</speak>")
    high = heart.synthesize(f'<speak><prosody pitch="+20%">{SENTENCE}</prosody></speak>')
    assert len(usual.samples) == len(high.samples)
    assert not np.array_equal(usual.samples, high.samples)


def test_cached_sentences_do_not_mix_styles(heart):
    memory = LocalMemory(10_000_000)
    documents = [f"<speak><prosody {style}>{SENTENCE}</prosody></speak>" for style in ('rate="80%"', 'volume="-6dB"')]
    for document in [SENTENCE, *documents] * 2:
        np.testing.assert_array_equal(
            heart.synthesize(document, memory=memory).samples, heart.synthesize(document).samples
        )


@pytest.mark.parametrize(
    ("document", "same"),
    [
        ('One <break strength="none"/> two.', "One two."),
        ('One <break time="1s"/>, two.', 'One <break time="1s"/> two.'),
    ],
    ids=["no pause to remove", "a mark that follows a break"],
)
def test_breaks_and_marks_that_change_nothing(voice, document, same):
    changed, usual = (voice.synthesize(f"<speak>{one}</speak>").samples for one in (document, same))
    np.testing.assert_array_equal(changed, usual)


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ('<speak>Pay <say-as interpret-as="cardinal">12</say-as> today.</speak>', "Pay twelve today."),
        ('<speak><sub alias="Doctor">Dr</sub> Who.</speak>', "Doctor Who."),
        ("<speak>You owe $45 by 3/14.</speak>", "You owe $45 by 3/14."),
        ('<speak>Say <mark name="here"/>this.</speak>', "Say this."),
    ],
)
def test_a_document_sounds_as_its_text(voice, document, text):
    assert voice.phonemize(document) == voice.phonemize(text)


@pytest.mark.parametrize(
    ("attributes", "word"),
    [
        ('alphabet="ipa" ph="həˈloʊ"', "hello"),
        ('alphabet="x-sampa" ph="h@&quot;loU"', "hello"),
        ('ph="ˈt͡ʃiːz"', "cheese"),
        ('alphabet="x-sampa" ph="&quot;SIp"', "ship"),
    ],
)
def test_a_pronunciation_equals_the_word(voice, attributes, word):
    document = f"<speak><phoneme {attributes}>x</phoneme></speak>"
    assert voice.phonemize(document) == voice.phonemize(word)


def test_words_of_another_language_are_spoken_by_its_rules(voice):
    (said,) = voice.phonemize('<speak><lang xml:lang="fr-FR">merci, 5 €</lang></speak>')
    (english,) = voice.phonemize("merci, five euros")
    assert said != english
    assert "".join(said).count(" ") == 2


def test_marks_have_the_places_of_the_document(voice):
    document = '<speak>AT&amp;T owes <sub alias="forty dollars">$40</sub><break time="1s"/> &amp; more.</speak>'
    marks = voice.synthesize(document).marks
    assert [(mark.word, document[mark.text_start : mark.text_end]) for mark in marks] == [
        ("AT&T", "AT&amp;T"),
        ("owes", "owes"),
        ("$40", "$40"),
        ("&", "&amp;"),
        ("more", "more"),
    ]
    assert marks[3].start - marks[2].end == pytest.approx(1, abs=0.1)
