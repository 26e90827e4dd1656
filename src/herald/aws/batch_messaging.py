"""The EventBridge events of batches, and their state machine."""

from typing import TYPE_CHECKING

from herald.aws.clients import translate_errors
from herald.aws.messaging import EventBridgeEvents
from herald.batches.batch import Batch
from herald.batches.batch_events import BatchEnded
from herald.batches.batch_ports import BatchEvents, Machine, Run

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class EventBridgeBatchEvents(BatchEvents):
    """Publishes the ends of batches on an event bus."""

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
        """Start the execution of a run, unless it is in progress, and return its name.

        Idempotent, because names stay reserved for 90 days. After the end of an execution, the next one gets a suffix.
        """
        first = name = f"{run.batch}-{run.run}"
        executions = self._machine.replace(":stateMachine:", ":execution:")
        attempt = 1
        with translate_errors("StepFunctions"):
            while not self._is_started(name, run) and not self._is_running(f"{executions}:{name}"):
                attempt += 1
                name = f"{first}-{attempt}"
        return name

    def _is_started(self, name: str, run: Run) -> bool:
        """Start an execution; return False if its name belongs to one that has ended, or that has another input."""
        try:
            self._stepfunctions.start_execution(stateMachineArn=self._machine, name=name, input=run.model_dump_json())
        except self._stepfunctions.exceptions.ExecutionAlreadyExists:
            return False
        return True

    def _is_running(self, execution: str) -> bool:
        return self._stepfunctions.describe_execution(executionArn=execution)["status"] == "RUNNING"
