"""What is expected of each sample event: EXPECTED has a check for every one, which calls its function."""

import json

EXPECTED = {}


def of(event):
    """Put a check into the table, for the event of this name."""

    def add(check):
        assert event not in EXPECTED, f"two checks for {event}"
        EXPECTED[event] = check
        return check

    return add


def body_of(answer, status):
    """The JSON in an answer to API Gateway."""
    assert answer["statusCode"] == status, answer
    assert headers_of(answer)["content-type"] == "application/json"
    return json.loads(answer["body"])


def headers_of(answer):
    """The headers of an answer to API Gateway, their names in lower case."""
    return {name.lower(): value for name, value in answer["headers"].items()}


def error_of(answer, status):
    """The code of an answer in the shape of every error, and what it is about."""
    error = body_of(answer, status)["error"]
    assert error["message"]
    return error["code"], error["param"]
