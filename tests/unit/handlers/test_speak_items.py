"""The function that speaks items counts what it asks of the bucket's memory of sentences."""

from types import SimpleNamespace

from herald.handlers.speak_items import RememberingSpeaker
from herald.jobs.batches.prices import NO_TRAFFIC, Traffic
from herald.jobs.script import Line, Script
from herald.speech.audio.formats import FORMATS
from herald.speech.memory import Sentences

SCRIPT = Script(lines=(Line(text="Hello Ann.", voice="joe"),), response_format="mp3", sample_rate=22_050)


class Bucket(dict):
    """A bucket's memory."""

    put = dict.__setitem__


class OneSentence:
    """An engine that takes a whole text for a sentence."""

    def speak(self, text, *, memory, **_):
        known = memory.get(text)
        if known is None:
            memory.put(text, b"12345")
        sentences = Sentences(spoken=int(known is None), reused=int(known is not None))
        return SimpleNamespace(file=b"a", seconds=1.0, sample_rate=22_050, format=FORMATS["mp3"], sentences=sentences)


def speak(speaker, tenant):
    return speaker.speak(SCRIPT, tenant=tenant, time_left=lambda: 1.0).traffic


def test_only_what_this_process_does_not_know_is_asked_of_the_bucket():
    bucket = {"acme": Bucket(), "other": Bucket()}
    first, second = (RememberingSpeaker(OneSentence(), bucket.__getitem__) for _ in range(2))
    assert speak(first, "acme") == Traffic(read=1, written=1, bytes=5)
    assert speak(first, "acme") == NO_TRAFFIC
    assert speak(first, "other") == Traffic(read=1, written=1, bytes=5)
    # Another process finds in the bucket what the first one has written.
    assert speak(second, "acme") == Traffic(read=1)
    assert speak(second, "acme") == NO_TRAFFIC
