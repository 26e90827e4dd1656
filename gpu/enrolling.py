"""Enrol a voice: check the recordings of a person, then create the voice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock

import numpy as np
import soxr

from gpu.engines import CloningModel
from gpu.log import log
from gpu.matching import Matcher
from gpu.model_cache import TimeLeft
from gpu.models import Models
from gpu.objects import Objects
from herald.clock import utc_now
from herald.enrolment.checking import LARGEST, SAMPLE, Checks
from herald.enrolment.consent_sentence import ConsentSentence
from herald.enrolment.enrolment_messages import EnrolmentRequest, EnrolmentResult, Verdict
from herald.errors import EngineNotInstalled, HeraldError
from herald.jobs.custom_voices import MODELS
from herald.speech.model import Floats
from herald.speech.recordings.recognizers import SpeakerVectors, WhisperListener
from herald.speech.recordings.recording import RATE, read_recording

_MISSING = (
    "In the GPU container: build the image with EXTRAS=requirements/gpu-enrolment.txt, or run 'make enrolment' on a "
    "developer's machine."
)
_COMPARED_SECONDS = 30
"""Seconds of the response that are compared with the sample."""


@dataclass
class Enrolled:
    """A checked enrolment, with its voice unless it was refused, and a copy of the audio in this voice."""

    verdict: Verdict
    speak_as: str | None = None
    target: Floats | None = None
    """Speaker vector of the sample."""
    vector: Callable[[Floats], Floats] | None = None
    """Returns the speaker vector of samples at RATE."""
    _recorded: list[Floats] = field(default_factory=list)
    """Audio in this voice, at RATE."""

    @property
    def speaker(self) -> str | None:
        """The speaker to pass to the model of the voice."""
        return self.speak_as.partition(":")[2] if self.speak_as else None

    def record(self, pieces: Iterator[Floats], rate: int) -> Iterator[Floats]:
        """Yield pieces of audio in this voice, and copy the first ones for the comparison with the sample."""
        for samples in pieces:
            if sum(map(len, self._recorded)) < _COMPARED_SECONDS * RATE:
                self._recorded.append(soxr.resample(samples, rate, RATE))
            yield samples

    def result(self) -> EnrolmentResult:
        """Return the enrolment's part of the response."""
        likeness = None
        if self._recorded and self.vector and self.target is not None:
            likeness = round(float(self.target @ self.vector(np.concatenate(self._recorded))), 3)
        return EnrolmentResult(verdict=self.verdict, speak_as=self.speak_as, likeness=likeness)


class CheckModels:
    """The models that check recordings, loaded by the first enrolment. Thread-safe."""

    def __init__(self, load: Callable[[], tuple[Checks, SpeakerVectors]]) -> None:
        self._load = load
        self._loaded: tuple[Checks, SpeakerVectors] | None = None
        self._loading = Lock()

    @classmethod
    def of(cls, whisper: Path | None) -> "CheckModels":
        """Load Whisper from a folder or, for English, from its package, and the speaker encoder from its package."""

        def load() -> tuple[Checks, SpeakerVectors]:
            speakers = SpeakerVectors.load()
            return Checks(WhisperListener(whisper), speakers), speakers

        return cls(load)

    def get(self) -> tuple[Checks, SpeakerVectors]:
        """Return the checks and the speaker encoder; raise HeraldError if a package or model is missing."""
        with self._loading:
            if self._loaded is None:
                try:
                    self._loaded = self._load()
                except HeraldError as error:
                    raise HeraldError(f"{error.message} {_MISSING}", code=error.code) from None
            return self._loaded


class Enroller:
    """Enrols voices with the models of the container."""

    def __init__(self, models: Models, objects: Objects, checks: CheckModels, matcher: Matcher) -> None:
        self._models = models
        self._objects = objects
        self._checks = checks
        self._matcher = matcher

    def enrol(self, job: str, request: EnrolmentRequest, time_left: TimeLeft) -> Enrolled:
        """Check both recordings, and create the voice if they are accepted.

        Raise InvalidInput if the request is invalid, or if the container lacks what enrolments need.
        """
        info = self._models.find(MODELS[request.method])
        sentences = [ConsentSentence(sentence.language, sentence.words) for sentence in request.sentences]
        consent, sample = (
            self._objects.read(address, most=LARGEST + 1) for address in (request.consent, request.sample)
        )
        try:
            checks, speakers = self._checks.get()
            verdict = checks.verdict(sentences, consent, sample, at=utc_now())
        except HeraldError as error:
            # An input error, not a server error, so that it is not retried: every attempt in this container would fail.
            raise EngineNotInstalled(error.message, code=error.code, param="enrolment") from None
        refusals = [refusal.code for refusal in verdict.refusals]
        log("checked", job, voice=request.voice, state=verdict.state, refusals=refusals)
        if refusals:
            return Enrolled(verdict)
        samples = read_recording(sample, longest=SAMPLE.longest).samples
        with self._models.borrow(info, time_left) as model:
            if isinstance(model, CloningModel):
                self._objects.write(request.state, model.clone(soxr.resample(samples, RATE, model.sample_rate)))
                speaker = request.state
            else:
                speaker = self._matcher.match(
                    samples,
                    language=verdict.language,
                    info=info,
                    model=model,
                    vector=speakers.vector,
                    report=partial(log, "matching", job, voice=request.voice),
                    time_left=time_left,
                )
        return Enrolled(verdict, f"{info.id}:{speaker}", speakers.vector(samples), speakers.vector)
