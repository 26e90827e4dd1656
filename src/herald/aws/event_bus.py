"""Publish the ends of jobs and batches on an EventBridge bus."""

from typing import TYPE_CHECKING

from herald.aws.clients import translate_errors
from herald.batches.batch import Batch
from herald.batches.batch_events import BatchEnded
from herald.batches.batch_ports import BatchEvents
from herald.errors import Unavailable
from herald.jobs.job import Job
from herald.jobs.job_events import SOURCE, JobEnded
from herald.jobs.ports import Events

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient


class EventBridgeEvents(Events, BatchEvents):
    """An event bus, given by name or ARN."""

    def __init__(self, events: "EventBridgeClient", *, bus: str) -> None:
        self._events = events
        self._bus = bus

    def publish(self, job: Job) -> None:
        """Publish the end of a job."""
        self._put(JobEnded.of(job))

    def publish_batch(self, batch: Batch) -> None:
        """Publish the end of a batch."""
        self._put(BatchEnded.of(batch))

    def _put(self, event: JobEnded | BatchEnded) -> None:
        with translate_errors("EventBridge"):
            answer = self._events.put_events(
                Entries=[
                    {
                        "EventBusName": self._bus,
                        "Source": SOURCE,
                        "DetailType": event.detail_type,
                        "Detail": event.model_dump_json(),
                        "Time": event.ended_at,
                    }
                ]
            )
        if answer["FailedEntryCount"]:
            code = answer["Entries"][0].get("ErrorCode", "Unknown")
            raise Unavailable(f"EventBridge: the bus rejected an event ({code}). Try again.")
