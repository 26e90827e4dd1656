"""All lines are validated before synthesis; each is synthesized with its own voice."""

import io
import json

import numpy as np
import pytest
import soundfile

from gpu.device import Device
from gpu.dialogue import PAUSE, Dialogues
from gpu.models import Models
from gpu.objects import Objects
from gpu.store import Store
from herald.errors import HeraldError, OutOfTime
from herald.jobs.gpu_script import GpuLine, GpuRequest
from herald.speech.audio.formats import CONTAINERS
from herald.speech.memory import SOUND
from herald.speech.voices.catalog import CARD

RATES = {"low": 16_000, "high": 24_000}


class Tone:
    """A fake model with a tenth of a second of audio per character, in pieces of one character."""

    def __init__(self, sample_rate):
        self.sample_rate = sample_rate
        self.asked = []

    def speak(self, text, **settings):
        self.asked.append((text, settings))
        for _ in text:
            yield np.full(self.sample_rate // 10, 0.5, np.float32)


@pytest.fixture
def models(tmp_path):
    for name, rate in RATES.items():
        voice = {"id": name, "language": "en_US", "language_name": "English", "sample_rate": rate, "quality": "x"}
        voice |= {"licence": "CC0", "engine": "kokoro", "speakers": {"one": 0, "two": 1}}
        (tmp_path / name).mkdir()
        (tmp_path / name / CARD).write_text(json.dumps({"voice": voice}))
    return tmp_path


@pytest.fixture
def tones(monkeypatch):
    loaded = {name: Tone(rate) for name, rate in RATES.items()}
    monkeypatch.setattr("gpu.models.load", lambda _, folder, *__: loaded[folder.name])
    return loaded


@pytest.fixture
def dialogues(models, tones):
    store = Store([models], cache=models / "cache", fetch=None)
    return Dialogues(Models(store, Objects(local=False), device=Device(provider="cpu", threads=1), memory=10_000), None)


def speak(dialogues, *lines, time_left=lambda: 60.0, **settings):
    dialogue = tuple(GpuLine(text=text, voice=voice, language=language) for text, voice, language in lines)
    return dialogues.speak(GpuRequest(job="j", lines=dialogue, response_format="wav", **settings), time_left=time_left)


def test_every_line_has_its_voice_and_language(dialogues, tones):
    answer = speak(dialogues, ("abc", "low:one", "en"), ("de", "high:one(2)+two", None), speed=1.5)
    assert tones["low"].asked == [("abc", {"speaker": "one", "language": "en", "speed": 1.5})]
    assert tones["high"].asked == [("de", {"speaker": "one(2)+two", "language": None, "speed": 1.5})]
    assert set(answer.voice_checksums) == {"low", "high"}
    assert set(answer.voice_engines) == {"low", "high"}
    assert (answer.sound, answer.containers) == (SOUND, CONTAINERS)
    assert dialogues.loaded == ["low", "high"]


def test_the_file_has_the_highest_rate(dialogues):
    answer = speak(dialogues, ("abc", "low", None), ("de", "high", None))
    samples, rate = soundfile.read(io.BytesIO(answer.audio))
    assert rate == answer.sample_rate == 24_000
    assert len(samples) / rate == pytest.approx(0.5 + PAUSE, abs=0.01)
    silent = np.abs(samples) < 0.01
    assert silent.mean() == pytest.approx(PAUSE / (0.5 + PAUSE), abs=0.02), "only the pause between the lines"


def test_text_is_composed(dialogues, tones):
    speak(dialogues, ("e\u0301", "low", None))
    assert tones["low"].asked[0][0] == "é"


@pytest.mark.parametrize(
    ("line", "code", "param"),
    [
        (("", "low", None), "nothing_to_speak", "lines.1.text"),
        (("a\x00", "low", None), "invalid_text", "lines.1.text"),
        (("a", "nobody", None), "unknown_voice", "lines.1.voice"),
        (("a", "low:three", None), "unknown_speaker", "lines.1.voice"),
        (("a", "low:one(2)+three", None), "unknown_speaker", "lines.1.voice"),
        (("a", "low", "ja"), "unsupported_language", "lines.1.language"),
    ],
)
def test_an_invalid_line_is_rejected_before_synthesis(dialogues, tones, line, code, param):
    with pytest.raises(HeraldError) as refused:
        speak(dialogues, ("a", "low", None), line)
    assert (refused.value.code, refused.value.param) == (code, param)
    assert tones["low"].asked == []


def test_synthesis_stops_at_the_time_limit(dialogues):
    clock = iter([3, 2, 1, 0])
    with pytest.raises(OutOfTime):
        speak(dialogues, ("a" * 100, "low", None), time_left=lambda: next(clock))
    assert next(clock, None) is None, "it stops at the first piece after the limit"


def test_the_same_request_gives_the_same_file(dialogues):
    lines = ("abc", "low", None), ("de", "high", None)
    assert speak(dialogues, *lines).audio == speak(dialogues, *lines).audio
