"""Expectations for the sample events: EXPECTED maps each event to a check that calls its function."""

import json

EXPECTED = {}


def of(event):
    """Register a check for the event with this name."""

    def add(check):
        assert event not in EXPECTED, f"two checks for {event}"
        EXPECTED[event] = check
        return check

    return add


def body_of(answer, status):
    """Return the JSON body of a response to API Gateway."""
    assert answer["statusCode"] == status, answer
    assert headers_of(answer)["content-type"] == "application/json"
    return json.loads(answer["body"])


def headers_of(answer):
    """Return the headers of a response to API Gateway, with names in lower case."""
    return {name.lower(): value for name, value in answer["headers"].items()}


def error_of(answer, status):
    """Return the code and param of an error response."""
    error = body_of(answer, status)["error"]
    assert error["message"]
    return error["code"], error["param"]
