"""Files that are joined from encoded sentences: one definition everywhere, exact lengths, and no click at a join."""

import io

import numpy as np
import pytest
import soundfile

from herald.speech import LocalMemory, Pauses, Sentences, encode
from herald.speech.audio.codings import coding_of, frames_of
from herald.speech.audio.formats import FORMATS
from herald.speech.audio.mp3 import count_frames, frame_size
from herald.speech.audio.opus import pages
from herald.speech.engine import Engine
from herald.speech.prepare.finishing import signal_to_noise
from herald.speech.voices.catalog import Catalog
from tests.support.libav import decoded_by_libav
from tests.support.programs import need_decoder, seconds_heard

VOICE = "en_US-joe-medium"
SENTENCES = ["Hello Anna.", "Your appointment is on Monday at nine.", "Please bring your insurance card."]
TEXT = f"{SENTENCES[0]} {SENTENCES[1]}\n\n{SENTENCES[2]} {SENTENCES[0]}"
RAW = {"pcm": "PCM_16", "ulaw": "ULAW", "alaw": "ALAW"}
MADE = [(name, None) for name in FORMATS] + [("mp3", 8_000), ("mp3", 48_000), ("opus", 8_000), ("opus", 48_000)]
each_file = pytest.mark.parametrize(("name", "rate"), MADE)


@pytest.fixture(scope="module")
def engine(voices_folder):
    return Engine(Catalog([voices_folder]), threads=2)


@pytest.fixture(scope="module")
def speak(engine):
    made = {}

    def speak(text, name, rate=None, **settings):
        key = (text, name, rate, *settings.items())
        if key not in made:
            made[key] = engine.speak(text, voice=VOICE, format=name, sample_rate=rate, **settings)
        return made[key]

    return speak


def decoded(data, name, rate):
    how = {}
    if name in RAW:
        how = {"format": "RAW", "subtype": RAW[name], "channels": 1, "samplerate": rate, "endian": "LITTLE"}
    samples, found = soundfile.read(io.BytesIO(data), **how)
    assert found == rate
    return samples


@pytest.fixture(scope="module")
def memory():
    return LocalMemory(10**9)


@each_file
def test_the_bytes_are_the_same_from_memory_and_from_samples(engine, joe, memory, name, rate):
    whole = joe.synthesize(TEXT, memory=memory)
    spoken = engine.speak(TEXT, voice=VOICE, format=name, sample_rate=rate)
    asked = {"voice": VOICE, "format": name, "sample_rate": rate, "memory": memory}
    engine.speak(SENTENCES[1], **asked)  # cached from another message
    first, again = engine.speak(TEXT, **asked), engine.speak(TEXT, **asked)
    assert again.sentences == Sentences(reused=4)
    assert spoken.file == first.file == again.file
    assert encode(whole, name, sample_rate=rate) == spoken.file


@each_file
def test_a_stream_has_the_same_frames(engine, speak, name, rate):
    """Other than its first sentence, which is computed in other chunks: its samples are equal to within 16 bits."""
    stream = engine.stream(TEXT, voice=VOICE, format=name, sample_rate=rate)
    live, spoken = b"".join(piece.data for piece in stream.pieces()), speak(TEXT, name, rate)
    assert stream.seconds == spoken.seconds
    if name != "flac":  # whose blocks begin at other samples
        rest = len(live) // 2
        padding = len(spoken.file) % 2 == 0 and len(live) % 2 and name.startswith("wav")
        assert live[-rest:] == spoken.file[-rest - padding : len(spoken.file) - padding]


@each_file
def test_the_length_is_exact(speak, name, rate):
    spoken = speak(TEXT, name, rate)
    samples = decoded(spoken.file, name, spoken.sample_rate)
    assert len(samples) == round(spoken.seconds * spoken.sample_rate)
    wav = speak(TEXT, "wav")
    frame = coding_of(FORMATS[name].coding, spoken.sample_rate).frame
    # At 8 kHz, the end of a frame of MP3 can be later than the pause.
    assert abs(spoken.seconds - wav.seconds) <= ((1.5 if rate == 8_000 else 0.5) * frame + 1) / spoken.sample_rate


@each_file
def test_sentences_sound_as_by_themselves(joe, speak, name, rate):
    """Each sentence is where its marks say, and its decoded samples are those of a file of its own."""
    spoken = speak(TEXT, name, rate)
    rate = spoken.sample_rate
    samples = decoded(spoken.file, name, rate)
    audio = joe.synthesize(TEXT)
    frame = coding_of(FORMATS[name].coding, rate).frame
    starts = [end for _, end in audio.pauses if end < len(audio.samples)]
    for start, text in zip(starts, [*SENTENCES, SENTENCES[0]], strict=False):
        alone = speak(text, name, rate, pauses=Pauses(lead_in=0))
        own = decoded(alone.file, name, rate)
        ideal = start * rate / joe.sample_rate
        begin = round(ideal / frame) * frame
        least = 30 if name == "opus" else 60
        places = [begin, begin + frame] if (name, rate) == ("mp3", 8_000) else [begin]
        assert max(signal_to_noise(own, samples[at : at + len(own)]) for at in places) > least, text


@each_file
def test_joins_do_not_click(joe, speak, name, rate):
    spoken = speak(TEXT, name, rate)
    rate = spoken.sample_rate
    samples, audio = decoded(spoken.file, name, rate), joe.synthesize(TEXT)
    jumps = np.abs(np.diff(samples, n=2))
    in_pauses = np.zeros(len(samples), bool)
    for start, end in audio.pauses:
        in_pauses[int(start / joe.sample_rate * rate - 0.05 * rate) : int((end / joe.sample_rate + 0.05) * rate)] = True
    in_pauses = in_pauses[: len(jumps)]
    assert jumps[in_pauses].max() <= jumps[~in_pauses].max()
    assert np.abs(samples[: len(in_pauses)][in_pauses]).max() < 0.5 * np.abs(samples).max()


@pytest.mark.parametrize(("sentence", "tail"), [(0.0, 0.0), (0.02, 0.3), (0.1, 0.05), (1.0, 0.0)])
def test_any_pause_has_exact_lengths(speak, sentence, tail):
    pauses = Pauses(sentence=sentence, lead_in=0, paragraph=sentence, tail=tail)
    wav = speak(TEXT, "wav", pauses=pauses)
    for name in ("mp3", "opus"):
        spoken = speak(TEXT, name, pauses=pauses)
        samples = decoded(spoken.file, name, spoken.sample_rate)
        assert len(samples) == round(spoken.seconds * spoken.sample_rate)
        assert abs(spoken.seconds - wav.seconds) <= 0.03


def test_short_pauses_are_not_joins(engine):
    memory = LocalMemory(10**9)
    asked = {"voice": VOICE, "memory": memory, "pauses": Pauses(sentence=0.05)}
    first = engine.speak(TEXT, **asked)
    assert (
        engine.speak(TEXT, **asked).file == first.file == engine.speak(TEXT, voice=VOICE, pauses=asked["pauses"]).file
    )


@pytest.mark.parametrize("name", ["mp3", "ulaw"])
def test_damaged_sentences_are_made_again(engine, speak, name):
    memory = LocalMemory(10**9)
    asked = {"voice": VOICE, "format": name, "memory": memory}
    engine.speak(TEXT, **asked)
    undamaged = dict(memory._entries)
    for change in (lambda value: value[:-1], lambda value: bytes(len(value)), lambda value: value[:40], lambda _: b""):
        for key, value in undamaged.items():
            memory.put(key, change(value))
        again = engine.speak(TEXT, **asked)
        assert again.file == speak(TEXT, name).file
        assert again.sentences.damaged
        assert memory._entries == undamaged


def test_formats_of_the_same_coding_share_sentences(engine):
    asked = {"voice": VOICE, "memory": LocalMemory(10**9), "sample_rate": 24_000}
    engine.speak(TEXT, format="wav", **asked)
    assert engine.speak(TEXT, format="flac", **asked).sentences == Sentences(reused=4)
    assert engine.speak(TEXT, format="mp3", **asked).sentences == Sentences(spoken=3, reused=1)


def test_memories_get_encoded_sentences_only(engine):
    class Outer(dict):
        put = dict.__setitem__

    outer = Outer()
    spoken = engine.speak(TEXT, voice=VOICE, format="mp3", memory=LocalMemory(10**9, outer=outer))
    assert len(outer) == 3
    assert sum(map(len, outer.values())) < 1.2 * len(spoken.file)


@pytest.mark.parametrize("rate", FORMATS["mp3"].rates)
def test_the_info_tag_of_an_mp3(speak, rate):
    spoken = speak(TEXT, "mp3", rate)
    coding = coding_of("MPEG_LAYER_III", rate)
    assert spoken.file.startswith(b"ID3\3\0\0\0\0\0")
    file = spoken.file[10 + spoken.file[9] :]
    at = file.index(b"Info")
    assert frame_size(file[:4]) >= at + 156
    tag = file[at : at + 156]
    frames = int.from_bytes(tag[8:12])
    assert count_frames(file) == frames + 1
    assert int.from_bytes(tag[12:16]) == len(file)
    delay, padding = int.from_bytes(tag[141:144]) >> 12, int.from_bytes(tag[141:144]) & 0xFFF
    assert frames * coding.frame - delay - padding == round(spoken.seconds * rate)
    assert len(decoded(spoken.file, "mp3", rate)) == round(spoken.seconds * rate)


@pytest.mark.parametrize("rate", FORMATS["opus"].rates)
def test_the_pages_of_an_opus_file(speak, rate):
    spoken = speak(TEXT, "opus", rate)
    found = list(pages(spoken.file))
    assert [int.from_bytes(page[18:22], "little") for page in found] == list(range(len(found)))
    assert [page[5] for page in found] == [2, *[0] * (len(found) - 2), 4]
    positions = [int.from_bytes(page[6:14], "little") for page in found]
    assert positions == sorted(positions)
    skipped = int.from_bytes(found[0][38:40], "little")
    assert (positions[-1] - skipped) / 48_000 == pytest.approx(spoken.seconds, abs=1e-9)
    assert frames_of(coding_of("OPUS", rate), 1) == 1


@each_file
def test_ffmpeg_decodes_exactly_the_audio_without_a_warning(speak, name, rate):
    spoken = speak(TEXT, name, rate)
    samples, warnings = decoded_by_libav(spoken.file, name, spoken.sample_rate)
    own = decoded(spoken.file, name, spoken.sample_rate)
    assert not warnings
    assert len(samples) == round(spoken.seconds * spoken.sample_rate)
    least = 10 if name == "opus" else 30  # FFmpeg decodes Opus to 48 kHz, libopus to 24 kHz a part of a sample later
    assert signal_to_noise(own[:-200], samples[: len(own) - 200]) > least


@pytest.mark.parametrize(("name", "rate"), [made for made in MADE if not made[0].startswith("wav")])
def test_ffmpeg_decodes_a_stream_without_a_warning(engine, name, rate):
    """Other than WAV, whose header always states a length; that of a stream is too large."""
    stream = engine.stream(TEXT, voice=VOICE, format=name, sample_rate=rate)
    samples, warnings = decoded_by_libav(b"".join(piece.data for piece in stream.pieces()), name, stream.sample_rate)
    assert not warnings
    more = 3 * 1_152 if name == "mp3" else 0  # its header has no length, so the last frame is not cut
    assert 0 <= len(samples) - round(stream.seconds * stream.sample_rate) <= more


@pytest.mark.parametrize("program", ["ffmpeg", "sox", "mpg123"])
@each_file
def test_decoders_read_exactly_the_audio(speak, program, name, rate):
    if program == "mpg123" and name != "mp3":
        pytest.skip("mpg123 decodes MP3 only")
    need_decoder(program, name)
    spoken = speak(TEXT, name, rate)
    heard = seconds_heard(program, spoken.file, name, spoken.sample_rate)
    # In samples: libmad, which SoX uses, skips neither the encoder's delay nor the rest of the last frame.
    more = 3 * 1_152 if program == "sox" and name == "mp3" else 2
    assert abs(heard - spoken.seconds) * spoken.sample_rate <= more
