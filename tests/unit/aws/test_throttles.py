"""Throttled calls are retried sooner and more often than other failures."""

import pytest
from botocore.awsrequest import AWSResponse

from herald.aws.clients import Clients, ThrottleBackoff, translate_errors
from herald.errors import Unavailable

THROTTLE = b'{"__type": "ThrottlingException", "message": "purple"}'


class FakeResponses:
    """Responds to a client's requests instead of AWS, and counts them."""

    def __init__(self, *bodies_and_statuses):
        self._responses = list(bodies_and_statuses)
        self.requests = 0

    def __call__(self, request, **_):
        self.requests += 1
        body, status = self._responses.pop(0) if len(self._responses) > 1 else self._responses[0]
        response = AWSResponse(request.url, status, {}, None)
        response._content = body
        return response


@pytest.fixture
def pauses(monkeypatch):
    """The pauses of botocore, in seconds, which are skipped."""
    slept = []
    monkeypatch.setattr("botocore.endpoint.time.sleep", slept.append)
    return slept


@pytest.fixture
def table(monkeypatch):
    """A factory of a DynamoDB client with three attempts and given responses, as (body, status)."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    client = Clients(attempts=3).dynamodb

    def responding(*bodies_and_statuses):
        responses = FakeResponses(*bodies_and_statuses)
        client.meta.events.register("before-send", responses)
        return client, responses

    return responding


def test_throttled_calls_are_retried_soon(table, pauses):
    client, responses = table((THROTTLE, 400), (THROTTLE, 400), (THROTTLE, 400), (b'{"TableNames": []}', 200))
    assert client.list_tables()["TableNames"] == []
    assert responses.requests == 4
    assert [0.0125 <= pauses[0] <= 0.025, 0.025 <= pauses[1] <= 0.05, 0.05 <= pauses[2] <= 0.1] == [True] * 3


def test_permanent_throttling_gives_up(table, pauses):
    client, responses = table((THROTTLE, 400))
    with pytest.raises(client.exceptions.ClientError):
        client.list_tables()
    assert responses.requests == 6
    assert sum(pauses) < 1


def test_other_errors_are_left_to_botocore(table, pauses):
    client, responses = table((b'{"__type": "InternalServerError", "message": "purple"}', 500))
    with pytest.raises(client.exceptions.ClientError):
        client.list_tables()
    assert responses.requests == 3


@pytest.mark.parametrize(("code", "status"), [("SlowDown", 503), ("503", 503), ("TooMany", 429)])
def test_throttling_codes_of_other_services(code, status):
    response = AWSResponse("https://s3.example", status, {}, None)
    parsed = {"Error": {"Code": code}}
    assert 0.0125 <= ThrottleBackoff(3)(response=(response, parsed), attempts=1) <= 0.025
    assert ThrottleBackoff(3)(response=(response, parsed), attempts=3) is None
    assert ThrottleBackoff(3)(response=None, attempts=1) is None


def test_throttling_is_unavailable(table, pauses):
    client, _ = table((THROTTLE, 400))
    with pytest.raises(Unavailable, match="ThrottlingException"), translate_errors("DynamoDB"):
        client.list_tables()
