"""Events about the ends of jobs, received through a rule of EventBridge."""

import json
import time
from collections import Counter

from herald.jobs.job_messages import JobEnded
from tests.support.deployed_stack import until

PATIENCE = 10
"""Seconds within which an end must be published by the worker that ended the job."""


class EndEvents:
    """A queue that receives the ends of jobs through a rule of EventBridge."""

    def __init__(self, deployed, name):
        self._deployed, self._name = deployed, name
        self._events = []
        self.late = set()
        """Ids of jobs whose end was published by the sweeper."""

    def __enter__(self):
        sqs, events = self._deployed.aws("sqs"), self._deployed.aws("events")
        self._url = sqs.create_queue(QueueName=self._name)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        bus = self._deployed["EventBus"]
        events.put_rule(Name=self._name, EventBusName=bus, EventPattern=json.dumps({"source": ["herald"]}))
        events.put_targets(Rule=self._name, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
        return self

    def __exit__(self, *_):
        bus = {"EventBusName": self._deployed["EventBus"]}
        self._deployed.aws("events").remove_targets(Rule=self._name, Ids=["queue"], **bus)
        self._deployed.aws("events").delete_rule(Name=self._name, **bus)
        self._deployed.aws("sqs").delete_queue(QueueUrl=self._url)

    def all(self):
        """Return all events so far, as sent by EventBridge."""
        sqs = self._deployed.aws("sqs")
        while messages := sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            self._events += [json.loads(message["Body"]) for message in messages]
            entries = [{"Id": str(at), "ReceiptHandle": one["ReceiptHandle"]} for at, one in enumerate(messages)]
            sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)
        return self._events

    def of(self, job_id):
        """Return the events about a job."""
        return [event for event in self.all() if event["detail"]["id"] == job_id]

    def once(self, job_id):
        """Return the only event about a job, strictly validated."""
        (event,) = until(lambda: self.of(job_id))
        ended = JobEnded.model_validate(event["detail"])
        assert event["detail-type"] == ended.detail_type
        return ended

    def each(self, ids):
        """Return the number of events per job. Run the sweeper for jobs without an event, as after a minute."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._untold(ids):
            time.sleep(0.2)
        self.late = self._untold(ids)
        for job_id in self.late:
            self._deployed.due_now(job_id)
        self._deployed.sweep()
        until(lambda: not self._untold(ids))
        return self._count(ids)

    def _untold(self, ids):
        return set(ids) - self._count(ids).keys()

    def _count(self, ids):
        wanted = set(ids)
        return Counter(event["detail"]["id"] for event in self.all() if event["detail"]["id"] in wanted)
