"""Herald with its functions in containers, and access to its jobs, files and queues."""

import json
import re
from functools import cached_property
from itertools import count
from uuid import uuid4

from herald.auth.api_keys import KeyRing, KeySettings
from herald.aws.key_table import DynamoKeys
from herald.jobs.job_messages import JobMessage
from herald.jobs.job_request import JobRequest
from herald.runtime.batch_runtime import BatchDependencies
from herald.runtime.container import Dependencies
from herald.runtime.settings import Settings
from tests.docker.cloud import environment_here
from tests.docker.sam import ROOT

EVENTS = {path.stem: path.read_text() for path in sorted((ROOT / "events").glob("*.json"))}
TENANT = "acme"
SAMPLE_KEY = f"hk_abcdefghijkl_{3 * '0123456789abcdef'}"
"""The key in the sample events."""
SAMPLE_JOB = "job_01a20320a2005c2f8e91d07a4b36aa10"
"""The job of the sample events with one job."""


def function_of(event):
    """Return the logical id of the function that a sample event is for."""
    words = event.partition("__")[0].split("_")
    return "".join(word.capitalize() for word in words) + "Function"


class Herald:
    """Invokes functions with sample events for existing jobs."""

    def __init__(self, cloud, as_built, deployed):
        self.cloud = cloud
        self._as_built = as_built
        self._deployed = deployed
        self.parts = Dependencies(Settings.read(environment_here(cloud)), interactive=True)
        self.batches = BatchDependencies(self.parts)
        self._texts = (f"Message {number} of this run." for number in count(1))

    def call_as_built(self, event):
        """Invoke a function as built by `make build`, without a cloud."""
        return self._as_built.invoke(function_of(event), EVENTS[event])

    def call(self, event, replaced=None, **changes):
        """Invoke a function of the cloud; replace names and fields of the event by existing resources."""
        text = self._with_names(EVENTS[event])
        for sample, real in (replaced or {}).items():
            assert sample in text, f"{sample} is not in events/{event}.json"
            text = text.replace(sample, real)
        return self._deployed.invoke(function_of(event), json.dumps(json.loads(text) | changes))

    def _with_names(self, text):
        for logical, physical in self._names.items():
            text = re.sub(rf"\bherald-{logical}-\w{{12}}\b", physical, text, flags=re.IGNORECASE)
        return text

    @cached_property
    def _names(self):
        resources = self.cloud.client("cloudformation").list_stack_resources(StackName="herald")
        ids = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in resources["StackResourceSummaries"]}
        return {logical: re.split("[:/]", physical)[-1] for logical, physical in ids.items()}

    # --- jobs ---

    def submit(self, **fields):
        """Create a queued job, with a unique text so that its file is not cached."""
        request = JobRequest.model_validate({"input": next(self._texts), "use_case": "welcome-message"} | fields)
        return self.parts.job_service.submit(request, tenant=TENANT)

    def submit_dialogue(self):
        """Create a job queued for the GPU, in Opus."""
        lines = [{"input": next(self._texts), "voice": voice} for voice in ("kokoro:jf_alpha", "kokoro:jm_kumo")]
        return self.submit(input=None, dialogue=lines, response_format="opus")

    def hand_to_gpu(self, job):
        """Send a job to the endpoint, which never responds."""
        self.parts.gpu.submit(JobMessage(job=job.id, tenant=job.tenant), name=uuid4().hex)
        return self.find(job.id)

    def find(self, job_id):
        """Return the current state of a job."""
        return self.parts.job_service.find(job_id, tenant=TENANT)

    # --- keys ---

    def key(self, **fields):
        """Create a key of the tenant; return it and the complete key."""
        table = DynamoKeys(self.parts.clients.dynamodb, table=self.parts.settings.key_table)
        key, shown = KeyRing(table, clock=self.parts.clock).create(KeySettings(tenant=TENANT, **fields))
        return key, str(shown)

    # --- files and queues ---

    def write(self, address, body):
        """Write an object at an s3:// address."""
        bucket, _, key = address.removeprefix("s3://").partition("/")
        self.parts.clients.s3.put_object(Bucket=bucket, Key=key, Body=body)

    def read(self, key):
        """Read an object of the audio bucket."""
        return self.parts.clients.s3.get_object(Bucket=self.parts.settings.bucket, Key=key)["Body"].read()

    def drain(self, queue):
        """Receive and delete all messages of a queue; return their job ids."""
        sqs, url, jobs = self.parts.clients.sqs, getattr(self.parts.settings, f"{queue}_queue"), []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            jobs += [json.loads(message["Body"])["job"] for message in messages]
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return jobs
