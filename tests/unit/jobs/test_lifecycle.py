"""A state machine over all services, with everything that can go wrong.

SQS repeats messages, workers die or stall, clocks disagree, calls fail, and the endpoint responds at any time.
"""

from collections import Counter
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from herald.errors import Conflict, Unavailable
from herald.jobs.completion import MAX_ATTEMPTS
from herald.jobs.job import MOVES, JobError, State
from tests.support.disturbances import COURSES, RECEIPTS, TEXTS, WISHES
from tests.support.job_services import KilledWorker, Services, sound_of
from tests.support.sqs_model import Sqs

CODES = {"too_many_attempts", "invalid_text", "unknown_speaker", "gpu_failed", "gpu_silent", "broken_answer"}


class Lifecycle(RuleBasedStateMachine):
    """Every action may be interrupted at any of its calls by an error, a death, or another complete action."""

    def __init__(self):
        super().__init__()
        self.services = Services()
        self.sqs = Sqs(self.services)
        self.jobs = []
        self.states = {}
        self.sounds = {}
        self.notices = []
        self.republished = 0
        """How often a failure happened between the publication of an event and its record in the row."""
        self.plan = {}
        self.throttle = None
        self.depth = 0
        self.called = 0
        self.services.on_call = self.on_call
        write = self.services.table._write

        def recorded(job):
            self.record(job)
            return write(job)

        self.services.table._write = recorded

    def record(self, job):
        if job.script:
            self.sounds[job.audio_key] = sound_of(job.script)
        states = self.states.setdefault(job.id, [])
        if not states:
            assert job.state in {State.ACCEPTED, State.DONE}  # done: its file existed before
        elif job.published or job.state is not states[-1]:
            assert job.state is states[-1] or job.state in MOVES[states[-1]]
        states.append(job.state)

    def on_call(self, _, method, when):
        publishing = (method, when) in {("publish", "after"), ("mark_published", "before")}
        if self.throttle and when == "before" and self.throttle.random() < 0.3:
            self.republished += publishing
            raise Unavailable("Not now.")
        if self.depth != 1:
            return
        self.called += 1
        match self.plan.pop(self.called, None):
            case None:
                return
            case "kill":
                self.republished += publishing
                raise KilledWorker
            case "unavailable":
                self.republished += publishing
                raise Unavailable("Not now.")
            case other:
                off, self.services.time.off = self.services.time.off, timedelta()
                self.act(lambda: self.another(other))
                self.services.time.off = off

    def act(self, action):
        self.depth += 1
        try:
            return action()
        except (KilledWorker, Unavailable, Conflict):
            return None
        finally:
            self.depth -= 1

    def another(self, kind):
        letters = self.sqs.visible()
        match kind:
            case "deliver" if letters:
                self.sqs.deliver(letters[0])
            case "lapse":  # the current action stalls until its lease expires, and another worker receives its message
                self.services.time.move(2_000)
                for letter in self.sqs.visible()[:1]:
                    self.sqs.deliver(letter)
            case "sweep":
                # Two processes that publish the same end concurrently both succeed: delivery is at least once.
                self.republished += sum(job.ended and not job.published for job in self.services.table.rows.values())
                self.services.sweep()
            case "cancel" if self.jobs:
                self.services.job_service.cancel(self.jobs[-1].id, tenant="acme")
            case "answer" if self.services.endpoint.invoked:
                self.services.gpu.notice(self.services.endpoint.finish())
            case "notice" if self.notices:
                self.services.gpu.notice(self.notices[-1])

    def do(self, action, course):
        self.services.time.off = course.skew
        self.plan, self.called = dict(course.plan), 0
        self.throttle = None if course.throttle is None else Random(course.throttle)  # noqa: S311
        try:
            return self.act(action)
        finally:
            self.plan, self.throttle = {}, None
            self.services.time.off = timedelta()

    @rule(text=st.sampled_from(TEXTS), key=st.sampled_from([None, None, "a", "b"]), wishes=WISHES, course=COURSES)
    def submit(self, text, key, wishes, course):
        job = self.do(lambda: self.services.submit(text, key=key, **wishes), course)
        if job:
            self.jobs.append(job)

    @rule(at=st.integers(0, 30), receipt=RECEIPTS, course=COURSES)
    def deliver(self, at, receipt, course):
        letters = self.sqs.visible()
        if letters:
            letter = letters[at % len(letters)]
            letter.fresh, self.services.time_left = receipt["fresh"], receipt["time_left"]
            self.do(lambda: self.sqs.deliver(letter, lose_the_answer=receipt["redelivered"]), course)

    @rule(seconds=st.sampled_from([0.5, 5, 40, 200, 2_000, 20_000]))
    def wait(self, seconds):
        self.services.time.move(seconds)

    @rule(course=COURSES)
    def sweep(self, course):
        self.do(self.services.sweep, course)

    @rule(at=st.integers(0, 30), course=COURSES)
    def cancel(self, at, course):
        if self.jobs:
            job = self.jobs[at % len(self.jobs)]
            self.do(lambda: self.services.job_service.cancel(job.id, tenant="acme"), course)

    @rule(at=st.integers(0, 30), course=COURSES)
    def retry(self, at, course):
        if self.jobs:
            job = self.jobs[at % len(self.jobs)]
            retried = self.do(lambda: self.services.job_service.retry(job.id, tenant="acme"), course)
            if retried:
                self.jobs.append(retried)

    @rule(
        at=st.integers(0, 30),
        how=st.sampled_from(["success", "failure", "permanent failure", "truncated", "unrelated", "silent"]),
    )
    def answer(self, at, how):
        """End a call of the endpoint, with or without a notice."""
        endpoint = self.services.endpoint
        if not endpoint.invoked:
            return
        at %= len(endpoint.invoked)
        match how:
            case "failure":
                notice = endpoint.fail(at)
            case "permanent failure":
                notice = endpoint.fail(at, JobError(code="unknown_speaker", message="There is no such speaker."))
            case "truncated":
                notice = endpoint.finish(at, size=7)
            case "unrelated":
                notice = endpoint.finish(at, job="job_of_another")
            case _:
                notice = endpoint.finish(at)
        if how != "silent":
            self.notices.append(notice)

    @rule(at=st.integers(0, 30), course=COURSES)
    def notice(self, at, course):
        """Repeat any earlier notice, in any order."""
        if self.notices:
            notice = self.notices[at % len(self.notices)]
            self.do(lambda: self.services.gpu.notice(notice), course)

    @invariant()
    def final_states_are_permanent(self):
        for job in self.services.table.rows.values():
            # Two workers that have already read the row may each begin another attempt.
            assert job.attempts <= MAX_ATTEMPTS + 2
            if job.state in {State.DONE, State.CANCELLED}:
                assert job.script is None

    def teardown(self):
        self.settle()
        rows, files = self.services.table.rows, self.services.audio.files
        assert {job.id for job in self.jobs} <= rows.keys()
        for job in rows.values():
            self.check_end(job)
        published = Counter(event.id for event in self.services.events.published)
        assert published.keys() == rows.keys()
        assert published.total() <= len(rows) + self.republished
        assert all(published[job_id] == 1 for job_id in published) or self.republished
        # Two concurrent jobs may both store the audio of a text, one in audio/ and one in kept/. Otherwise, the second
        # file is a copy of the first.
        contents = {key.partition("/")[2].replace(".shared.", ".") for key in files}
        assert len(contents) <= self.services.audio.puts <= len(self.services.audio.written)

    def settle(self):
        """Let time pass without failures until nothing is left to do."""
        services = self.services
        services.time_left = 300.0
        for _ in range(1_000):
            for letter in self.sqs.visible():
                letter.fresh = True
                self.sqs.deliver(letter)
            for at in range(len(services.endpoint.invoked)):
                services.endpoint.finish(at)
            services.sweep()
            if not self.sqs.letters and not services.table.looks:
                return
            services.time.move(300)
        raise AssertionError("Jobs did not end.")

    def check_end(self, job):
        assert job.ended
        assert job.published
        assert job.worker is job.lease_until is job.gpu is None
        assert job.waited >= 0
        assert job.ended_at >= job.created_at
        assert job.begun_at is None or job.ended_at >= job.begun_at
        if job.state is State.DONE:
            assert self.services.audio.files[job.audio.key] == self.sounds[job.audio_key]
            assert len(self.sounds[job.audio_key]) == job.audio.bytes
            assert job.price is not None
            assert job.retention != "keep" or job.audio.key.startswith("kept/")
        elif job.state is State.FAILED:
            assert job.error.code in CODES
            assert job.audio is None


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(
    max_examples=220, stateful_step_count=50, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
