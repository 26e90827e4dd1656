"""Synthesis is reproducible, streamable, and has a constant gain."""

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from herald.errors import InvalidRequest, NothingToSpeak, OutOfTime, UnknownSpeaker, UnsupportedVoice, VoiceNotPrepared
from herald.speech import LocalMemory, Pauses, Voice, default_voice
from herald.speech.model import FIRST_CHUNKS
from herald.speech.prepare.finishing import signal_to_noise

SENTENCE = "Your appointment is confirmed."

SILENT = Pauses(sentence=0.0, paragraph=0.0, lead_in=0.0)


def test_audio_is_mono_float_at_the_rate_of_the_voice(joe):
    audio = joe.synthesize(SENTENCE)
    assert audio.samples.dtype == np.float32
    assert audio.samples.ndim == 1
    assert audio.sample_rate == joe.sample_rate == 22_050
    assert 1.2 < audio.seconds < 2.5
    assert 0.2 < np.abs(audio.samples).max() <= 1.0


def test_the_same_text_gives_the_same_samples(joe, voices_folder):
    again = Voice.load(voices_folder / "en_US-joe-medium").synthesize(SENTENCE)
    np.testing.assert_array_equal(joe.synthesize(SENTENCE).samples, again.samples)


def test_joined_chunks_equal_the_whole(joe):
    text = f"{SENTENCE} Please bring your insurance card, and come ten minutes early."
    chunks = list(joe.stream(text))
    assert len(chunks) >= 3
    whole = joe.synthesize(text).samples
    joined = np.concatenate([chunk.samples for chunk in chunks])
    assert len(joined) == len(whole)
    assert signal_to_noise(whole, joined) > 90


def test_streams_are_reproducible(joe):
    text = f"{SENTENCE} Please bring your insurance card."
    first, again = ([chunk.samples for chunk in joe.stream(text)] for _ in range(2))
    assert [len(chunk) for chunk in first] == [len(chunk) for chunk in again]
    np.testing.assert_array_equal(np.concatenate(first), np.concatenate(again))


def test_samples_do_not_depend_on_the_number_of_threads(voices_folder):
    alone, many = (Voice.load(voices_folder / "en_US-joe-medium", threads=threads) for threads in (1, 3))
    text = f"{SENTENCE} Please bring your card. Come early. Thank you!"
    np.testing.assert_array_equal(alone.synthesize(text).samples, many.synthesize(text).samples)


def test_closing_the_generator_stops_synthesis(joe):
    before = threading.active_count()
    stream = joe.stream(f"{SENTENCE} " * 20)
    next(stream)
    stream.close()
    assert threading.active_count() == before


def test_the_first_chunk_is_short(joe):
    chunks = joe.stream("This is one rather long sentence, which is streamed before it has been completed.")
    next(chunks)  # the lead-in
    assert [len(next(chunks).samples) // 256 for _ in FIRST_CHUNKS] == list(FIRST_CHUNKS)


def test_a_sentence_sounds_the_same_in_every_context(joe):
    alone = joe.synthesize("Please bring your card.").samples
    after = joe.synthesize(f"{SENTENCE} Please bring your card.").samples
    np.testing.assert_array_equal(after[-len(alone) :], alone)


def test_paragraphs_are_separated_by_a_pause(joe):
    together, parted = (joe.synthesize(f"{SENTENCE}{gap}{SENTENCE}").seconds for gap in (" ", "\n\n"))
    assert parted - together == pytest.approx(Pauses().paragraph - Pauses().sentence, abs=0.01)
    assert sum(chunk.seconds for chunk in joe.stream(f"{SENTENCE}\n\n{SENTENCE}")) == pytest.approx(parted)


def test_speed_changes_the_length(joe):
    usual = joe.synthesize(SENTENCE, pauses=SILENT).seconds
    for speed in (0.25, 0.5, 0.8, 1.25, 2.0, 4.0):
        assert joe.synthesize(SENTENCE, speed=speed, pauses=SILENT).seconds == pytest.approx(usual / speed, abs=0.03)


@pytest.mark.parametrize("text", ["Stop here.", "Seven shops are open.", "Turn right.", "Shall we?"])
def test_nothing_is_heard_in_the_first_forty_milliseconds(joe, text):
    for samples in (joe.synthesize(text).samples, np.concatenate([chunk.samples for chunk in joe.stream(text)])):
        assert np.abs(samples[: joe.sample_rate // 25]).max() < 0.01  # -40 dBFS


def test_a_full_stop_is_longer_than_a_comma(joe):
    gaps = {}
    for mark in ".,":
        marks = joe.synthesize(f"We are late{mark} Please wait here{mark} Thank you").marks
        gaps[mark] = [marks[at + 1].start - marks[at].end for at in (2, 5)]
    assert min(gaps["."]) > max(gaps[","])


def test_pauses_can_be_set(joe):
    text = f"{SENTENCE} {SENTENCE}\n\n{SENTENCE}"
    silent = joe.synthesize(text, pauses=SILENT).seconds
    long = joe.synthesize(text, pauses=Pauses(sentence=1.0, paragraph=2.0, lead_in=0.5, tail=0.25)).seconds
    assert long - silent == pytest.approx(3.75, abs=0.01)


@pytest.mark.parametrize("pauses", [Pauses(0, 0, 0, 0), Pauses(1, 2, 3, 4)])
def test_a_stream_has_the_same_pauses_and_marks(joe, pauses):
    text = f"{SENTENCE} {SENTENCE}\n\n{SENTENCE}"
    whole, chunks = joe.synthesize(text, pauses=pauses), list(joe.stream(text, pauses=pauses))
    assert sum(len(chunk.samples) for chunk in chunks) == len(whole.samples)
    assert tuple(word for chunk in chunks for word in chunk.words) == whole.words
    first, fifth, ninth = (whole.marks[at].start for at in (0, 4, 8))
    silent = [joe.synthesize(text, pauses=SILENT).marks[at].start for at in (0, 4, 8)]
    assert first - silent[0] == pytest.approx(pauses.lead_in, abs=0.002)
    assert fifth - silent[1] == pytest.approx(pauses.lead_in + pauses.sentence, abs=0.002)
    assert ninth - silent[2] == pytest.approx(pauses.lead_in + pauses.sentence + pauses.paragraph, abs=0.002)
    assert whole.seconds - whole.marks[-1].end >= pauses.tail


@pytest.mark.parametrize(
    ("text_format", "text"), [("markdown", "**Guten** [Tag](http://a.de/b)."), ("html", "<b>Guten</b> <i>Tag</i>.")]
)
def test_markup_is_not_spoken_and_marks_have_its_offsets(tiny, text_format, text):
    audio = tiny.synthesize(text, text_format=text_format)
    np.testing.assert_array_equal(audio.samples, tiny.synthesize("Guten Tag.").samples)
    assert [text[mark.text_start : mark.text_end] for mark in audio.marks] == ["Guten", "Tag"]
    marker = tiny.marker(text, text_format=text_format)
    heard = [mark for chunk in tiny.stream(text, text_format=text_format) for mark in marker.add(chunk.words)]
    assert [(mark.word, mark.text_start) for mark in heard] == [(mark.word, mark.text_start) for mark in audio.marks]


def test_pauses_are_no_part_of_the_keys_of_sentences(joe):
    memory = LocalMemory(1 << 24)
    assert joe.synthesize(SENTENCE, memory=memory).sentences.spoken == 1
    again = joe.synthesize(SENTENCE, memory=memory, pauses=Pauses(1, 1, 1, 1))
    assert (again.sentences.spoken, again.sentences.reused) == (0, 1)


@pytest.mark.parametrize("seconds", [-0.001, 10.001, float("nan"), float("inf")])
@pytest.mark.parametrize("name", Pauses._fields)
def test_invalid_pauses_are_rejected(tiny, name, seconds):
    with pytest.raises(InvalidRequest) as refused:
        tiny.stream("Hallo.", pauses=Pauses(**{name: seconds}))
    assert refused.value.param == "pause"


def test_phonemes_are_returned_by_sentence(joe):
    said = ["".join(sentence) for sentence in joe.phonemize("Your appointment is with Dr. Patel. You owe $45.")]
    assert len(said) == 2
    assert said == [
        "".join(one) for one in joe.phonemize("Your appointment is with doctor Patel. You owe forty-five dollars.")
    ]


@pytest.mark.parametrize("speed", [-1, 0, 0.24, 4.1, 1e9, float("nan"), float("inf")])
def test_invalid_speeds_are_rejected(joe, speed):
    with pytest.raises(InvalidRequest) as refused:
        joe.stream(SENTENCE, speed=speed)
    assert refused.value.param == "speed"


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "...!?", "\u0301\u0308", "😀😀", "ː"])
def test_text_without_sound_is_rejected(joe, text):
    with pytest.raises(NothingToSpeak):
        joe.synthesize(text)


def test_synthesis_ends_when_its_time_is_over(joe):
    left = iter([1.0, -0.1])
    with pytest.raises(OutOfTime, match="exceeds the time limit"):
        joe.synthesize("One sentence. Another sentence.", time_left=lambda: next(left))


def test_a_long_text_begins_with_a_part_of_whole_sentences(tiny):
    short, sentence = "Guten Tag.", f"{'Wir freuen uns auf Ihren Besuch in der neuen Praxis ' * 2}am Montag."
    text = f"{short} {sentence} " + "Bis bald. " * 120
    (opening, before), (rest, after) = tiny.divide(text, Pauses(sentence=0.3))
    assert opening == f"{short} {sentence} "
    assert opening + rest == text
    assert (before.tail, after.lead_in) == (0.0, 0.3)


def test_loud_and_soft_sentences_have_the_same_gain(joe):
    level = {text: np.sqrt(np.mean(joe.synthesize(text).samples ** 2)) for text in ("Stop!", SENTENCE, "Mm, yes.")}
    assert min(level.values()) > 0.02
    assert max(level.values()) < 0.2
    peaks = [np.abs(joe.synthesize(text).samples).max() for text in level]
    assert max(peaks) - min(peaks) > 0.1, "each sentence was raised to the same peak"
    assert max(peaks) < 1


def test_speakers_differ(tiny):
    by_name = {name: tiny.synthesize("Guten Morgen.", speaker=name).samples for name in ("anna", "bert", "carla")}
    assert not np.array_equal(by_name["anna"][:5000], by_name["bert"][:5000])
    np.testing.assert_array_equal(by_name["carla"], tiny.synthesize("Guten Morgen.", speaker=2).samples)
    np.testing.assert_array_equal(by_name["anna"], tiny.synthesize("Guten Morgen.").samples)


@pytest.mark.parametrize("speaker", ["unknown", 3, -1, "0"])
def test_unknown_speakers_are_rejected(tiny, speaker):
    with pytest.raises(UnknownSpeaker, match="anna, bert, carla"):
        tiny.stream("Guten Morgen.", speaker=speaker)


def test_a_single_speaker_voice_has_no_other_speakers(joe):
    with pytest.raises(UnknownSpeaker, match="single-speaker voice"):
        joe.stream(SENTENCE, speaker="anna")


def test_a_voice_is_thread_safe(joe, tiny):
    texts = [f"This is message number {number}." for number in range(8)]
    alone = [(joe.synthesize(text).samples, tiny.synthesize(text).samples) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: (joe.synthesize(text).samples, tiny.synthesize(text).samples), texts))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


def test_the_default_voice_is_installed(monkeypatch, tmp_path):
    monkeypatch.setattr("herald.speech.prepare._cache", lambda: tmp_path)
    voice = default_voice()
    assert voice.info.id == "en_US-heart"
    assert voice.synthesize("Yes.").seconds > 0.2
    assert list(tmp_path.glob("*/en_US-heart/voice.json"))


def test_a_folder_without_a_voice_is_rejected(tmp_path):
    with pytest.raises(VoiceNotPrepared, match=r"voice\.json"):
        Voice.load(tmp_path)


@pytest.mark.parametrize("part", ["encoder", "flow", "decoder"])
def test_a_broken_part_is_named(voices_folder, tmp_path, part):
    folder = shutil.copytree(voices_folder / "de_DE-tiny-low", tmp_path / "de_DE-tiny-low")
    (folder / f"{part}.onnx").write_bytes(b"broken")
    with pytest.raises(VoiceNotPrepared, match=rf"{part}\.onnx cannot be loaded"):
        Voice.load(folder).synthesize("Guten Morgen.")


def test_an_unknown_language_is_rejected_at_load_time(voices_folder, tmp_path):
    folder = shutil.copytree(voices_folder / "de_DE-tiny-low", tmp_path / "de_DE-tiny-low")
    card = json.loads((folder / "voice.json").read_text())
    card["phonemes"]["espeak_voice"] = "xx-none"
    (folder / "voice.json").write_text(json.dumps(card))
    with pytest.raises(UnsupportedVoice, match="xx-none"):
        Voice.load(folder)


def test_a_path_without_a_voice_is_rejected(tmp_path):
    with pytest.raises(VoiceNotPrepared, match=r"not a voice"):
        Voice.load(tmp_path / "missing.onnx")
