"""Herald on the local stack as tests of whole paths need it: asked through HTTP, and looked into through boto3."""

import json
import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path

import pytest

from herald.aws.rows import from_row, iso
from herald.handlers.parts import Parts
from herald.handlers.settings import Settings
from herald.jobs.job import new_id
from herald.jobs.states import ENDS
from local import ROOT
from local.keys import TENANT
from tests.jobs import a_job
from tests.local.tools import aws, client_of

SECONDS = 60
"""The longest that a test waits for something, unless it says otherwise."""


def deployed(stack):
    """A fixture: the stack, seen from inside, while this process has the environment of all functions together."""
    with pytest.MonkeyPatch.context() as environment:
        house = Deployed(stack)
        functions = [name for name in stack.resources if name.endswith("Function")]
        own = {name: value for function in functions for name, value in house.variables(function).items()}
        for name, value in (own | outside(stack)).items():
            environment.setenv(name, value)
        house.parts = Parts(Settings.read(os.environ), somebody_waits=False)
        yield house
        house.http.close()


def outside(stack):
    """What a function is not given by the template, but by where it runs."""
    endpoints = {"": stack.aws_endpoint_url, "_SAGEMAKER_RUNTIME": stack.sagemaker_runtime_url}
    return {
        **{f"AWS_ENDPOINT_URL{service}": url for service, url in endpoints.items()},
        **stack.credentials,
        "AWS_DEFAULT_REGION": stack.region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1",
        "_LAMBDA_LAYERS_DIRS": str(ROOT / ".local" / "build" / "VoiceLayer"),
    }


def until(found, seconds=SECONDS, pause=0.05):
    """What `found` gives, as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (it := found()):
        assert time.monotonic() < deadline, f"after {seconds} s it is not so"
        time.sleep(pause)
    return it


class Deployed:
    """One deployed Herald. `parts` are those that its functions are made of, in this process."""

    parts: Parts

    def __init__(self, stack):
        self.stack = stack
        self.http = client_of(stack)
        self._clients = {}

    def __getitem__(self, logical_id):
        return self.stack.resources[logical_id]

    def aws(self, service):
        if service not in self._clients:
            self._clients[service] = aws(self.stack, service)
        return self._clients[service]

    # --- jobs ---

    def post(self, key=None, **body):
        """Ask for a job, of the tier standard unless it says otherwise; the job as it is answered."""
        answer = self.http.post(
            "/v1/jobs", json={"priority": "standard"} | body, headers={"Idempotency-Key": key} if key else {}
        )
        assert answer.status_code == 202, answer.text
        return answer.json()

    def put(self, script, **fields):
        """A job that the door would not have let in, written and sent as the door does."""
        now = datetime.now(UTC)
        job = self.parts.table.add(a_job(**{"id": new_id(now), "at": now, "tenant": TENANT, "script": script} | fields))
        self.parts.queues.send(job)
        return job

    def get(self, job_id):
        answer = self.http.get(f"/v1/jobs/{job_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ended(self, job_id, seconds=SECONDS):
        """The job as the API tells it, once it has ended."""
        return until(lambda: (job := self.get(job_id))["state"] in ENDS and job, seconds)

    def rows(self, ids):
        """The rows of jobs, by their ids."""
        found = {}
        for some in batched(ids, 100, strict=False):
            keys = {"Keys": [{"id": {"S": job_id}} for job_id in some], "ConsistentRead": True}
            answer = self.aws("dynamodb").batch_get_item(RequestItems={self["JobTable"]: keys})
            assert not answer["UnprocessedKeys"]
            found |= {row["id"]["S"]: from_row(row, None) for row in answer["Responses"][self["JobTable"]]}
        return found

    def all_ended(self, ids, seconds=SECONDS):
        """The rows of jobs, once all of them have ended."""
        return until(lambda: self._whole(ids), seconds, pause=0.3)

    def all_buried(self, ids, seconds=SECONDS):
        """The rows of jobs, once the sweeper has ended all of them for their dead letters."""

        def look():
            self.sweep()
            return self._whole(ids)

        return until(look, seconds, pause=0.5)

    def _whole(self, ids):
        rows = self.rows(ids)
        return rows if all(row.ended for row in rows.values()) else None

    def due_now(self, job_id):
        """Let the sweeper find a job at once, which it would look at later."""
        self.write(job_id, due_at={"S": iso(datetime.now(UTC) - timedelta(seconds=1))})

    def write(self, job_id, **attributes):
        """Change a row behind Herald's back."""
        names = {f"#{name}": name for name in attributes}
        self.aws("dynamodb").update_item(
            TableName=self["JobTable"],
            Key={"id": {"S": job_id}},
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in attributes),
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={f":{name}": value for name, value in attributes.items()},
        )

    # --- functions and queues ---

    def variables(self, function):
        answer = self.aws("lambda").get_function_configuration(FunctionName=self[function])
        return answer["Environment"]["Variables"]

    def sweep(self):
        """Call the sweeper, as its schedule does every five minutes."""
        answer = self.aws("lambda").invoke(FunctionName=self["SweeperFunction"], Payload=b"{}")
        assert "FunctionError" not in answer, answer["Payload"].read()

    @contextmanager
    def paused(self, *mappings):
        """Nobody works on what lies in the queues of these event source mappings."""
        self._enable(mappings, False)
        try:
            yield
        finally:
            self._enable(mappings, True)

    def _enable(self, mappings, enabled):
        for mapping in mappings:
            self.aws("lambda").update_event_source_mapping(UUID=self[mapping], Enabled=enabled)

    @contextmanager
    def queue_with(self, queue, **attributes):
        """A queue with other attributes."""
        sqs, url = self.aws("sqs"), self[queue]
        before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(attributes))["Attributes"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
        try:
            yield
        finally:
            sqs.set_queue_attributes(QueueUrl=url, Attributes=before)

    def dead_after(self, queue, receipts):
        """A queue whose messages die of fewer receipts."""
        attributes = self.aws("sqs").get_queue_attributes(QueueUrl=self[queue], AttributeNames=["RedrivePolicy"])
        policy = json.loads(attributes["Attributes"]["RedrivePolicy"]) | {"maxReceiveCount": receipts}
        return self.queue_with(queue, RedrivePolicy=json.dumps(policy))

    @contextmanager
    def function_with(self, function, **variables):
        """A function with other environment variables; nobody it ran for so far goes on."""
        before = self.variables(function)
        self._set_variables(function, before | variables)
        try:
            yield
        finally:
            self._set_variables(function, before)

    def _set_variables(self, function, variables):
        functions, name = self.aws("lambda"), self[function]
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
        functions.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})

    def log_groups(self):
        """The names of all log groups of the stack."""
        return [name for key, name in self.stack.resources.items() if key.endswith(("LogGroup", "Logs"))]

    def logged(self):
        """What all functions have logged."""
        lines = Path(self.stack.folder, "emulator.log").read_text(errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def waiting(self, *queues):
        """How many messages lie in queues: to be received, received, or delayed."""
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        sqs = self.aws("sqs")
        found = [sqs.get_queue_attributes(QueueUrl=self[queue], AttributeNames=names) for queue in queues]
        return sum(int(answer["Attributes"][name]) for answer in found for name in names)
