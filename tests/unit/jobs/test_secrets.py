"""What the customer wrote appears nowhere but where it is needed: a marker goes through every path."""

import traceback

import pytest

from herald.errors import HeraldError, Unavailable
from herald.jobs.job import JobError
from herald.jobs.states import State
from herald.jobs.work import Later
from tests.unit.jobs.services import BROKEN, LONG, UNSPEAKABLE, Services
from tests.unit.jobs.sqs import Sqs

MARKER = "Sesame-opens-1f0c"


def check_silent(*things):
    for thing in things:
        assert MARKER not in repr(thing)
        assert MARKER not in str(thing)


def run(services):
    """Let everything run until it stands still; return what went wrong on the way."""
    sqs, errors = Sqs(services), []
    function = sqs._function

    def heard(letter):
        try:
            return function(letter)
        except Exception as error:
            errors.append(error)
            raise

    sqs._function = heard
    for _ in range(2_000):
        for letter in sqs.visible():
            check_silent(letter)
            sqs.deliver(letter)
        services.time.move(10)
    services.time.move(3_600)
    services.sweep()
    return errors


@pytest.mark.parametrize("kind", ["", UNSPEAKABLE, BROKEN, LONG], ids=["good", "bad", "broken", "long"])
@pytest.mark.parametrize("gpu", [True, False], ids=["with a gpu", "without one"])
def test_whatever_becomes_of_a_text(kind, gpu):
    services = Services(gpu=gpu)
    job = services.submit(f"{kind} {MARKER}", metadata={"order": "7"})
    check_silent(*(body for sent in services.queues.sent.values() for body in sent))
    errors = run(services)
    if services.endpoint.invoked:
        services.gpu.notice(services.endpoint.finish())
    row = services.row(job)
    assert row.ended
    assert bool(errors) == (kind == BROKEN)
    check_silent(
        row.error, row.fault, *services.events.published, *(event.model_dump_json() for event in services.told(job))
    )
    check_silent(*(error for error in errors if isinstance(error, HeraldError)))
    check_silent(row.model_dump_json(exclude={"script"}))
    assert (MARKER in row.model_dump_json()) == (row.state is State.FAILED)  # it may be tried again


@pytest.mark.parametrize("how", ["fail", "torn", "foreign", "broken off"])
def test_whatever_becomes_of_a_text_on_the_gpu(services, how):
    job = services.dialogue(MARKER)
    for _ in range(3):
        services.hand_over(job)
        match how:
            case "fail":
                services.gpu.notice(services.endpoint.fail())
            case "torn":
                services.gpu.notice(services.endpoint.finish(size=7))
            case "foreign":
                services.gpu.notice(services.endpoint.finish(job=f"job_{MARKER}"))
            case "broken off":
                other = services.dialogue(f"Also {MARKER}")
                services.endpoint.faults.before("invoke", RuntimeError(MARKER))
                with pytest.raises(RuntimeError):
                    services.hand_over(other)
        check_silent(services.row(job).fault, services.row(job).error)
    for row in services.table.rows.values():
        check_silent(row.model_dump_json(exclude={"script"}))
    check_silent(*services.events.published)


@pytest.mark.parametrize("port", ["table", "audio", "queues", "events"])
def test_errors_of_ours_name_what_went_wrong_and_no_more(services, port):
    job = services.submit(f"{UNSPEAKABLE} {MARKER}")

    def on_call(called, _, when):
        if called == port and when == "after":
            raise Unavailable("Not now.")

    services.on_call = on_call
    for act in (services.work, services.bury, lambda _: services.sweep()):
        try:
            outcome = act(job)
        except Unavailable as error:
            frames = "".join(traceback.format_exception(error))
            assert MARKER not in frames
        else:
            assert outcome is None or isinstance(outcome, (Later, dict))


def test_refusals_at_the_desk(services):
    services.submit("One.", key="k")
    for fields in ({"key": "k"}, {"voice": MARKER}, {"voice": f"alloy:{MARKER}"}, {"response_format": MARKER}):
        with pytest.raises(HeraldError) as caught:
            services.submit(f"Two {MARKER}.", **fields)
        check_silent(caught.value, caught.value.message)


def test_a_failure_of_the_container_is_told_as_it_is():
    """Its words are ours: the container's server holds that they repeat no text (gpu/)."""
    error = JobError(code="unknown_speaker", message="There is no such speaker.")
    services = Services()
    job = services.dialogue(MARKER)
    services.hand_over(job)
    services.gpu.notice(services.endpoint.fail(error=error))
    assert services.told(job)[0].error == error
