"""Checks of the AWS account and the stack, with the operator's credentials."""

from datetime import timedelta

from herald.auth.api_keys import KeySettings
from herald.cli.doctor.report import CheckFailed, CheckSkipped
from herald.cli.doctor.subject import Subject
from herald.clock import utc_now

SIGN_IN = "Set AWS_PROFILE and AWS_REGION, so that 'aws sts get-caller-identity' works."
NAME_THE_STACK = "Name the stack with --stack, and its region with AWS_REGION; 'sam list stack-outputs' needs the same."
ALLOW_READING = (
    "Allow your credentials to read: cloudformation:Describe* and List*, lambda:GetFunctionConfiguration and "
    "GetAccountSettings, servicequotas:ListServiceQuotas, sns:ListSubscriptionsByTopic. Or use --skip."
)
ALLOW_KEYS = "Allow your credentials dynamodb:PutItem, GetItem and UpdateItem on the stack's KeyTable."
DEPLOY_AGAIN = "See why: sam list resources, 'aws cloudformation describe-stack-events'. Then deploy again."
RAISE_CONCURRENCY = (
    "Request an increase in Service Quotas (AWS Lambda, 'Concurrent executions', L-B99A9384), or lower "
    "StandardConcurrency, VipConcurrency and MaxBatchConcurrency."
)
RAISE_GPU_QUOTA = (
    "Request an increase in Service Quotas (Amazon SageMaker, '{type} for endpoint usage'), or lower MaxGpuInstances."
)
SUBSCRIBE = "Deploy with AlarmEmail=you@example.com, or: aws sns subscribe --topic-arn {topic} --protocol email …"
CONFIRM = "Open the mail 'AWS Notification - Subscription Confirmation' and confirm it."

TENANT = "herald-doctor"
_WORKING = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
_STATES = {"Active", "Inactive"}
_WAITING_CALLERS = 3
"""Functions that serve requests: authorizer, api and speech; one concurrent execution each at least."""
_SHOWN = ("Profile", "KeepWarm", "EnableStream", "StreamAuthType", "GpuImage", "AlarmEmail", "RetentionDays")


def credentials(subject: Subject) -> str:
    """Return the account, region and identity of the credentials."""
    identity = subject.inspection.identity()
    subject.region = identity.region
    return f"account {identity.account}, region {identity.region}, as {identity.arn}"


def stack(subject: Subject) -> str:
    """Check that the stack exists and that its last deployment succeeded."""
    found = subject.inspection.stack()
    subject.stack = found
    if found.status not in _WORKING:
        raise CheckFailed(f"{subject.deployment.stack} is {found.status}", DEPLOY_AGAIN)
    shown = ", ".join(f"{name}={found.parameters[name]}" for name in _SHOWN if found.parameters.get(name))
    return f"{subject.deployment.stack} is {found.status}; {shown}"


def functions(subject: Subject) -> str:
    """Check that every function can be invoked."""
    found = subject.inspection.functions()
    broken = [one for one in found if one.state not in _STATES or one.update == "Failed"]
    if broken:
        listed = "; ".join(f"{one.name} is {one.state}/{one.update} {one.reason}".strip() for one in broken)
        raise CheckFailed(listed, DEPLOY_AGAIN)
    return f"{len(found)} functions can be invoked"


def concurrency(subject: Subject) -> str:
    """Check the account's concurrency limit against the stack's parameters."""
    if subject.is_local:
        raise CheckSkipped("a local stack has no AWS account")
    names = ("StandardConcurrency", "VipConcurrency", "MaxBatchConcurrency")
    needed = sum(int(subject.parameter(name, "0")) for name in names) + _WAITING_CALLERS
    limit = subject.inspection.concurrency()
    detail = f"the account's limit is {limit:,} concurrent executions; the parameters of this stack need {needed:,}"
    if limit < needed:
        raise CheckFailed(detail, RAISE_CONCURRENCY)
    return detail


def gpu_quota(subject: Subject) -> str:
    """Check the account's quota of GPU instances against MaxGpuInstances."""
    if not subject.has_gpu:
        raise CheckSkipped("the GPU is not deployed (GpuImage)")
    if subject.is_local:
        raise CheckSkipped("a local stack has no AWS account")
    kind, most = subject.parameter("GpuInstanceType"), int(subject.parameter("MaxGpuInstances", "1"))
    limit = subject.inspection.endpoint_instances(kind)
    if limit is None:
        raise CheckSkipped(f"Service Quotas has no quota of {kind} for endpoints")
    detail = f"the account's quota is {limit:.0f} of {kind} for endpoints; MaxGpuInstances is {most}"
    if limit < most:
        raise CheckFailed(detail, RAISE_GPU_QUOTA.format(type=kind))
    return detail


def alarms(subject: Subject) -> str:
    """Check that the alarm topic has a confirmed subscription."""
    if subject.is_local:
        raise CheckSkipped("a local stack sends no mail")
    topic = subject.stack.outputs["AlarmTopicArn"] if subject.stack else ""
    found = subject.inspection.subscriptions(topic)
    if found.confirmed:
        return f"{found.confirmed} confirmed subscriptions to the alarm topic"
    if found.pending:
        raise CheckFailed("alarms reach no address: the subscription is not confirmed", CONFIRM)
    raise CheckFailed("alarms reach no address: the topic has no subscription", SUBSCRIBE.format(topic=topic))


def make_key(subject: Subject) -> str:
    """Create a key for the following checks; it expires in an hour."""
    settings = KeySettings(tenant=TENANT, name="herald doctor", expires_at=utc_now() + timedelta(hours=1))
    subject.key = subject.keys().create(settings)
    return f"created key {subject.key[0].id} of tenant {TENANT}; it expires in an hour"
