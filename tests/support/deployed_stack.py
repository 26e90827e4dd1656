"""Access to the local stack for end-to-end tests: over HTTP and, for internals, with boto3."""

import json
import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path

import pytest

from herald.aws.dynamo import iso
from herald.aws.job_rows import from_row
from herald.jobs.job import ENDS, new_id
from herald.runtime.container import Dependencies
from herald.runtime.settings import Settings
from local import ROOT
from local.keys import TENANT
from tests.local.tools import aws, client_of
from tests.support.job_samples import a_job

SECONDS = 60
"""Default timeout of waits."""


def deployed(stack):
    """Yield the stack, with the merged environment of all functions in this process."""
    with pytest.MonkeyPatch.context() as environment:
        deployed = Deployed(stack)
        functions = [name for name in stack.resources if name.endswith("Function")]
        own = {name: value for function in functions for name, value in deployed.variables(function).items()}
        for name, value in (own | outside(stack)).items():
            environment.setenv(name, value)
        deployed.parts = Dependencies(Settings.read(os.environ), interactive=False)
        yield deployed
        deployed.http.close()


def outside(stack):
    """Return the environment that functions get from their runtime, not from the template."""
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
    """Poll `found` until it returns a true value, and return it."""
    deadline = time.monotonic() + seconds
    while not (it := found()):
        assert time.monotonic() < deadline, f"still false after {seconds} s"
        time.sleep(pause)
    return it


class Deployed:
    """A deployed Herald. `parts` are the functions' dependencies, created in this process."""

    parts: Dependencies

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
        """Submit a job, of tier standard by default; return the API's response."""
        answer = self.http.post(
            "/v1/jobs", json={"priority": "standard"} | body, headers={"Idempotency-Key": key} if key else {}
        )
        assert answer.status_code == 202, answer.text
        return answer.json()

    def put(self, script, **fields):
        """Write and send a job directly, without the API's validation."""
        now = datetime.now(UTC)
        job = self.parts.table.add(a_job(**{"id": new_id(now), "at": now, "tenant": TENANT, "script": script} | fields))
        self.parts.queues.send(job)
        return job

    def get(self, job_id):
        answer = self.http.get(f"/v1/jobs/{job_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ended(self, job_id, seconds=SECONDS):
        """Wait for the end of a job; return the API's response."""
        return until(lambda: (job := self.get(job_id))["state"] in ENDS and job, seconds)

    def rows(self, ids):
        """Return the rows of jobs by id."""
        found = {}
        for some in batched(ids, 100, strict=False):
            keys = {"Keys": [{"id": {"S": job_id}} for job_id in some], "ConsistentRead": True}
            answer = self.aws("dynamodb").batch_get_item(RequestItems={self["JobTable"]: keys})
            assert not answer["UnprocessedKeys"]
            found |= {row["id"]["S"]: from_row(row, None) for row in answer["Responses"][self["JobTable"]]}
        return found

    def all_ended(self, ids, seconds=SECONDS):
        """Wait for the end of jobs; return their rows."""
        return until(lambda: self._whole(ids), seconds, pause=0.3)

    def all_buried(self, ids, seconds=SECONDS):
        """Wait until the sweeper has failed all jobs with dead letters; return their rows."""

        def look():
            self.sweep()
            return self._whole(ids)

        return until(look, seconds, pause=0.5)

    def _whole(self, ids):
        rows = self.rows(ids)
        return rows if all(row.ended for row in rows.values()) else None

    def due_now(self, job_id):
        """Make a job due for the sweeper now."""
        self.write(job_id, due_at={"S": iso(datetime.now(UTC) - timedelta(seconds=1))})

    def write(self, job_id, **attributes):
        """Change a row directly."""
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
        """Invoke the sweeper, as its schedule does every five minutes."""
        answer = self.aws("lambda").invoke(FunctionName=self["SweeperFunction"], Payload=b"{}")
        assert "FunctionError" not in answer, answer["Payload"].read()

    @contextmanager
    def paused(self, *mappings):
        """Disable event source mappings during the block."""
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
        """Change attributes of a queue during the block."""
        sqs, url = self.aws("sqs"), self[queue]
        before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(attributes))["Attributes"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
        try:
            yield
        finally:
            sqs.set_queue_attributes(QueueUrl=url, Attributes=before)

    def dead_after(self, queue, receipts):
        """Lower the maximum receive count of a queue during the block."""
        attributes = self.aws("sqs").get_queue_attributes(QueueUrl=self[queue], AttributeNames=["RedrivePolicy"])
        policy = json.loads(attributes["Attributes"]["RedrivePolicy"]) | {"maxReceiveCount": receipts}
        return self.queue_with(queue, RedrivePolicy=json.dumps(policy))

    @contextmanager
    def function_with(self, function, **variables):
        """Change variables of a function during the block, and end its running processes."""
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
        """Return the names of all log groups of the stack."""
        return [name for key, name in self.stack.resources.items() if key.endswith(("LogGroup", "Logs"))]

    def logged(self):
        """Yield the log lines of all functions."""
        lines = Path(self.stack.folder, "emulator.log").read_text(errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def purge(self, *queues):
        """Delete all messages of queues, also those that earlier tests left in flight: after kills, for a minute."""
        for queue in queues:
            self.aws("sqs").purge_queue(QueueUrl=self[queue])

    def waiting(self, *queues):
        """Return the number of messages in queues: visible, in flight and delayed."""
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        sqs = self.aws("sqs")
        found = [sqs.get_queue_attributes(QueueUrl=self[queue], AttributeNames=names) for queue in queues]
        return sum(int(answer["Attributes"][name]) for answer in found for name in names)
