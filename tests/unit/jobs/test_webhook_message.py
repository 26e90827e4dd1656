"""Webhooks: their body and their signature, which the authors of Standard Webhooks verify, and their retries."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from herald.errors import MalformedMessage
from herald.jobs.webhook_message import MOST_ATTEMPTS, Webhook, failure_of, pause_after, shown_key, tenant_key

EVENTS = Path(__file__).parents[3] / "events"
SECRETS = ("the current secret", "the previous secret")


def message(name):
    """Return the body of a sample's queue message."""
    return json.loads((EVENTS / f"send_webhooks__{name}.json").read_text())["Records"][0]["body"]


def now():
    return datetime.now(UTC)


def secret(master=SECRETS[0], tenant="acme"):
    return shown_key(tenant_key(master, tenant))


@pytest.mark.parametrize("name", ["job_done", "batch_done"])
@pytest.mark.parametrize("master", SECRETS)
def test_the_reference_library_verifies_both_signatures(name, master):
    webhook = Webhook.parse(message(name))
    headers = webhook.headers(SECRETS, now())
    event = json.loads(message(name))
    assert Verifier(secret(master)).verify(webhook.body, headers) == {
        "type": event["detail-type"],
        "timestamp": event["detail"]["ended_at"],
        "data": {key: value for key, value in event["detail"].items() if key != "webhook_url"},
    }


def test_our_signature_equals_that_of_the_reference_library():
    webhook, at = Webhook.parse(message("job_done")), now()
    theirs = Verifier(secret()).sign(webhook.id, at, webhook.body.decode())
    assert webhook.headers(SECRETS[:1], at)["webhook-signature"] == theirs


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "job_00000000000000000000000000000000"},
        {"webhook-timestamp": str(int((datetime.now(UTC) - timedelta(minutes=6)).timestamp()))},
        {"webhook-signature": "v1," + base64.b64encode(bytes(32)).decode()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_changed_headers_are_refused(change):
    webhook = Webhook.parse(message("job_done"))
    with pytest.raises(WebhookVerificationError):
        Verifier(secret()).verify(webhook.body, webhook.headers(SECRETS, now()) | change)


def test_a_changed_body_is_refused():
    webhook = Webhook.parse(message("job_done"))
    with pytest.raises(WebhookVerificationError):
        Verifier(secret()).verify(webhook.body.replace(b"done", b"gone"), webhook.headers(SECRETS, now()))


def test_no_tenant_can_sign_for_another():
    webhook = Webhook.parse(message("job_done"))
    with pytest.raises(WebhookVerificationError):
        Verifier(secret(tenant="other")).verify(webhook.body, webhook.headers(SECRETS, now()))
    assert len(base64.b64decode(secret().removeprefix("whsec_"))) == 32


def test_the_key_of_a_tenant_is_the_same_in_every_version():
    """Receivers store it."""
    assert secret() == "whsec_zIIB3e6UaYUhPShWcBbTqcXygrB60cpr/ZxWxUSunrA="


def test_the_id_is_that_of_the_job_and_counts_the_redrives_of_a_batch():
    assert Webhook.parse(message("job_done")).id == "job_01a20320a2005c2f8e91d07a4b36aa10"
    assert Webhook.parse(message("batch_done")).id == "batch_01a20320a2005c2f8e91d07a4b36aa10"
    again = json.loads(message("batch_done"))
    again["detail"]["redrives"] = 2
    assert Webhook.parse(json.dumps(again)).id == "batch_01a20320a2005c2f8e91d07a4b36aa10_2"


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"detail-type": "herald.job.done", "detail": {}}', "\ud800"])
def test_a_malformed_event_is_refused(text):
    with pytest.raises(MalformedMessage, match="malformed"):
        Webhook.parse(text)


def test_pauses_grow_and_end():
    pauses = [pause_after(attempt) for attempt in range(1, MOST_ATTEMPTS)]
    assert pauses == sorted(pauses)
    assert pauses[0] <= timedelta(seconds=5)
    assert timedelta(hours=12) < sum(pauses, timedelta()) < timedelta(hours=16)
    # SQS hides a message for at most 12 hours.
    assert max(pauses) < timedelta(hours=12)
    assert pause_after(MOST_ATTEMPTS) is None


@pytest.mark.parametrize(
    ("status", "code", "final"),
    [
        (300, "webhook_redirected", False), (301, "webhook_redirected", False), (308, "webhook_redirected", False),
        (400, "webhook_refused", False), (404, "webhook_refused", False), (410, "webhook_gone", True),
        (429, "webhook_refused", False), (500, "webhook_refused", False), (199, "webhook_refused", False),
    ],
)  # fmt: skip
def test_other_statuses_than_success_are_failures(status, code, final):
    failure = failure_of(status)
    assert (failure.code, failure.final, failure.status) == (code, final, status)
    assert str(status) in failure.message


@pytest.mark.parametrize("status", [200, 202, 204, 299])
def test_success(status):
    assert failure_of(status) is None
