"""Process the tasks of the state machine that arrive in a queue: chunks of batches, and packs of shared sentences.

A message contains the event of the function `speak_items`, and the token with which the result is reported. It stays in
the queue until then, so that another worker receives it if this one is lost.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import to_json

from herald.aws.messaging import SqsJobQueues, StepFunctionsTasks
from herald.errors import to_herald_error
from herald.jobs.job_worker import HIDDEN_SECONDS, Heartbeat
from herald.runtime.function import Event

if TYPE_CHECKING:
    from herald.functions.speak_items import SpeakItemsFunction

MOST_DELIVERIES = 5
"""A chunk that is delivered more often has probably crashed its workers, for example by using up their memory."""
WORKERS_LOST = "worker_lost"


class TaskMessage(BaseModel):
    """A task of the state machine."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    token: str = Field(repr=False)
    event: dict[str, Any]
    """The event of the function that would process the task in Lambda."""


@dataclass(kw_only=True)
class ChunkTasks:
    """Passes the events of tasks to a function, and reports its results to the state machine."""

    function: "SpeakItemsFunction"
    queues: SqsJobQueues
    url: str
    """The queue of the tasks."""
    tasks: StepFunctionsTasks
    logger: Logger = field(init=False)
    """The logger of the function."""

    def __post_init__(self) -> None:
        self.logger = self.function.logger

    def __call__(self, event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
        """Process the messages of an event; return those to redeliver.

        Raise Unavailable if a result cannot be reported. The message is then received again, and a chunk that has its
        results is only counted again.
        """
        failures = [record for record in event["Records"] if not self._process(record, context)]
        return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failures]}

    def _process(self, record: dict[str, Any], context: Any) -> bool:  # noqa: ANN401
        """Process a message; return False if it must be redelivered."""
        try:
            message = TaskMessage.model_validate_json(record["body"])
        except ValidationError:
            self.logger.warning("malformed", queue=self.url.rpartition("/")[2])
            return False  # it becomes a dead letter
        deliveries = int(record["attributes"]["ApproximateReceiveCount"])
        if deliveries > MOST_DELIVERIES:
            self.tasks.fail(message.token, WORKERS_LOST, f"{MOST_DELIVERIES} workers were lost with this chunk.")
            return True
        if not self.tasks.extend(message.token):
            # It timed out while it waited, and the state machine has sent another message; or its batch was stopped.
            self.logger.info("task ended")
            return True
        return self._run(message, record["receiptHandle"], context, redelivered=deliveries > 1)

    def _run(self, message: TaskMessage, receipt: str, context: Any, *, redelivered: bool) -> bool:  # noqa: ANN401
        def renew() -> None:
            self.queues.hide(self.url, [receipt], HIDDEN_SECONDS)
            self.tasks.extend(message.token)

        try:
            with Heartbeat(renew, failed=partial(self.function.warn, "task not extended")):
                result = self.function({**message.event, "redelivered": redelivered}, context)
        except Exception as error:  # noqa: BLE001  reported to the state machine, which retries
            if self.function.stopping():
                self.queues.postpone(self.url, receipt, 0)
                return False
            fault = to_herald_error(error)
            self.tasks.fail(message.token, fault.code, fault.message)
            return True
        self.tasks.succeed(message.token, to_json(result).decode())
        return True
