"""A request that enrols: both recordings are checked, then the voice is made and speaks the lines."""

import json

import numpy as np
import pytest

from gpu.device import Device
from gpu.dialogue import Dialogues
from gpu.enrolling import CheckModels, Enroller
from gpu.models import Models
from gpu.objects import Objects
from gpu.store import Store
from herald.enrolment.checking import LARGEST, Checks
from herald.enrolment.enrolment_messages import ENROLLED, EnrolmentRequest, IssuedSentence
from herald.errors import HeraldError
from herald.jobs.gpu_script import GpuLine, GpuRequest, GpuResponse
from herald.speech.voices.catalog import CARD
from tests.gpu.test_dialogue import Tone
from tests.support import enrolment_fakes as fakes

RATE = 24_000
VOICE = "voice_" + "0f" * 16
MIX = "one(2)+two(1)"
TOWARDS = np.eye(1, 256, dtype=np.float32)[0]


class FoundMix:
    """A matcher that finds MIX, and records what it was asked."""

    def __init__(self):
        self.asked = []

    def match(self, samples, **asked):
        assert len(samples) == 12 * 16_000
        self.asked.append((asked["language"], asked["info"].id, asked["model"].sample_rate))
        asked["report"](step=1, of=1)
        return MIX


class OneVector:
    """A speaker encoder for which all speakers are the same."""

    def vector(self, samples):
        assert len(samples) > 0
        return TOWARDS


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Return a function that makes dialogues with checks that find what `models` say, the matcher and the model."""
    voice = {"id": "kokoro", "language": "en_US", "language_name": "English", "sample_rate": RATE, "quality": "x"}
    voice |= {"licence": "CC0", "engine": "kokoro", "speakers": {"one": 0, "two": 1}}
    (tmp_path / "kokoro").mkdir()
    (tmp_path / "kokoro" / CARD).write_text(json.dumps({"voice": voice}))
    tone, matcher = Tone(RATE), FoundMix()
    monkeypatch.setattr("gpu.models.load", lambda *_: tone)

    def make(models=None, *, local=True, load=None):
        store = Store([tmp_path], cache=tmp_path / "cache", fetch=None)
        objects = Objects(local=local)
        lent = Models(store, objects, device=Device(provider="cpu", threads=1), memory=10_000)
        found = models or fakes.Models()
        checks = CheckModels(load or (lambda: (Checks(found, found), OneVector())))
        return Dialogues(lent, Enroller(lent, objects, checks, matcher)), matcher, tone

    return make


@pytest.fixture
def request_of(tmp_path):
    (tmp_path / "consent.wav").write_bytes(fakes.CONSENT)
    (tmp_path / "sample.wav").write_bytes(fakes.SAMPLE)

    def make(*lines, **changes):
        settings = {
            "voice": VOICE,
            "method": "matched",
            "sentences": (IssuedSentence(language="en", words=fakes.SENTENCE.words),),
            "consent": str(tmp_path / "consent.wav"),
            "sample": str(tmp_path / "sample.wav"),
            "state": str(tmp_path / "state"),
        }
        spoken = tuple(GpuLine(text=text, voice=voice) for text, voice in lines or [("abc", ENROLLED)])
        enrolment = EnrolmentRequest(**settings | changes)
        return GpuRequest(job="j", lines=spoken, response_format="wav", enrolment=enrolment)

    return make


def speak(dialogues, request):
    return dialogues.speak(request, time_left=lambda: 60.0)


def test_a_voice_is_made_and_speaks(made, request_of):
    dialogues, matcher, tone = made()
    answer = speak(dialogues, request_of(("abc", ENROLLED), ("de", "kokoro:one")))
    assert answer.enrolment.verdict.state == "ready"
    assert answer.enrolment.speak_as == f"kokoro:{MIX}"
    assert answer.enrolment.likeness == 1
    assert matcher.asked == [("en", "kokoro", RATE)]
    assert [(text, settings["speaker"]) for text, settings in tone.asked] == [("abc", MIX), ("de", "one")]
    assert answer.seconds == pytest.approx(0.9)
    assert GpuResponse.unpack(answer.pack()) == answer


def test_a_refused_voice_has_no_audio(made, request_of):
    dialogues, matcher, tone = made(fakes.Models(transcript=fakes.OLD.text))
    answer = speak(dialogues, request_of())
    assert [refusal.code for refusal in answer.enrolment.verdict.refusals] == ["wrong_words"]
    assert (answer.enrolment.speak_as, answer.audio, answer.seconds) == (None, b"", 0)
    assert (matcher.asked, tone.asked) == ([], [])
    assert GpuResponse.unpack(answer.pack()) == answer


def test_any_issued_sentence_is_accepted(made, request_of):
    dialogues, _, _ = made(fakes.Models(transcript=fakes.OLD.text))
    issued = [IssuedSentence(language="en", words=one.words) for one in (fakes.SENTENCE, fakes.OLD)]
    assert speak(dialogues, request_of(sentences=tuple(issued))).enrolment.verdict.sentence == fakes.OLD.text


def test_a_file_that_is_too_large_is_refused(made, request_of, tmp_path):
    (tmp_path / "large").write_bytes(bytes(LARGEST + 1))
    answer = speak(made()[0], request_of(sample=str(tmp_path / "large")))
    assert [refusal.code for refusal in answer.enrolment.verdict.refusals] == ["recording_too_large"]


@pytest.mark.parametrize(
    ("local", "changes", "code"),
    [
        (True, {"sample": "missing.wav"}, "object_missing"),
        (True, {"sample": "/"}, "voice_not_fetched"),
        (False, {}, "invalid_request"),
        (False, {"consent": "s3://bucket"}, "invalid_request"),
        (False, {"consent": "https://example.com/a"}, "invalid_request"),
    ],
)
def test_what_cannot_be_fetched_has_a_code(made, request_of, local, changes, code):
    dialogues, matcher, _ = made(local=local)
    with pytest.raises(HeraldError) as failed:
        speak(dialogues, request_of(**changes))
    assert failed.value.code == code
    assert matcher.asked == []


def test_missing_checks_are_an_error_that_says_how_to_install_them(made, request_of):
    def load():
        raise HeraldError("A package is missing.", code="checks_missing")

    with pytest.raises(HeraldError, match="make enrolment") as failed:
        speak(made(load=load)[0], request_of())
    assert failed.value.code == "checks_missing"


def test_a_wrong_line_is_rejected_before_the_checks(made, request_of):
    def load():
        pytest.fail("the checks were loaded")

    with pytest.raises(HeraldError) as failed:
        speak(made(load=load)[0], request_of(("abc", ENROLLED), ("a", "nobody")))
    assert (failed.value.code, failed.value.param) == ("unknown_voice", "lines.1.voice")


def test_the_voice_exists_only_in_a_request_that_enrols(made):
    with pytest.raises(HeraldError) as failed:
        speak(made()[0], GpuRequest(job="j", lines=(GpuLine(text="a", voice=ENROLLED),)))
    assert failed.value.code == "unknown_voice"
