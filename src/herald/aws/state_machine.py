"""The state machine of batches: start executions, and complete tasks by their token.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
"""

from typing import TYPE_CHECKING

from herald.aws.clients import Clients, code_of, translate_errors
from herald.batches.batch_ports import Machine, Run
from herald.jobs.task_answers import JobEnd, Tasks

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_OVER = frozenset({"TaskDoesNotExist", "TaskTimedOut", "InvalidToken"})
"""Error codes for the token of a task that has already ended."""


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


class StepFunctionsTasks(Tasks):
    """Tasks of any state machine. The client is created for the first job with a task: few jobs have one."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def tell(self, token: str, end: JobEnd) -> None:
        """Complete a task with the end of its job. A failed job succeeds as a task, so that its result is recorded."""
        client = self._clients.stepfunctions
        with translate_errors("StepFunctions"):
            try:
                client.send_task_success(taskToken=token, output=end.model_dump_json())
            except client.exceptions.ClientError as error:
                if code_of(error) not in _OVER:
                    raise
