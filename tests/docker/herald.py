"""Herald with its functions in containers, and what stands around them: jobs as they were left, files, queues."""

import json
import re
from functools import cached_property
from itertools import count
from uuid import uuid4

from herald.aws.keys import DynamoKeys
from herald.handlers.batch_parts import BatchParts
from herald.handlers.parts import Parts
from herald.handlers.settings import Settings
from herald.jobs.keyring import KeyRing
from herald.jobs.keys import KeySettings
from herald.jobs.messages import JobMessage
from herald.jobs.request import JobRequest
from tests.docker.cloud import environment_here
from tests.docker.sam import ROOT

EVENTS = {path.stem: path.read_text() for path in sorted((ROOT / "events").glob("*.json"))}
TENANT = "acme"
SAMPLE_KEY = f"hk_abcdefghijkl_{3 * '0123456789abcdef'}"
"""The key that the sample events show."""
SAMPLE_JOB = "job_01a20320a2005c2f8e91d07a4b36aa10"
"""The job that the sample events are about, unless they are about several."""


def function_of(event):
    """The function that a sample event is for, by the template's name for it."""
    words = event.partition("__")[0].split("_")
    return "".join(word.capitalize() for word in words) + "Function"


class Herald:
    """Calls functions with sample events, about jobs that are there."""

    def __init__(self, cloud, as_built, deployed):
        self.cloud = cloud
        self._as_built = as_built
        self._deployed = deployed
        self.parts = Parts(Settings.read(environment_here(cloud)), somebody_waits=True)
        self.batches = BatchParts(self.parts)
        self._texts = (f"Message {number} of this run." for number in count(1))

    def call_as_built(self, event):
        """Call a function as it is after `make build`, in nobody's cloud."""
        return self._as_built.invoke(function_of(event), EVENTS[event])

    def call(self, event, replaced=None, **changes):
        """Call a function of the cloud; what is there takes the place of names in the event, and of whole fields."""
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
        """A new job that waits in its queue. It says what nothing else has said: else its file would be there."""
        request = JobRequest.model_validate({"input": next(self._texts), "use_case": "welcome-message"} | fields)
        return self.parts.desk.submit(request, tenant=TENANT)

    def submit_dialogue(self):
        """A new job that waits for the GPU, which speaks Opus."""
        lines = [{"input": next(self._texts), "voice": voice} for voice in ("kokoro:jf_alpha", "kokoro:jm_kumo")]
        return self.submit(input=None, dialogue=lines, response_format="opus")

    def hand_to_gpu(self, job):
        """The job as the endpoint has it: as deaf as ours is, it never answers."""
        self.parts.gpu.submit(JobMessage(job=job.id, tenant=job.tenant), name=uuid4().hex)
        return self.find(job.id)

    def find(self, job_id):
        """A job as it is now."""
        return self.parts.desk.find(job_id, tenant=TENANT)

    # --- keys ---

    def key(self, **fields):
        """A new key of the tenant, and the whole of it."""
        table = DynamoKeys(self.parts.clients.dynamodb, table=self.parts.settings.key_table)
        key, shown = KeyRing(table, clock=self.parts.clock).create(KeySettings(tenant=TENANT, **fields))
        return key, str(shown)

    # --- files and queues ---

    def write(self, address, body):
        """Write an object at an s3:// address."""
        bucket, _, key = address.removeprefix("s3://").partition("/")
        self.parts.clients.s3.put_object(Bucket=bucket, Key=key, Body=body)

    def read(self, key):
        """An object of the audio bucket."""
        return self.parts.clients.s3.get_object(Bucket=self.parts.settings.bucket, Key=key)["Body"].read()

    def drain(self, queue):
        """The ids of all jobs that a queue has messages of; it has none after that."""
        sqs, url, jobs = self.parts.clients.sqs, getattr(self.parts.settings, f"{queue}_queue"), []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            jobs += [json.loads(message["Body"])["job"] for message in messages]
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return jobs
