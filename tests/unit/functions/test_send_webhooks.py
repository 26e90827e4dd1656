"""send_webhooks: sends what EventBridge queued, tries again later, and gives up with a reason."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from herald.aws.webhook_queue import WebhookSecret
from herald.errors import BrokenInstallation, Unavailable
from herald.functions.send_webhooks import SendWebhooksFunction
from herald.jobs.webhook_message import MOST_ATTEMPTS, Failure
from herald.runtime.settings import WEBHOOKS, Settings
from tests.support.moto_cloud import TABLE
from tests.unit.functions.conftest import Context, event, logged

REFUSED = Failure(code="webhook_refused", message="The receiver responded with 500.", status=500)
GONE = Failure(code="webhook_gone", message="The receiver responded with 410 Gone.", status=410, final=True)


def body(number=0, **detail):
    found = json.loads(event("send_webhooks__job_done")["Records"][0]["body"])
    found["detail"] |= {"id": f"job_{number:032x}"} | detail
    return json.dumps(found)


@pytest.fixture
def send(cloud, environment, monkeypatch):
    """`send(result, body, ...)` delivers messages to the function, whose attempts return `result`.

    A message can also be a pair of its body and its attributes.
    """
    for name, value in cloud.environment().items():
        monkeypatch.setenv(name, value)

    def send(result, *bodies, received=1):
        attempts = []

        def post(url, sent, headers):
            attempts.append((url, json.loads(sent), headers))
            return result(url) if callable(result) else result

        function = SendWebhooksFunction(Settings.read(os.environ, WEBHOOKS), post)
        batch = cloud.deliver("webhooks", *bodies)
        for record in batch["Records"]:
            record["attributes"]["ApproximateReceiveCount"] = str(received)
        answer = function(batch, Context())
        failed = [one["itemIdentifier"] for one in answer["batchItemFailures"]]
        assert set(failed) <= {record["messageId"] for record in batch["Records"]}
        return attempts, len(failed)

    return send


def dead(cloud):
    """Return the dead letters: body, reason, attempts."""
    url = cloud.urls["webhooks-dead"]
    answer = cloud.clients.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    return [
        (one["Body"], {name: value["StringValue"] for name, value in one["MessageAttributes"].items()})
        for one in answer.get("Messages", [])
    ]


def test_a_webhook_that_was_sent_is_deleted(send, cloud):
    attempts, failed = send(204, body(1), body(2))
    assert failed == 0
    assert sorted(sent["data"]["id"] for _, sent, _ in attempts) == [f"job_{number:032x}" for number in (1, 2)]
    assert all(headers["webhook-signature"].startswith("v1,") for _, _, headers in attempts)
    assert dead(cloud) == []


def waiting(cloud):
    """Return the calls that postponed a webhook: the delay, and the attributes of the copy."""
    sent = [one for one in cloud.calls("SendMessage") if one.get("DelaySeconds")]
    return [
        (one["DelaySeconds"], {name: value["StringValue"] for name, value in one["MessageAttributes"].items()})
        for one in sent
    ]


@pytest.fixture
def at(monkeypatch):
    """`at(time)` sets the time of the function and of its queue."""

    def at(now):
        for module in ("functions.send_webhooks", "aws.webhook_queue"):
            monkeypatch.setattr(f"herald.{module}.utc_now", lambda: now)

    return at


def test_a_webhook_that_was_refused_waits_as_a_delayed_copy_and_not_in_flight(send, cloud):
    _, failed = send(REFUSED, body(), received=3)
    assert failed == 0, "the original is deleted"
    ((delay, attributes),) = waiting(cloud)
    assert timedelta(minutes=4) <= timedelta(seconds=delay) <= timedelta(minutes=5)
    assert attributes["attempts_made"] == "3"
    (copy,) = [one for one in cloud.calls("SendMessage") if one.get("DelaySeconds")]
    assert (copy["MessageBody"], copy["MessageGroupId"]) == (body(), "acme")
    assert dead(cloud) == []


def test_a_copy_is_the_next_attempt(send, cloud):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    attempts, failed = send(204, (body(), {"attempts_made": "4", "due": now.isoformat()}))
    assert (len(attempts), failed) == (1, 0)
    assert waiting(cloud) == []


def test_a_copy_that_is_received_twice_was_attempted_twice(send, cloud):
    """A function that crashes during an attempt leaves no other trace of it."""
    send(REFUSED, (body(), {"attempts_made": str(MOST_ATTEMPTS - 2), "due": "2026-01-01T00:00:00+00:00"}), received=2)
    ((_, reason),) = dead(cloud)
    assert reason["attempts"] == str(MOST_ATTEMPTS)


def test_a_long_pause_is_a_series_of_delays(send, cloud, at, capsys):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    due = now + timedelta(minutes=35)
    for minutes in (0, 15, 30):
        at(now + timedelta(minutes=minutes))
        attempts, failed = send(204, (body(), {"attempts_made": "4", "due": due.isoformat()}))
        assert (attempts, failed) == ([], 0)
    same = {"attempts_made": "4", "due": due.isoformat()}
    assert waiting(cloud) == [(900, same), (900, same), (300, same)]
    assert not [one for one in logged(capsys.readouterr().out) if "webhook" in one.get("message", "")]
    at(due)
    assert len(send(204, (body(), same))[0]) == 1


def test_all_attempts_take_fifteen_hours(send, cloud, at):
    start = now = datetime(2026, 1, 1, tzinfo=UTC)
    message, posts = body(), 0
    while not (letters := dead(cloud)):
        at(now)
        cloud.asked.clear()
        attempts, failed = send(REFUSED, message)
        posts += len(attempts)
        assert failed == 0
        if found := waiting(cloud):
            ((delay, attributes),) = found
            message, now = (body(), attributes), now + timedelta(seconds=delay)
    assert (posts, letters[0][1]["attempts"]) == (MOST_ATTEMPTS, str(MOST_ATTEMPTS))
    assert timedelta(hours=12) < now - start < timedelta(hours=15, minutes=30)


def test_a_webhook_stays_in_the_queue_if_it_cannot_be_postponed(send, cloud):
    cloud.refuse("sqs", "SendMessage", after=2)
    attempts, failed = send(REFUSED, body(1), body(2))
    assert (len(attempts), failed) == (2, 2)


def test_a_slow_receiver_does_not_affect_others(send, cloud):
    _, failed = send(
        lambda url: REFUSED if "slow" in url else 204,
        body(1),
        body(2, webhook_url="https://slow.example.com/"),
        body(3),
    )
    assert failed == 0
    assert len(waiting(cloud)) == 1


@pytest.mark.parametrize(
    ("result", "received", "code"), [(REFUSED, MOST_ATTEMPTS, "webhook_refused"), (GONE, 1, "webhook_gone")]
)
def test_a_webhook_is_given_up_with_its_reason(send, cloud, result, received, code):
    _, failed = send(result, body(), received=received)
    assert failed == 0
    ((letter, reason),) = dead(cloud)
    assert letter == body()  # so that it can be moved back to the queue as it is
    assert reason == {"reason": code, "message": result.message, "attempts": str(received)}


def test_a_malformed_message_is_given_up_and_the_others_are_sent(send, cloud):
    attempts, failed = send(204, "{", body())
    assert (len(attempts), failed) == (1, 0)
    assert [reason["reason"] for _, reason in dead(cloud)] == ["broken_message"]


def test_a_webhook_stays_in_the_queue_if_it_cannot_be_given_up(send, cloud):
    cloud.refuse("sqs", "SendMessage", after=1)
    _, failed = send(GONE, body())
    assert failed == 1


def test_logs_have_the_job_and_no_url(send, capsys):
    send(REFUSED, body(webhook_url="https://hooks.example.com/a-token-of-the-customer"))
    log = capsys.readouterr().out
    (line,) = [one for one in logged(log) if one.get("message") == "webhook postponed"]
    assert (line["id"], line["tenant"], line["code"], line["attempt"]) == (
        f"job_{0:032x}",
        "acme",
        "webhook_refused",
        1,
    )
    assert "a-token-of-the-customer" not in log


def test_after_a_rotation_webhooks_have_both_signatures(send, cloud):
    cloud.clients.secrets.put_secret_value(SecretId=cloud.secret, SecretString="another secret")
    ((_, _, headers),), _ = send(204, body())
    assert len(headers["webhook-signature"].split()) == 2


def test_the_secret_is_kept_while_it_cannot_be_read(cloud):
    times = iter([datetime(2026, 1, 1, hour=hour, tzinfo=UTC) for hour in range(4)])
    secret = WebhookSecret(cloud.clients, secret=cloud.secret, clock=lambda: next(times))
    values = secret.values()
    cloud.refuse("secrets", "GetSecretValue")
    assert secret.values() == values
    fresh = WebhookSecret(cloud.clients, secret=cloud.secret)
    with pytest.raises(Unavailable):
        fresh.values()
    vars(cloud.clients.secrets).pop("_make_api_call")


def test_the_secret_is_read_again_after_five_minutes(cloud):
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    times = iter([noon, noon, noon + timedelta(minutes=4), noon + timedelta(minutes=5)])
    secret = WebhookSecret(cloud.clients, secret=cloud.secret, clock=lambda: next(times))
    (first,) = secret.values()
    cloud.clients.secrets.put_secret_value(SecretId=cloud.secret, SecretString="another secret")
    assert secret.values() == (first,)
    assert secret.values() == ("another secret", first)


def test_a_missing_secret_is_a_broken_installation(cloud):
    with pytest.raises(BrokenInstallation, match="webhooks"):
        WebhookSecret(cloud.clients, secret="missing").values()  # noqa: S106


# --- outcomes, as jobs and batches show them ---

URL = "https://hooks.example.com/herald"
PENDING = {"state": "pending", "attempts": 0, "last_attempt_at": None, "status": None, "error": None}
SENT = {"/v1/jobs": {"input": "Hallo."}, "/v1/batches": {"name": "A", "items": [{"id": "a", "text": "Hallo."}]}}


@pytest.fixture(params=SENT)
def submitted(request, http, send, monkeypatch):
    """The id of a job or batch with a webhook_url, and a function that returns what it shows of its webhook."""
    monkeypatch.setenv("HERALD_WEBHOOK_HOSTS", "hooks.example.com")
    path = request.param
    made = http("POST", path, SENT[path] | {"webhook_url": URL})
    assert made.status == 202, made.json
    return made.json["id"], lambda: http("GET", f"{path}/{made.json['id']}").json["webhook"]


def test_a_webhook_is_pending_until_its_first_attempt(submitted):
    assert submitted[1]() == PENDING


def test_without_a_url_there_is_no_webhook(cloud, http):
    assert http("POST", "/v1/jobs", SENT["/v1/jobs"]).json["webhook"] is None


def test_each_attempt_is_shown_until_one_is_delivered(submitted, send, cloud):
    about, shown = submitted
    send(REFUSED, body(id=about), received=2)
    found = shown()
    assert datetime.now(UTC) - datetime.fromisoformat(found.pop("last_attempt_at")) < timedelta(minutes=1)
    error = {"code": "webhook_refused", "message": REFUSED.message}
    assert found == {"state": "retrying", "attempts": 2, "status": 500, "error": error}
    cloud.asked.clear()
    send(204, body(id=about), received=3)
    assert len(cloud.calls("UpdateItem")) == 1, "an attempt writes once"
    found = shown()
    assert (found["state"], found["attempts"], found["status"], found["error"]) == ("delivered", 3, 204, None)


@pytest.mark.parametrize(("result", "received"), [(REFUSED, MOST_ATTEMPTS), (GONE, 1)])
def test_a_webhook_that_was_given_up_has_failed(submitted, send, result, received):
    about, shown = submitted
    send(result, body(id=about), received=received)
    found = shown()
    assert (found["state"], found["attempts"], found["status"]) == ("failed", received, result.status)
    send(204, body(id=about))  # the operator has moved the dead letter back
    assert shown()["state"] == "delivered"


def test_an_event_that_was_published_twice_does_not_change_a_delivery(submitted, send):
    about, shown = submitted
    send(204, body(id=about))
    before = shown()
    send(REFUSED, body(id=about))
    assert shown() == before


def test_the_webhook_of_another_run_is_not_shown(submitted, send):
    about, shown = submitted
    send(REFUSED, body(id=about, redrives=1), received=MOST_ATTEMPTS)
    assert shown() == PENDING


def stored(cloud):
    """Return the run, the state and the attempts of the stored outcome."""
    (found,) = [row["webhook"]["M"] for row in cloud.rows() if "webhook" in row]
    return found["message"]["S"], found["state"]["S"], int(found["attempts"]["N"])


def test_the_outcome_of_a_later_run_replaces_that_of_an_earlier_one(submitted, send, cloud):
    about, _ = submitted
    for redrives in (0, 9, 10):
        send(204, body(id=about, redrives=redrives))
    send(REFUSED, body(id=about, redrives=11), received=2)
    assert stored(cloud) == (f"{about}_11", "retrying", 2)


@pytest.mark.parametrize("state", ["delivered", "retrying"])
def test_a_dead_letter_of_an_earlier_run_does_not_replace_a_newer_outcome(submitted, send, cloud, state):
    about, _ = submitted
    send(REFUSED, body(id=about, redrives=9), received=MOST_ATTEMPTS)
    send(204 if state == "delivered" else REFUSED, body(id=about, redrives=10), received=3)
    for result in (204, REFUSED):  # the operator has moved the dead letter back
        assert len(send(result, body(id=about, redrives=9))[0]) == 1
        assert stored(cloud) == (f"{about}_10", state, 3)


def test_an_outcome_that_an_earlier_version_stored_is_replaced(submitted, send, cloud):
    about, shown = submitted
    send(REFUSED, body(id=about))
    cloud.clients.dynamodb.update_item(
        TableName=TABLE, Key={"id": {"S": about}}, UpdateExpression="REMOVE webhook.#run",
        ExpressionAttributeNames={"#run": "run"},
    )  # fmt: skip
    assert shown()["state"] == "retrying"
    send(204, body(id=about), received=2)
    assert (shown()["state"], shown()["attempts"]) == ("delivered", 2)


def test_the_outcome_of_an_expired_job_is_not_stored(send, cloud):
    send(204, body())
    assert cloud.rows() == []


def test_a_webhook_is_not_sent_again_because_its_outcome_could_not_be_stored(submitted, send, cloud, caplog):
    cloud.refuse("dynamodb", "UpdateItem")
    attempts, failed = send(204, body(id=submitted[0]))
    assert (len(attempts), failed) == (1, 0)
    (line,) = [one for one in caplog.records if one.getMessage() == "webhook outcome not stored"]
    assert (line.id, line.code) == (submitted[0], "unavailable")


def test_a_change_of_a_batch_keeps_the_outcome(http, send, monkeypatch):
    monkeypatch.setenv("HERALD_WEBHOOK_HOSTS", "hooks.example.com")
    made = http("POST", "/v1/batches", {"name": "A", "template": "Hallo {name}.", "webhook_url": URL}).json
    send(204, body(id=made["id"]))
    assert http("DELETE", f"/v1/batches/{made['id']}").json["webhook"]["state"] == "delivered"
    (listed,) = http("GET", "/v1/batches").json["data"]
    assert listed["webhook"]["state"] == "delivered"
