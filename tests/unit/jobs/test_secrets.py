"""The customer's text appears only where it is needed. A marker is sent through every path."""

import traceback

import pytest

from herald.errors import HeraldError, Unavailable
from herald.jobs.job import JobError, State
from herald.jobs.job_worker import Postpone
from tests.support.job_services import BROKEN, LONG, UNSPEAKABLE, Services
from tests.support.sqs_model import Sqs

MARKER = "Sesame-opens-1f0c"


def check_no_marker(*values):
    for value in values:
        assert MARKER not in repr(value)
        assert MARKER not in str(value)


def run(services):
    """Run all services until nothing is left to do; return the errors."""
    sqs, errors = Sqs(services), []
    function = sqs._function

    def recorded(letter):
        try:
            return function(letter)
        except Exception as error:
            errors.append(error)
            raise

    sqs._function = recorded
    for _ in range(2_000):
        for letter in sqs.visible():
            check_no_marker(letter)
            sqs.deliver(letter)
        services.time.move(10)
    services.time.move(3_600)
    services.sweep()
    return errors


@pytest.mark.parametrize("kind", ["", UNSPEAKABLE, BROKEN, LONG], ids=["good", "bad", "broken", "long"])
@pytest.mark.parametrize("gpu", [True, False], ids=["with a gpu", "without one"])
def test_text_does_not_leak_on_cpu(kind, gpu):
    services = Services(gpu=gpu)
    job = services.submit(f"{kind} {MARKER}", metadata={"order": "7"})
    check_no_marker(*(body for sent in services.queues.sent.values() for body in sent))
    errors = run(services)
    if services.endpoint.invoked:
        services.gpu.notice(services.endpoint.finish())
    row = services.row(job)
    assert row.ended
    assert bool(errors) == (kind == BROKEN)
    check_no_marker(
        row.error,
        row.fault,
        *services.events.published,
        *(event.model_dump_json() for event in services.events_of(job)),
    )
    check_no_marker(*(error for error in errors if isinstance(error, HeraldError)))
    check_no_marker(row.model_dump_json(exclude={"script"}))
    assert (MARKER in row.model_dump_json()) == (row.state is State.FAILED)  # the job can be retried


@pytest.mark.parametrize("how", ["failure", "truncated", "unrelated", "interrupted"])
def test_text_does_not_leak_on_the_gpu(services, how):
    job = services.dialogue(MARKER)
    for _ in range(3):
        services.hand_over(job)
        match how:
            case "failure":
                services.gpu.notice(services.endpoint.fail())
            case "truncated":
                services.gpu.notice(services.endpoint.finish(size=7))
            case "unrelated":
                services.gpu.notice(services.endpoint.finish(job=f"job_{MARKER}"))
            case "interrupted":
                other = services.dialogue(f"Also {MARKER}")
                services.endpoint.faults.before("invoke", RuntimeError(MARKER))
                with pytest.raises(RuntimeError):
                    services.hand_over(other)
        check_no_marker(services.row(job).fault, services.row(job).error)
    for row in services.table.rows.values():
        check_no_marker(row.model_dump_json(exclude={"script"}))
    check_no_marker(*services.events.published)


@pytest.mark.parametrize("port", ["table", "audio", "queues", "events"])
def test_errors_do_not_contain_the_text(services, port):
    job = services.submit(f"{UNSPEAKABLE} {MARKER}")

    def on_call(called, _, when):
        if called == port and when == "after":
            raise Unavailable("Not now.")

    services.on_call = on_call
    for act in (services.work, services.fail_dead_letter, lambda _: services.sweep()):
        try:
            outcome = act(job)
        except Unavailable as error:
            frames = "".join(traceback.format_exception(error))
            assert MARKER not in frames
        else:
            assert outcome is None or isinstance(outcome, (Postpone, dict))


def test_rejected_requests_do_not_leak_the_text(services):
    services.submit("One.", key="k")
    for fields in ({"key": "k"}, {"voice": MARKER}, {"voice": f"alloy:{MARKER}"}, {"response_format": MARKER}):
        with pytest.raises(HeraldError) as caught:
            services.submit(f"Two {MARKER}.", **fields)
        check_no_marker(caught.value, caught.value.message)


def test_failure_of_the_container_is_published_unchanged():
    """The message is written by our server in the container (gpu/), which is tested not to repeat the text."""
    error = JobError(code="unknown_speaker", message="There is no such speaker.")
    services = Services()
    job = services.dialogue(MARKER)
    services.hand_over(job)
    services.gpu.notice(services.endpoint.fail(error=error))
    assert services.events_of(job)[0].error == error
