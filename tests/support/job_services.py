"""The services of herald.jobs with fake ports and a manual clock."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from hashlib import sha256
from itertools import count

from herald.errors import InvalidText, OutOfTime
from herald.jobs.completion import Completion, RetentionService
from herald.jobs.enrolment_work import EnrolmentWork
from herald.jobs.gpu_script import GpuResponse
from herald.jobs.gpu_work import GpuWork, Notice
from herald.jobs.job import GpuCall
from herald.jobs.job_messages import JobMessage
from herald.jobs.job_request import JobRequest
from herald.jobs.job_service import JobService, ServiceConfig
from herald.jobs.job_worker import HIDDEN_SECONDS, Worker
from herald.jobs.lexicon_service import LexiconService
from herald.jobs.ports import SpokenFile
from herald.jobs.recovery import DeadLetters, Sweeper
from herald.jobs.routing import Policy
from herald.speech.audio.formats import CONTAINERS
from herald.speech.memory import SOUND
from tests.support.custom_voice_fakes import MemoryCustomVoices
from tests.support.job_fakes import (
    MemoryAudioStore,
    MemoryEvents,
    MemoryJobTable,
    MemoryLexicons,
    MemoryQueues,
    _Fake,
    fallible,
)
from tests.support.voice_catalog import NAMES, VOICES

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
VISIBILITY = float(HIDDEN_SECONDS)
"""Seconds after the last heartbeat until SQS redelivers the message of a dead worker."""

UNSPEAKABLE, BROKEN, LONG, DEADLY = "Unspeakable.", "Broken.", "Long.", "Deadly."
"""Prefixes of texts that a worker cannot speak: invalid, causing an internal error, too long, and killing the
worker."""


class KilledWorker(BaseException):
    """The worker process died."""


class Time:
    """A manual clock. `off` is the clock skew of the current reader."""

    def __init__(self):
        self.now = NOON
        self.off = timedelta()

    def __call__(self):
        return self.now + self.off

    def move(self, seconds):
        self.now += timedelta(seconds=seconds)


def sound_of(script):
    """Return the fake audio of a script, the same for each processor."""
    return b"RIFF" + sha256(script.model_dump_json().encode()).digest() * 3


class MemorySpeaker(_Fake):
    """A speaker that returns immediately. `spoken` counts attempts by text; `voices` are the versions that it has."""

    def __init__(self):
        super().__init__()
        self.spoken = {}
        self.voices = VOICES

    @fallible
    def speak(self, script, *, time_left):
        text = script.lines[0].text
        self.spoken[text] = self.spoken.get(text, 0) + 1
        if text.startswith(UNSPEAKABLE):
            raise InvalidText("Character 3 is no text.", param="input")
        if text.startswith(BROKEN):
            raise RuntimeError(text)  # like a library that includes the text in its message
        if text.startswith(DEADLY):
            raise KilledWorker
        if text.startswith(LONG) or time_left() < 0:
            raise OutOfTime("The text takes too long to speak.")
        return SpokenFile(
            file=sound_of(script),
            seconds=1.5,
            sample_rate=22_050,
            media_type="audio/mpeg",
            processing_seconds=0.2,
            voices=self.voices,
        )


class MemoryEndpoint(_Fake):
    """An asynchronous endpoint controlled by the test. `invoked` are the submitted jobs."""

    def __init__(self):
        super().__init__()
        self.name = "herald-gpu"
        self.invoked = []
        self.own = []
        self.calls_made = []
        self.files = {}
        self.failures = {}

    @fallible
    def invoke(self, job, own):
        self.invoked.append(job)
        self.own.append(own)
        place = f"s3://audio/gpu/{{}}/{job.id}-{job.attempts}-{len(self.invoked)}"
        self.calls_made.append(
            GpuCall(output=place.format("output"), failure=place.format("failure"), endpoint=self.name)
        )
        return self.calls_made[-1]

    @fallible
    def response(self, call):
        return self.files.get(call.output)

    @fallible
    def failure(self, call):
        return self.failures.get(call.failure)

    def finish(self, at=-1, **changes):
        """Complete a call, with `changes` to its response; return its notice."""
        job, call = self.invoked[at], self.calls_made[at]
        self.files[call.output] = answer_to(job, **changes)
        return notice(job, call)

    def fail(self, at=-1, error=None):
        """Fail a call, with a failure file if `error` is given; return its notice."""
        job, call = self.invoked[at], self.calls_made[at]
        if error:
            self.failures[call.failure] = error
        return notice(job, None)


def answer_to(asked, /, **changes):
    file = sound_of(asked.script)
    usual = {
        "job": asked.id, "seconds": 2.5, "sample_rate": 24_000, "format": asked.response_format, "engine": "kokoro",
        "synthesis_seconds": 0.4, "size": len(file), "audio": file,
        "voice_checksums": {name: info.checksum for name, info in VOICES.items()},
        "voice_engines": {name: info.engine for name, info in VOICES.items()},
        "sound": SOUND, "containers": CONTAINERS,
    }  # fmt: skip
    return GpuResponse(**usual | changes).pack()


def notice(job, call):
    """Return a notice in the format of SageMaker: of success, or of failure if `call` is None."""
    where = {"inputLocation": f"s3://audio/gpu/input/{job.id}/{job.attempts}.json", "endpointName": "herald-gpu"}
    response = {"contentType": "application/octet-stream", "outputLocation": call.output} if call else {}
    status = "Completed" if call else "Failed"
    return Notice(job=job.id, status=status, request=where, response=response)


class Services:
    """All services that process jobs, with in-memory ports. `gpu` sets whether a GPU is deployed."""

    def __init__(self, *, gpu=True):
        self.time = Time()
        self.table = MemoryJobTable()
        self.audio = MemoryAudioStore(clock=self.time)
        self.queues = MemoryQueues()
        self.events = MemoryEvents()
        self.speaker = MemorySpeaker()
        self.endpoint = MemoryEndpoint()
        self.time_left = 300.0
        self.log = []
        self._names = count(1)
        table, audio, queues, clock = self.table, self.audio, self.queues, self.time
        self.retaining = RetentionService(table=table, audio=audio, clock=clock, retention=timedelta(days=90))
        self.completion = Completion(
            table=table,
            audio=audio,
            events=self.events,
            pricing=price,
            clock=clock,
            retention=self.retaining,
        )
        ports = {"table": table, "audio": audio, "queues": queues, "completion": self.completion, "clock": clock}
        policy = Policy(realtime_characters=200, longform_characters=5_000, gpu=gpu)
        retention = timedelta(days=90)
        config = ServiceConfig(
            names=NAMES, voices=VOICES, policy=policy, retention=retention, expected_price=lambda *_: Decimal(1)
        )
        self.lexicons = LexiconService(store=MemoryLexicons(), clock=clock)
        self.job_service = JobService(config=config, lexicons=self.lexicons, **ports)
        self.worker = Worker(speaker=self.speaker, gpu=gpu, **ports)
        self.custom_voices = MemoryCustomVoices()
        self.enrolments = EnrolmentWork(store=self.custom_voices, clock=clock)
        self.completion.enrolment_ended = self.enrolments.record_end
        self.gpu = GpuWork(endpoint=self.endpoint, enrolments=self.enrolments, **ports)
        self.sweeper = Sweeper(
            table=table, queues=queues, completion=self.completion, gpu=self.gpu if gpu else None, clock=clock
        )
        self.dead_letters = DeadLetters(table=table, completion=self.completion, clock=clock)
        for name in ("table", "audio", "queues", "events", "speaker", "endpoint"):
            getattr(self, name).faults.on_call = partial(self._called, name)
        self.on_call = lambda *_: None

    def _called(self, port, method, when):
        if when == "before":
            self.log.append(f"{port}.{method}")
        self.on_call(port, method, when)

    def submit(self, text="Hello there.", *, tenant="acme", key=None, unsure=bool, **fields):
        return self.job_service.submit(JobRequest(input=text, **fields), tenant=tenant, key=key, unsure=unsure)

    def dialogue(self, text="Hello there."):
        """Submit a job that requires the GPU."""
        lines = [{"input": text, "voice": "kokoro:jf_alpha"}, {"input": "Hi.", "voice": "kokoro:jm_kumo"}]
        return self.job_service.submit(JobRequest(dialogue=lines), tenant="acme")

    def work(self, job, *, fresh=True, name=None):
        return self.worker.work(
            message_of(job), name=name or self.name(), time_left=lambda: self.time_left, fresh=fresh
        )

    def hand_over(self, job, *, name=None):
        """Process a message of the GPU queue."""
        return self.gpu.submit(message_of(job), name=name or self.name())

    def fail_dead_letter(self, job):
        return self.dead_letters.fail_dead_letter(message_of(job))

    def sweep(self):
        return self.sweeper.sweep(lambda: 100.0)

    def name(self):
        return f"worker {next(self._names)}"

    def row(self, job):
        return self.table.rows[job.id]

    def sent(self, queue="standard"):
        """Return the job ids in a queue."""
        return [JobMessage.parse(body).job for body, _ in self.queues.sent[queue]]

    def events_of(self, job):
        """Return the published events of a job."""
        return [event for event in self.events.published if event.id == job.id]


def price(job, audio, seconds):
    return Decimal(str(seconds)) if audio else Decimal(0)


def message_of(job):
    return JobMessage(job=job.id, tenant=job.tenant)


def failed(services, text=f"{UNSPEAKABLE} x", **fields):
    """Return a failed job."""
    job = services.submit(text, **fields)
    services.work(job)
    return job
