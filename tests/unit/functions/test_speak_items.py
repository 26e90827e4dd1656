"""speak_items counts its reads and writes of the sentence cache in the bucket."""

from dataclasses import replace

from herald.batches.batch_ports import NO_TRAFFIC, SpokenPack, Traffic
from herald.batches.item_price import ItemPrices
from herald.batches.items import Item
from herald.batches.shared_sentences import pack_key
from herald.errors import InvalidText
from herald.jobs.job_price import PriceList
from herald.jobs.script import Line, Script, audio_key
from herald.runtime.caching_speaker import CachingSpeaker, packed_entries, unpacked_entries
from herald.runtime.script_speaker import ScriptSpeaker
from herald.speech.audio.formats import FORMATS
from herald.speech.engine import Spoken
from herald.speech.memory import Sentences
from tests.support.voice_catalog import voice

SCRIPT = Script(lines=(Line(text="Hello Ann.", voice="joe"),), response_format="mp3", sample_rate=22_050)
JOE = voice("joe", "en_US")


class Bucket(dict):
    """A fake sentence cache in a bucket."""

    put = dict.__setitem__


class OneSentence:
    """A fake engine that treats each text as one sentence."""

    def __init__(self, joe):
        self._joe = joe

    def speak(self, text, *, memory, **_):
        known = memory.get(text)
        if known is None:
            memory.put(text, b"12345")
        sentences = Sentences(spoken=int(known is None), reused=int(known is not None))
        return Spoken(
            file=b"a",
            seconds=1.0,
            sample_rate=22_050,
            format=FORMATS["mp3"],
            sentences=sentences,
            voices={"joe": self._joe},
        )


def speaker_with(bucket, *, costly=True, joe=JOE):
    speaker = ScriptSpeaker(OneSentence(joe), {}.__getitem__)
    return CachingSpeaker(speaker, bucket.__getitem__, is_costly=lambda _: costly)


def speak(speaker, tenant):
    return speaker.speak(SCRIPT, tenant=tenant, time_left=lambda: 1.0).traffic


def test_bucket_is_used_only_for_sentences_not_cached_in_memory():
    bucket = {"acme": Bucket(), "other": Bucket()}
    first, second = (speaker_with(bucket) for _ in range(2))
    assert speak(first, "acme") == Traffic(read=1, written=1, bytes=5)
    assert speak(first, "acme") == NO_TRAFFIC
    assert speak(first, "other") == Traffic(read=1, written=1, bytes=5)
    # Another process finds the sentence of the first one in the bucket.
    assert speak(second, "acme") == Traffic(read=1)
    assert speak(second, "acme") == NO_TRAFFIC


def test_a_sentence_that_costs_less_than_its_storage_is_not_stored():
    bucket = {"acme": Bucket()}
    speaker = speaker_with(bucket, costly=False)
    assert speak(speaker, "acme") == NO_TRAFFIC
    assert bucket["acme"] == {}


def test_only_the_default_voice_is_cheaper_than_its_storage():
    prices = ItemPrices(prices=PriceList(engine_of=lambda voice: voice))
    assert [prices.is_costly(engine) for engine in ("spectral", "piper", "kokoro")] == [False, True, True]


def sentence(text):
    """Return a sentence as it is planned for the tenant acme."""
    item = Item(
        line=1, id="", text=text, voice="joe", speaker=None, response_format="mp3", sample_rate=22_050, speed=1.0,
        route="queue", audio_key="", characters=len(text),
    )  # fmt: skip
    return item.model_copy(update={"audio_key": audio_key(item.script, "acme", {"joe": JOE})})


def planned(*texts):
    return pack_key([sentence(text) for text in texts])


def pack(speaker, *texts):
    sentences = [sentence(text) for text in texts]
    return speaker.speak_pack(pack_key(sentences), sentences, tenant="acme", time_left=lambda: 1.0)


def test_a_pack_is_spoken_once_and_known_to_those_that_learn_it():
    bucket = {"acme": Bucket(), "other": Bucket()}
    first, second, third = (speaker_with(bucket, costly=False) for _ in range(3))
    keys = ["a" * 64, "b" * 64]  # the fake engine caches under the text
    made = pack(first, *keys)
    assert (made.spoken, made.traffic.read, made.traffic.written) == (2, 1, 1)
    assert [*bucket["acme"]] == [made.key] == [planned(*keys)]
    assert pack(first, *keys).traffic == NO_TRAFFIC
    assert pack(second, *keys) == SpokenPack(key=made.key, spoken=0, traffic=Traffic(read=1))
    for speaker, reads in ((second, 0), (third, 2)):  # one of a pack that does not exist
        assert speaker.learn([made.key, "pack-2"][: 1 + reads // 2], tenant="acme") == Traffic(read=reads)
        script = SCRIPT.model_copy(update={"lines": (Line(text=keys[1], voice="joe"),)})
        assert speaker.speak(script, tenant="acme", time_left=lambda: 1.0).reused == 1
    assert third.learn([made.key], tenant="other") == Traffic(read=1)


def test_a_pack_of_another_version_of_the_voice_has_another_key():
    bucket = {"acme": Bucket()}
    text = "a" * 64
    other = speaker_with(bucket, costly=False, joe=replace(JOE, checksum="0ther"))
    made = pack(other, text)
    assert made.key != planned(text)
    assert [*bucket["acme"]] == [made.key]
    # A function with the planned version does not find it, and speaks its own.
    assert pack(speaker_with(bucket, costly=False), text) == SpokenPack(
        key=planned(text), spoken=1, traffic=Traffic(read=1, written=1, bytes=73)
    )


def test_a_sentence_that_cannot_be_spoken_does_not_change_the_key_of_its_pack(monkeypatch):
    bucket = {"acme": Bucket()}
    speaker = speaker_with(bucket, costly=False)
    speak = OneSentence.speak

    def refuse(self, text, **options):
        if text == "b" * 64:
            raise InvalidText("It has no sound.", param="input")
        return speak(self, text, **options)

    monkeypatch.setattr(OneSentence, "speak", refuse)
    assert pack(speaker, "a" * 64, "b" * 64).key == planned("a" * 64, "b" * 64)


def test_a_pack_is_complete_although_the_process_knows_a_sentence_of_it():
    bucket = {"acme": Bucket()}
    first, second = (speaker_with(bucket, costly=False) for _ in range(2))
    known, new = "a" * 64, "b" * 64
    pack(first, known)
    made = pack(first, known, new)
    assert made.spoken == 1
    second.learn([made.key], tenant="acme")
    assert {name for name, _ in unpacked_entries(bucket["acme"][made.key])} == {known, new}


def test_a_damaged_pack_is_read_as_far_as_it_goes():
    entries = {"a" * 64: b"1", "b" * 64: b"22"}
    body = packed_entries(entries)
    assert dict(unpacked_entries(body)) == entries
    for end in range(len(body)):
        assert all(value in {b"1", b"22", b"2", b""} for _, value in unpacked_entries(body[:end]))
    assert unpacked_entries(b"") == []
