"""The ends of batches on the EventBridge bus, and the state machine of batches."""

from typing import TYPE_CHECKING

from herald.aws.clients import translate_errors
from herald.aws.messaging import EventBridgeEvents
from herald.batches.batch import Batch
from herald.batches.batch_events import BatchEnded
from herald.batches.batch_ports import BatchEvents, Machine, Run

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class EventBridgeBatchEvents(BatchEvents):
    """The ends of batches on an event bus."""

    def __init__(self, bus: EventBridgeEvents) -> None:
        self._bus = bus

    def publish_batch(self, batch: Batch) -> None:
        """Publish the end of a batch."""
        event = BatchEnded.of(batch)
        self._bus.put(event.detail_type, event.model_dump_json(), event.ended_at)


class StepFunctionsMachine(Machine):
    """A state machine, given by ARN."""

    def __init__(self, stepfunctions: "SFNClient", *, machine: str) -> None:
        self._stepfunctions = stepfunctions
        self._machine = machine

    def start(self, run: Run) -> str:
        """Start the execution of a run and return its name. Idempotent, because names stay reserved for 90 days."""
        name = f"{run.batch}-{run.run}"
        with translate_errors("StepFunctions"):
            try:
                self._stepfunctions.start_execution(
                    stateMachineArn=self._machine, name=name, input=run.model_dump_json()
                )
            except self._stepfunctions.exceptions.ExecutionAlreadyExists:
                return name
            return name
