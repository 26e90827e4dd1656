"""Events on the bus, as consumers receive them."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from herald.aws.messaging import EventBridgeEvents
from herald.errors import BrokenInstallation, Unavailable
from herald.jobs.job import ENDS, AudioFile, JobError, State
from herald.jobs.job_messages import JobEnded
from tests.support.job_samples import NOON, TEXT, a_job

BUS = "herald-events"
AUDIO = AudioFile(key="audio/acme/1.mp3", seconds=1.5, bytes=9_000, sample_rate=22_050, media_type="audio/mpeg")


@pytest.fixture
def bus(aws):
    """The bus, with a function that returns its events from a queue."""
    aws.events.create_event_bus(Name=BUS)
    url = aws.sqs.create_queue(QueueName="all")["QueueUrl"]
    arn = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    aws.events.put_rule(Name="all", EventBusName=BUS, EventPattern=json.dumps({"source": ["herald"]}))
    aws.events.put_targets(Rule="all", EventBusName=BUS, Targets=[{"Id": "all", "Arn": arn}])

    def received():
        messages = aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in messages]

    return received


def ended(state=State.DONE, **fields):
    return a_job(state=state, ended_at=NOON + timedelta(seconds=3), published=False, **fields)


def test_the_event_of_a_finished_job(aws, bus):
    job = ended(
        tier="vip", use_case="alert", batch="b1", retry_of="job_0", begun_at=NOON + timedelta(seconds=1), attempts=2,
        audio=AUDIO, price=Decimal("0.0000125"), hit=True, metadata={"order": "17"}, worker="w1",
    )  # fmt: skip
    EventBridgeEvents(aws.events, bus=BUS).publish(job)
    (event,) = bus()
    assert (event["source"], event["detail-type"]) == ("herald", "herald.job.done")
    assert event["detail"] == {
        "version": 1,
        "id": job.id,
        "tenant": "acme",
        "state": "done",
        "route": "queue",
        "tier": "vip",
        "use_case": "alert",
        "batch": "b1",
        "retry_of": "job_0",
        "created_at": "2026-11-22T12:00:00.123456Z",
        "begun_at": "2026-11-22T12:00:01.123456Z",
        "ended_at": "2026-11-22T12:00:03.123456Z",
        "attempts": 2,
        "characters": len(TEXT),
        "voice": "en_US-joe-medium",
        "format": "mp3",
        "audio": {"key": AUDIO.key, "seconds": 1.5, "bytes": 9_000, "media_type": "audio/mpeg"},
        "hit": True,
        "price_usd": 0.0000125,
        "error": None,
        "webhook_url": None,
    }
    assert JobEnded.model_validate(event["detail"]) == JobEnded.of(job)


def test_the_event_of_a_failed_job_contains_its_error(aws, bus):
    EventBridgeEvents(aws.events, bus=BUS).publish(
        ended(State.FAILED, error=JobError(code="too_many_attempts", message="It was tried 5 times."))
    )
    (event,) = bus()
    assert event["detail-type"] == "herald.job.failed"
    assert event["detail"]["error"] == {"code": "too_many_attempts", "message": "It was tried 5 times."}
    assert (event["detail"]["audio"], event["detail"]["price_usd"]) == (None, None)


def test_the_event_of_a_cancelled_job(aws, bus):
    EventBridgeEvents(aws.events, bus=BUS).publish(ended(State.CANCELLED))
    (event,) = bus()
    assert event["detail-type"] == "herald.job.cancelled"


@pytest.mark.parametrize("state", sorted(frozenset(State) - ENDS))
def test_an_unfinished_job_has_no_event(state):
    with pytest.raises(ValueError, match="has not ended"):
        _ = JobEnded.of(ended(state)).detail_type


def test_events_do_not_contain_the_text():
    assert "purple elephant" not in JobEnded.of(ended(text="purple elephant")).model_dump_json()


def test_a_rejected_event_is_unavailable(aws, monkeypatch):
    response = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure", "ErrorMessage": "acme"}]}
    monkeypatch.setattr(aws.events, "put_events", lambda **_: response)
    with pytest.raises(Unavailable, match="InternalFailure") as caught:
        EventBridgeEvents(aws.events, bus=BUS).publish(ended())
    assert "acme" not in caught.value.message


def test_a_throttled_bus_is_unavailable(aws, fail):
    fail(aws.events, "PutEvents", "ThrottlingException")
    with pytest.raises(Unavailable, match="EventBridge: PutEvents"):
        EventBridgeEvents(aws.events, bus=BUS).publish(ended())


def test_an_inaccessible_bus_is_a_broken_installation(aws, fail):
    fail(aws.events, "PutEvents", "AccessDeniedException")
    with pytest.raises(BrokenInstallation, match="EventBridge: PutEvents was rejected"):
        EventBridgeEvents(aws.events, bus=BUS).publish(ended())
