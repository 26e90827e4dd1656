"""speak_items counts its reads and writes of the sentence cache in the bucket."""

from types import SimpleNamespace

from herald.batches.item_price import NO_TRAFFIC, Traffic
from herald.functions.speak_items import CachingSpeaker
from herald.jobs.script import Line, Script
from herald.runtime.script_speaker import ScriptSpeaker
from herald.speech.audio.formats import FORMATS
from herald.speech.memory import Sentences

SCRIPT = Script(lines=(Line(text="Hello Ann.", voice="joe"),), response_format="mp3", sample_rate=22_050)


class Bucket(dict):
    """A fake sentence cache in a bucket."""

    put = dict.__setitem__


class OneSentence:
    """A fake engine that treats each text as one sentence."""

    def speak(self, text, *, memory, **_):
        known = memory.get(text)
        if known is None:
            memory.put(text, b"12345")
        sentences = Sentences(spoken=int(known is None), reused=int(known is not None))
        return SimpleNamespace(file=b"a", seconds=1.0, sample_rate=22_050, format=FORMATS["mp3"], sentences=sentences)


def speak(speaker, tenant):
    return speaker.speak(SCRIPT, tenant=tenant, time_left=lambda: 1.0).traffic


def test_bucket_is_used_only_for_sentences_not_cached_in_memory():
    bucket = {"acme": Bucket(), "other": Bucket()}
    first, second = (CachingSpeaker(ScriptSpeaker(OneSentence(), {}.__getitem__), bucket.__getitem__) for _ in range(2))
    assert speak(first, "acme") == Traffic(read=1, written=1, bytes=5)
    assert speak(first, "acme") == NO_TRAFFIC
    assert speak(first, "other") == Traffic(read=1, written=1, bytes=5)
    # Another process finds the sentence of the first one in the bucket.
    assert speak(second, "acme") == Traffic(read=1)
    assert speak(second, "acme") == NO_TRAFFIC
