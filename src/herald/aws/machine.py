"""The state machine of batches: its executions, and the tasks of it that wait for a job.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
"""

from typing import TYPE_CHECKING

from herald.aws.clients import Clients, asking, code_of
from herald.jobs.batches.ports import Machine, Run
from herald.jobs.tasks import JobEnd, Tasks

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_OVER = frozenset({"TaskDoesNotExist", "TaskTimedOut", "InvalidToken"})
"""Names of what Step Functions says of a token that nobody waits with any more."""


class StepFunctionsMachine(Machine):
    """The machine, by its ARN."""

    def __init__(self, stepfunctions: "SFNClient", *, machine: str) -> None:
        self._stepfunctions = stepfunctions
        self._machine = machine

    def start(self, run: Run) -> str:
        """Begin a run, once: an execution's name is taken for 90 days."""
        name = f"{run.batch}-{run.run}"
        with asking("StepFunctions"):
            try:
                self._stepfunctions.start_execution(
                    stateMachineArn=self._machine, name=name, input=run.model_dump_json()
                )
            except self._stepfunctions.exceptions.ExecutionAlreadyExists:
                return name
            return name


class StepFunctionsTasks(Tasks):
    """Tasks of any machine. Few jobs have one, so the client is made for the first that does."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def tell(self, token: str, end: JobEnd) -> None:
        """Let a task end with how its job did, also where that failed: the state machine writes it down."""
        client = self._clients.stepfunctions
        with asking("StepFunctions"):
            try:
                client.send_task_success(taskToken=token, output=end.model_dump_json())
            except client.exceptions.ClientError as error:
                if code_of(error) not in _OVER:
                    raise
