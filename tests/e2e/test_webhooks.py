"""Webhooks of the deployed stack, received by a server on this machine and verified with the reference library."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from standardwebhooks import Webhook

from herald.jobs.webhook_message import shown_key, tenant_key
from local.keys import TENANT
from tests.support.batch_runs import Sent, people
from tests.support.deployed_stack import deployed, until

deployed = pytest.fixture(deployed, scope="module")


class Receiver(BaseHTTPRequestHandler):
    """Records requests. The first to /flaky gets 500, every one to /gone 410, all others 204."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kept = self.server.received.setdefault(self.path, [])
        kept.append((body, dict(self.headers)))
        flaky = self.path == "/flaky" and len(kept) == 1
        self.send_response(500 if flaky else 410 if self.path == "/gone" else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def receiver():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.received = {}
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def verified(deployed, receiver):
    """Return a function that waits for a number of webhooks to a path, verifies them, and returns their contents."""
    value = deployed.aws("secretsmanager").get_secret_value(SecretId=deployed["WebhookSecret"])["SecretString"]
    verifier = Webhook(shown_key(tenant_key(value, TENANT)))

    def verified(path, count=1):
        received = until(lambda: receiver.received.get(path, [])[count - 1 :] and receiver.received[path])
        assert len(received) == count
        # The library needs names in lower case.
        return [
            (verifier.verify(body, {name.lower(): value for name, value in headers.items()}), headers["webhook-id"])
            for body, headers in received
        ]

    return verified


def delivered(deployed, path):
    """Return what a job or batch shows of its webhook once it was delivered, else None."""
    shown = deployed.http.get(path).json()["webhook"]
    return shown if shown["state"] == "delivered" else None


@pytest.fixture(scope="module")
def url(receiver):
    return lambda path: f"http://127.0.0.1:{receiver.server_port}{path}"


def test_a_job_sends_a_signed_webhook_and_repeats_it_after_a_failure(deployed, url, verified):
    job = deployed.post(input="The webhook of this job is refused once.", webhook_url=url("/flaky"))
    assert job["webhook_url"] == url("/flaky")
    first, second = verified("/flaky", 2)
    assert first == second
    content, webhook_id = first
    assert (content["type"], webhook_id) == ("herald.job.done", job["id"])
    ended = deployed.ended(job["id"])
    assert content["data"]["id"] == job["id"]
    assert content["data"]["audio"]["bytes"] == ended["audio_bytes"]
    assert not content["data"].keys() & {"webhook_url", "webhook"}
    shown = until(lambda: delivered(deployed, f"/v1/jobs/{job['id']}"))
    assert (shown["attempts"], shown["status"], shown["error"]) == (2, 204, None)
    assert shown["last_attempt_at"] > ended["ended_at"]


def test_a_job_without_a_url_sends_nothing(deployed, receiver, url, verified):
    silent = deployed.post(input="Nobody is ended_events of this job.")
    deployed.ended(silent["id"])
    deployed.post(input="This job is announced.", webhook_url=url("/announced"))
    verified("/announced")
    assert not [1 for kept in receiver.received.values() for body, _ in kept if silent["id"].encode() in body]


def test_a_batch_sends_one_webhook(deployed, url, verified):
    sent = Sent(deployed, people(5), webhook_url=url("/batch"))
    sent.ended()
    ((content, webhook_id),) = verified("/batch")
    assert (content["type"], content["data"]["counts"]["done"]) == ("herald.batch.done", 5)
    assert webhook_id == content["data"]["id"]
    shown = until(lambda: delivered(deployed, f"/v1/batches/{webhook_id}"))
    assert (shown["attempts"], shown["status"]) == (1, 204)


def test_a_webhook_that_is_given_up_is_a_dead_letter_with_its_reason(deployed, url, verified):
    job = deployed.post(input="The receiver of this job is gone.", webhook_url=url("/gone"))
    verified("/gone")

    def letter():
        answer = deployed.aws("sqs").receive_message(
            QueueUrl=deployed["WebhookDeadLetters"], MessageAttributeNames=["All"], MaxNumberOfMessages=10
        )
        return answer.get("Messages")

    (dead,) = until(letter)
    assert json.loads(dead["Body"])["detail"]["id"] == job["id"]
    assert dead["MessageAttributes"]["reason"]["StringValue"] == "webhook_gone"
    shown = deployed.http.get(f"/v1/jobs/{job['id']}").json()["webhook"]
    assert (shown["state"], shown["attempts"], shown["status"], shown["error"]["code"]) == (
        "failed",
        1,
        410,
        "webhook_gone",
    )
    deployed.aws("sqs").delete_message(QueueUrl=deployed["WebhookDeadLetters"], ReceiptHandle=dead["ReceiptHandle"])


def test_this_machine_is_refused_over_https(deployed, receiver, url):
    bad = url("/https").replace("http:", "https:")
    answer = deployed.http.post("/v1/jobs", json={"input": "No.", "webhook_url": bad})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_webhook_url")
