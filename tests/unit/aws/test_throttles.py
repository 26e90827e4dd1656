"""A throttled call is tried again soon, and more often than another that failed."""

import pytest
from botocore.awsrequest import AWSResponse

from herald.aws.clients import Clients, asking
from herald.aws.throttles import Pauses
from herald.errors import Unavailable

THROTTLE = b'{"__type": "ThrottlingException", "message": "purple"}'


class Answers:
    """Answers a client's requests in place of AWS, and counts them."""

    def __init__(self, *bodies_and_statuses):
        self._answers = list(bodies_and_statuses)
        self.asked = 0

    def __call__(self, request, **_):
        self.asked += 1
        body, status = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        answer = AWSResponse(request.url, status, {}, None)
        answer._content = body
        return answer


@pytest.fixture
def pauses(monkeypatch):
    """Seconds that botocore would have slept."""
    slept = []
    monkeypatch.setattr("botocore.endpoint.time.sleep", slept.append)
    return slept


@pytest.fixture
def table(monkeypatch):
    """A client of DynamoDB, three attempts at each call, whose answers a test gives."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    client = Clients(attempts=3).dynamodb

    def answering(*answers):
        said = Answers(*answers)
        client.meta.events.register("before-send", said)
        return client, said

    return answering


def test_a_throttle_is_waited_out_soon(table, pauses):
    client, said = table((THROTTLE, 400), (THROTTLE, 400), (THROTTLE, 400), (b'{"TableNames": []}', 200))
    assert client.list_tables()["TableNames"] == []
    assert said.asked == 4
    assert [0.0125 <= pauses[0] <= 0.025, 0.025 <= pauses[1] <= 0.05, 0.05 <= pauses[2] <= 0.1] == [True] * 3


def test_an_endless_throttle_ends(table, pauses):
    client, said = table((THROTTLE, 400))
    with pytest.raises(client.exceptions.ClientError):
        client.list_tables()
    assert said.asked == 6
    assert sum(pauses) < 1


def test_another_fault_is_botocores_business(table, pauses):
    client, said = table((b'{"__type": "InternalServerError", "message": "purple"}', 500))
    with pytest.raises(client.exceptions.ClientError):
        client.list_tables()
    assert said.asked == 3


@pytest.mark.parametrize(("code", "status"), [("SlowDown", 503), ("503", 503), ("TooMany", 429)])
def test_s3_names_it_otherwise(code, status):
    answer = AWSResponse("https://s3.example", status, {}, None)
    parsed = {"Error": {"Code": code}}
    assert 0.0125 <= Pauses(3)(response=(answer, parsed), attempts=1) <= 0.025
    assert Pauses(3)(response=(answer, parsed), attempts=3) is None
    assert Pauses(3)(response=None, attempts=1) is None


def test_it_is_told_as_unavailable(table, pauses):
    client, _ = table((THROTTLE, 400))
    with pytest.raises(Unavailable, match="ThrottlingException"), asking("DynamoDB"):
        client.list_tables()
