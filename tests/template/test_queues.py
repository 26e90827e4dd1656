"""Promise 18: no message is lost, blocks others, or is processed twice for lack of time."""

import pytest

from herald.batches.batch_events import BatchEnded
from herald.jobs.job import DUE_AFTER, State
from herald.jobs.job_messages import JobEnded
from herald.jobs.job_worker import EVERY_SECONDS, HIDDEN_SECONDS, LEASE
from herald.jobs.webhook_message import MOST_ATTEMPTS
from tests.template.template import FUNCTIONS, PARAMETERS, QUEUES, RESOURCES, VARIABLES, events, of_type, target

DEAD_LETTERS = {
    target(queue["RedrivePolicy"]["deadLetterTargetArn"]) for queue in QUEUES.values() if "RedrivePolicy" in queue
}
WORKING = sorted(QUEUES.keys() - DEAD_LETTERS)


def readers():
    """Return the consumers of queues: [(queue, function, mapping), ...]."""
    sams = [(target(event["Queue"]), name, event) for name, event in events("SQS")]
    own = of_type("AWS::Lambda::EventSourceMapping").values()
    return sams + [(target(one["EventSourceArn"]), target(one["FunctionName"]), one) for one in own]


READERS = pytest.mark.parametrize(
    ("queue", "function", "mapping"), readers(), ids=lambda one: one if isinstance(one, str) else ""
)


def test_there_are_queues():
    assert set(WORKING) == {"StandardQueue", "VipQueue", "GpuQueue", "KokoroQueue", "WebhookQueue", "ChunkQueue"}


@pytest.mark.parametrize("queue", WORKING)
def test_a_queue_has_its_own_dead_letter_queue(queue):
    policy = QUEUES[queue]["RedrivePolicy"]
    assert policy["maxReceiveCount"] >= 5
    others = [QUEUES[other]["RedrivePolicy"]["deadLetterTargetArn"] for other in WORKING if other != queue]
    assert policy["deadLetterTargetArn"] not in others
    assert target(policy["deadLetterTargetArn"]) in QUEUES


@pytest.mark.parametrize("queue", WORKING)
def test_dead_letters_are_retained_longer_than_messages(queue):
    dead = QUEUES[target(QUEUES[queue]["RedrivePolicy"]["deadLetterTargetArn"])]
    # Dead letters keep the original send time.
    assert dead["MessageRetentionPeriod"] > QUEUES[queue]["MessageRetentionPeriod"]


@pytest.mark.parametrize("queue", QUEUES)
def test_a_queue_is_encrypted(queue):
    assert QUEUES[queue]["SqsManagedSseEnabled"] is True


@pytest.mark.parametrize("queue", WORKING)
def test_a_queue_has_one_consumer(queue):
    # Chunks are received by workers in a cluster only.
    assert [name for name, _, _ in readers()].count(queue) == (queue != "ChunkQueue")


def test_only_the_sweeper_reads_dead_letters_of_jobs():
    assert not {name for name, _, _ in readers()} & DEAD_LETTERS
    of_jobs = DEAD_LETTERS - {"WebhookDeadLetters", "ChunkDeadLetters"}  # those are for the operator
    separator, addresses = VARIABLES["SweeperFunction"]["HERALD_DEAD_LETTER_QUEUES"]["Join"]
    assert separator == ","
    assert {target(one) for one in addresses} == of_jobs
    for queue in of_jobs:
        # Longer than a run and than the interval, so that no run receives a message twice.
        assert QUEUES[queue]["VisibilityTimeout"] > max(FUNCTIONS["SweeperFunction"]["Timeout"], 300)


@READERS
def test_a_message_is_invisible_while_it_is_processed(queue, function, mapping):
    window = mapping.get("MaximumBatchingWindowInSeconds", 0)
    assert QUEUES[queue]["VisibilityTimeout"] >= 6 * FUNCTIONS[function]["Timeout"] + window


@READERS
def test_a_bad_message_does_not_fail_its_batch(queue, function, mapping):
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


WORKER_MAPPINGS = {"StandardQueue": "LambdaTakesStandardJobs", "VipQueue": "LambdaTakesVipJobs"}


@READERS
def test_a_mapping_has_the_condition_of_its_queue(queue, function, mapping):
    holders = [one for one in RESOURCES.values() if one.get("Properties") is mapping] or [RESOURCES[function]]
    assert holders[0].get("Condition") == WORKER_MAPPINGS.get(queue, RESOURCES[queue].get("Condition"))


def test_each_tier_has_its_own_workers():
    mappings = {queue: mapping for queue, function, mapping in readers() if function == "WorkerFunction"}
    limits = {queue: mapping["ScalingConfig"]["MaximumConcurrency"] for queue, mapping in mappings.items()}
    assert limits == {"StandardQueue": {"Ref": "StandardConcurrency"}, "VipQueue": {"Ref": "VipConcurrency"}}
    # The range that Lambda accepts.
    assert all(
        (PARAMETERS[one["Ref"]]["MinValue"], PARAMETERS[one["Ref"]]["MaxValue"]) == (2, 1_000)
        for one in limits.values()
    )


def test_a_vip_job_is_processed_alone():
    (batch,) = [mapping["BatchSize"] for queue, _, mapping in readers() if queue == "VipQueue"]
    assert batch == 1


def test_the_sweeper_ignores_jobs_with_queued_messages():
    # All attempts of the queue fit into the time before the sweeper sends a job again.
    for name in ("StandardQueue", "VipQueue"):
        queue = QUEUES[name]
        visible = queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"]
        assert visible < DUE_AFTER[State.QUEUED].total_seconds() < queue["MessageRetentionPeriod"]
    # A dead worker's message is redelivered first; by then its lease has expired.
    assert DUE_AFTER[State.SPEAKING].total_seconds() > 2 * HIDDEN_SECONDS > 2 * LEASE.total_seconds()
    assert LEASE.total_seconds() >= 3 * EVERY_SECONDS


def test_the_sweeper_runs_every_five_minutes():
    ((name, event),) = events("Schedule")
    assert (name, event["Schedule"]) == ("SweeperFunction", "rate(5 minutes)")
    assert FUNCTIONS[name]["Timeout"] < 300, "no concurrent sweepers"


def alarms(metric):
    """Return the queue of each alarm on a metric of SQS."""
    on_queues = [one for one in of_type("AWS::CloudWatch::Alarm").values() if one.get("Namespace") == "AWS/SQS"]
    assert all(one["AlarmActions"] == [{"Ref": "AlarmTopic"}] for one in on_queues)
    return {target(one["Dimensions"][0]["Value"]) for one in on_queues if one["MetricName"] == metric}


def test_old_messages_and_dead_letters_have_alarms():
    assert alarms("ApproximateAgeOfOldestMessage") == set(WORKING)
    assert of_type("AWS::CloudWatch::Alarm")["JobsDied"]["MetricName"] == "DeadLetters"
    assert alarms("ApproximateNumberOfMessagesVisible") == {"WebhookDeadLetters"}


def test_a_webhook_is_given_up_by_the_function_and_not_by_its_queue():
    queue = QUEUES["WebhookQueue"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] > MOST_ATTEMPTS
    longest = 900  # the delay of a copy
    assert (
        2 * longest < of_type("AWS::CloudWatch::Alarm")["WebhooksWait"]["Threshold"] < queue["MessageRetentionPeriod"]
    )


def test_only_the_webhook_rule_may_send_events_to_the_queue_of_webhooks():
    (policy,) = of_type("AWS::SQS::QueuePolicy").values()
    assert [target(one) for one in policy["Queues"]] == ["WebhookQueue"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Principal"], statement["Action"]) == ({"Service": "events.amazonaws.com"}, "sqs:SendMessage")
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": {"GetAtt": "WebhookRule.Arn"}}}


def test_a_tenants_slow_receivers_do_not_delay_the_webhooks_of_others():
    """Events of jobs and batches have the tenant at this place, as the sample events of send_webhooks show."""
    (to,) = of_type("AWS::Events::Rule")["WebhookRule"]["Targets"]
    assert to["SqsParameters"] == {"MessageGroupId": "$.detail.tenant"}
    assert "tenant" in JobEnded.model_fields.keys() & BatchEnded.model_fields.keys()
