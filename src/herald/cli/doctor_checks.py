"""Checks of a deployment: its account and stack with the operator's credentials, its API with a temporary key."""

import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from herald.auth.api_keys import KeySettings
from herald.cli.doctor_subject import CheckFailed, CheckSkipped, Subject, expect
from herald.clock import utc_now
from herald.errors import Unavailable

SIGN_IN = "Set AWS_PROFILE and AWS_REGION, so that 'aws sts get-caller-identity' works."
NAME_THE_STACK = "Name the stack with --stack, and its region with AWS_REGION."
ALLOW_READING = (
    "Allow your credentials to read: cloudformation:Describe* and List*, lambda:GetFunctionConfiguration and "
    "GetAccountSettings, servicequotas:ListServiceQuotas, sns:ListSubscriptionsByTopic. Or use --skip."
)
ALLOW_KEYS = "Allow your credentials dynamodb:PutItem, GetItem and UpdateItem on the stack's KeyTable."
DEPLOY_AGAIN = "Find the cause with 'aws cloudformation describe-stack-events', then deploy again."
PUBLISH = "'sam deploy' alone publishes no version for a change of parameters. Deploy with 'make deploy'."
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
_WAITING_CALLERS = 4
"""Executions for requests: a caller needs the authorizer and then speech or api, and several callers wait at once."""
_OF_GPU, _OF_KOKORO, _OF_WEBHOOKS = 2, 2, 2
"""MaximumConcurrency of their queues in template.yaml."""
_OF_FUNCTIONS = {
    "lambda": ("StandardConcurrency", "VipConcurrency", "MaxBatchConcurrency"),
    "both": ("VipConcurrency",),
    "kubernetes": (),
}
"""The parameters that limit functions, by WorkerPlatform: a cluster processes the rest."""
_SHOWN = ("Profile", "KeepWarm", "EnableStream", "StreamAuthType", "GpuImage", "AlarmEmail", "RetentionDays")

LOOK_AT_LOGS = "Find the error in the functions' logs: sam logs --stack-name STACK, docs/operations.md."
CLOSE = "Requests without a key are accepted. Deploy the template unchanged: its HTTP API has an authorizer."
OPEN_STREAM = (
    "If it is 403, the function URL lacks its public permission: deploy this version's template. Otherwise check "
    "the log of SpeechStreamFunction."
)
LOOK_AT_WORKERS = "Check the logs of WorkerFunction and the queues' alarms; docs/operations.md has a section for each."
LOOK_AT_CLUSTER = (
    "Check the workers with 'kubectl -n herald get pods', and KEDA; docs/kubernetes.md. If a node was starting, run "
    "the check again."
)
LOOK_AT_BATCH = "Check the execution in Step Functions and the logs of PlanBatchFunction and SpeakItemsFunction."
LOOK_AT_REGION = (
    "The link is not signed for the bucket's regional host, which fails outside us-east-1: deploy this version."
)
LOOK_AT_LINK = (
    "If it is 403, the function may not read audio/ or the link's host is not the bucket's; see docs/storage.md."
)
LOOK_AT_GPU = (
    "An instance that starts from zero takes five to ten minutes: run the check again with a longer --timeout. "
    "Otherwise check the endpoint's log group and the check 'gpu-quota'."
)

_SPEECH = "/v1/audio/speech"
_JOB_SECONDS, _BATCH_SECONDS = 60.0, 180.0
_CLUSTER_SECONDS = 300.0
"""More time for a job or a batch if a cluster processes it, which may have to start a node."""
_ROWS = 3

type Json = dict[str, Any]


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
    """Check that every function can be invoked, and that requests are served by its last version."""
    found = subject.inspection.functions()
    broken = [function for function in found if function.state not in _STATES or function.update == "Failed"]
    if broken:
        listed = "; ".join(f"{each.name} is {each.state}/{each.update} {each.reason}".strip() for each in broken)
        raise CheckFailed(listed, DEPLOY_AGAIN)
    if outdated := ", ".join(function.name for function in found if function.outdated):
        raise CheckFailed(f"requests are served by an older version of {outdated}", PUBLISH)
    return f"{len(found)} functions can be invoked"


def concurrency(subject: Subject) -> str:
    """Check the account's concurrency limit against the stack's parameters."""
    if subject.is_local:
        raise CheckSkipped("a local stack has no AWS account")
    names = _OF_FUNCTIONS[subject.parameter("WorkerPlatform", "lambda")]
    needed = sum(int(subject.parameter(name, "0")) for name in names) + _WAITING_CALLERS
    needed += _OF_GPU * subject.has_gpu + _OF_KOKORO * (subject.parameter("KokoroMemorySize", "0") != "0")
    needed += _OF_WEBHOOKS * bool(subject.parameter("WebhookHosts"))
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


def health(subject: Subject) -> str:
    """Check the health endpoint."""
    answer = expect(subject.ask("GET", "/health", key=False), 200, LOOK_AT_LOGS)
    shown = answer.json()
    return f"version {shown['version']}, default voice {shown['default_voice']}, {answer.seconds:.2f} s"


def no_key(subject: Subject) -> str:
    """Check that a request without a key is rejected."""
    answer = subject.ask("GET", "/v1/voices", key=False)
    if answer.status not in {401, 403}:
        raise CheckFailed(f"without a key, GET /v1/voices returned {answer.summary}", CLOSE)
    return f"a request without a key is rejected ({answer.status})"


def speech(subject: Subject) -> str:
    """Synthesize a sentence synchronously."""
    answer = expect(subject.ask("POST", _SPEECH, _sentence("wav")), 200, LOOK_AT_LOGS)
    _check_wav(answer.body)
    return f"{len(answer.body):,} bytes of audio after {answer.seconds:.2f} s"


def stream(subject: Subject) -> str:
    """Stream a sentence and measure the time to the first byte."""
    if not subject.stream_url:
        raise CheckSkipped("the streaming function is not deployed (EnableStream)")
    if subject.parameter("StreamAuthType") == "AWS_IAM":
        raise CheckSkipped("its URL requires AWS signatures (StreamAuthType)")
    answer = expect(subject.ask("POST", _SPEECH, _sentence("wav"), url=subject.stream_url), 200, OPEN_STREAM)
    _check_wav(answer.body)
    return f"first byte after {answer.first_byte:.2f} s, the last of {len(answer.body):,} after {answer.seconds:.2f} s"


def job(subject: Subject) -> str:
    """Run a job and download its file through its link."""
    within, advice = _patience(subject, _JOB_SECONDS, LOOK_AT_WORKERS)
    shown = _done_job(subject, _sentence("mp3"), "queue", within=within, advice=advice)
    link = shown["audio_url"]
    host = urlsplit(link).hostname or ""
    _check_host(subject, host)
    file = expect(subject.fetch(link), 200, LOOK_AT_LINK)
    if len(file.body) != shown["audio_bytes"]:
        raise CheckFailed(f"the link returned {len(file.body)} of {shown['audio_bytes']} bytes", LOOK_AT_LINK)
    return f"{shown['id']} is done; its link at {host} returned {len(file.body):,} bytes"


def batch(subject: Subject) -> str:
    """Upload a manifest of three rows and process it."""
    order = {"name": "herald doctor", "template": "Hello {name}, this is a check.", "response_format": "mp3"}
    created = expect(subject.ask("POST", "/v1/batches", order), 202, LOOK_AT_LOGS).json()
    rows = "".join(f"{number},guest {secrets.randbelow(10**6)}\n" for number in range(_ROWS))
    try:
        subject.web.upload(f"id,name\n{rows}".encode(), created["upload"]["url"], created["upload"]["fields"])
    except Unavailable as error:
        raise CheckFailed(error.message, LOOK_AT_REGION) from None
    expect(subject.ask("POST", f"/v1/batches/{created['id']}/start"), 202, LOOK_AT_BATCH)
    within, advice = _patience(subject, _BATCH_SECONDS, LOOK_AT_BATCH)
    ended = subject.ended(f"/v1/batches/{created['id']}", within=within, advice=advice)
    counts = ended["counts"]
    if ended["state"] != "done" or counts["done"] != _ROWS:
        raise CheckFailed(
            f"{created['id']} is {ended['state']}, with {counts['done']} of {_ROWS} rows done", LOOK_AT_BATCH
        )
    return f"{created['id']} is done: {_ROWS} rows"


def gpu(subject: Subject) -> str:
    """Run a job on the GPU."""
    if not subject.has_gpu:
        raise CheckSkipped("the GPU is not deployed (GpuImage)")
    asked = _sentence("mp3") | {"quality": "high"}
    shown = _done_job(subject, asked, "gpu", within=subject.time_left(), advice=LOOK_AT_GPU)
    return f"{shown['id']} is done on the GPU: {shown['audio_seconds']:.1f} s of audio"


def _sentence(response_format: str) -> dict[str, str]:
    """Return a request for a new sentence, which no cached file can answer."""
    return {"input": f"This is check number {secrets.randbelow(10**6)}.", "response_format": response_format}


def _patience(subject: Subject, seconds: float, advice: str) -> tuple[float, str]:
    """Return how long to wait for workers, and the advice if that is not enough; both differ for a cluster."""
    return (seconds + _CLUSTER_SECONDS, LOOK_AT_CLUSTER) if subject.has_cluster else (seconds, advice)


def _check_wav(body: bytes) -> None:
    if not (body.startswith(b"RIFF") and len(body) > 1_000):  # noqa: PLR2004  the header alone has 104 bytes
        raise CheckFailed(f"the response is not a WAV file with audio; it has {len(body)} bytes", LOOK_AT_LOGS)


def _done_job(subject: Subject, asked: dict[str, str], route: str, *, within: float, advice: str) -> Json:
    accepted = expect(subject.ask("POST", "/v1/jobs", asked), 202, LOOK_AT_LOGS).json()
    if accepted["route"] != route:
        raise CheckFailed(f"the job took the route {accepted['route']}: {accepted['reason']}", advice)
    shown = subject.ended(f"/v1/jobs/{accepted['id']}", within=within, advice=advice)
    if shown["state"] != "done":
        error = shown["error"] or {}
        raise CheckFailed(f"{shown['id']} {shown['state']}: {error.get('code')}: {error.get('message')}", advice)
    return shown


def _check_host(subject: Subject, host: str) -> None:
    if subject.is_local or subject.parameter("LinkPublicKeyA") or subject.parameter("LinkPublicKeyB"):
        return
    if f".s3.{subject.region}." not in host:
        raise CheckFailed(f"the link points to {host}, not to the bucket in {subject.region}", LOOK_AT_REGION)
