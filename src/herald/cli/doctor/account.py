"""Checks of the account and the stack, with the operator's credentials."""

from datetime import timedelta

from herald.cli.doctor.report import CheckFailed, CheckSkipped
from herald.cli.doctor.subject import Subject
from herald.jobs.job import utc_now
from herald.jobs.keys import KeySettings

SIGN_IN = "Set AWS_PROFILE and AWS_REGION, so that 'aws sts get-caller-identity' works."
NAME_THE_STACK = "Name the stack with --stack, and its region with AWS_REGION; 'sam list stack-outputs' needs the same."
ALLOW_READING = (
    "Allow your credentials to read: cloudformation:Describe* and List*, lambda:GetFunctionConfiguration and "
    "GetAccountSettings, servicequotas:ListServiceQuotas, sns:ListSubscriptionsByTopic. Or use --skip."
)
ALLOW_KEYS = "Allow your credentials dynamodb:PutItem, GetItem and UpdateItem on the stack's KeyTable."
DEPLOY_AGAIN = "See why: sam list resources, 'aws cloudformation describe-stack-events'. Then deploy again."
RAISE_CONCURRENCY = (
    "Ask for more at Service Quotas (AWS Lambda, 'Concurrent executions', L-B99A9384), or lower StandardConcurrency, "
    "VipConcurrency and MaxBatchConcurrency."
)
RAISE_GPU_QUOTA = (
    "Ask for more at Service Quotas (Amazon SageMaker, '{type} for endpoint usage'), or lower MaxGpuInstances."
)
SUBSCRIBE = "Deploy with AlarmEmail=you@example.com, or: aws sns subscribe --topic-arn {topic} --protocol email …"
CONFIRM = "Open the mail 'AWS Notification - Subscription Confirmation' and confirm it."

TENANT = "herald-doctor"
_WORKING = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
_STATES = {"Active", "Inactive"}
_WAITING_CALLERS = 3
"""Functions that a caller waits for: authorizer, api and speech."""
_SHOWN = ("Profile", "KeepWarm", "EnableStream", "StreamAuthType", "GpuImage", "AlarmEmail", "RetentionDays")


def credentials(subject: Subject) -> str:
    """Find out whose credentials are used."""
    who = subject.inspection.identity()
    subject.region = who.region
    return f"account {who.account}, region {who.region}, as {who.arn}"


def stack(subject: Subject) -> str:
    """Find the stack and see that its last deployment succeeded."""
    found = subject.inspection.stack()
    subject.stack = found
    if found.status not in _WORKING:
        raise CheckFailed(f"{subject.deployment.stack} is {found.status}", DEPLOY_AGAIN)
    shown = ", ".join(f"{name}={found.parameters[name]}" for name in _SHOWN if found.parameters.get(name))
    return f"{subject.deployment.stack} is {found.status}; {shown}"


def functions(subject: Subject) -> str:
    """See that every function can be called."""
    found = subject.inspection.functions()
    broken = [one for one in found if one.state not in _STATES or one.update == "Failed"]
    if broken:
        listed = "; ".join(f"{one.name} is {one.state}/{one.update} {one.reason}".strip() for one in broken)
        raise CheckFailed(listed, DEPLOY_AGAIN)
    return f"{len(found)} functions can be called"


def concurrency(subject: Subject) -> str:
    """See that the account may run as many functions at once as the parameters ask for."""
    if subject.is_local:
        raise CheckSkipped("a stack on this machine has no account")
    names = ("StandardConcurrency", "VipConcurrency", "MaxBatchConcurrency")
    needed = sum(int(subject.parameter(name, "0")) for name in names) + _WAITING_CALLERS
    limit = subject.inspection.concurrency()
    told = f"the account may run {limit:,} functions at once; the parameters of this stack ask for {needed:,}"
    if limit < needed:
        raise CheckFailed(told, RAISE_CONCURRENCY)
    return told


def gpu_quota(subject: Subject) -> str:
    """See that the account may have the GPU instances that the endpoint scales to."""
    if not subject.has_gpu:
        raise CheckSkipped("the GPU is not deployed (GpuImage)")
    if subject.is_local:
        raise CheckSkipped("a stack on this machine has no account")
    kind, most = subject.parameter("GpuInstanceType"), int(subject.parameter("MaxGpuInstances", "1"))
    limit = subject.inspection.endpoint_instances(kind)
    if limit is None:
        raise CheckSkipped(f"Service Quotas knows no {kind} at endpoints")
    told = f"the account may have {limit:.0f} of {kind} at endpoints; MaxGpuInstances is {most}"
    if limit < most:
        raise CheckFailed(told, RAISE_GPU_QUOTA.format(type=kind))
    return told


def alarms(subject: Subject) -> str:
    """See that alarms reach an address."""
    if subject.is_local:
        raise CheckSkipped("a stack on this machine mails nobody")
    topic = subject.stack.outputs["AlarmTopicArn"] if subject.stack else ""
    found = subject.inspection.subscriptions(topic)
    if found.confirmed:
        return f"{found.confirmed} addresses hear of alarms"
    if found.pending:
        raise CheckFailed("nobody hears of alarms: the subscription is not confirmed", CONFIRM)
    raise CheckFailed("nobody hears of alarms", SUBSCRIBE.format(topic=topic))


def make_key(subject: Subject) -> str:
    """Make a key for the checks that follow, which ends in an hour at the latest."""
    settings = KeySettings(tenant=TENANT, name="herald doctor", expires_at=utc_now() + timedelta(hours=1))
    subject.key = subject.keys().create(settings)
    return f"made key {subject.key[0].id} of the tenant {TENANT}, for an hour at most"
