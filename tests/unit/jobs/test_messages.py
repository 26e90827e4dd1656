"""Queue messages are parsed strictly, and contain no text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herald.errors import MalformedMessage
from herald.jobs.job_messages import MESSAGE_VERSION, JobMessage
from tests.support.job_samples import TEXT, a_job
from tests.support.job_services import message_of

MARKER = "Sesame-opens-1f0c"


def test_message_round_trip_contains_only_the_job():
    job = a_job()
    body = message_of(job).model_dump_json()
    assert json.loads(body) == {"version": MESSAGE_VERSION, "job": job.id, "tenant": "acme"}
    assert JobMessage.parse(body) == message_of(job)
    assert TEXT not in body


def test_additional_fields_are_ignored():
    assert JobMessage.parse('{"job": "j", "tenant": "t", "colour": "red"}') == JobMessage(job="j", tenant="t")


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        MARKER,
        f'{{"job": "{MARKER}"',
        "null",
        "[]",
        f'["{MARKER}"]',
        f'{{"job": "{MARKER}"}}',
        f'{{"job": ["{MARKER}"], "tenant": "t"}}',
        f'{{"job": "{MARKER}", "tenant": null}}',
        f'{{"version": 2, "job": "{MARKER}", "tenant": "t"}}',
        f'{{"version": 0, "job": "{MARKER}", "tenant": "t"}}',
        f'{{"version": "{MARKER}", "job": "j", "tenant": "t"}}',
        "[" * 100_000,
        f'{{"job": "\ud800{MARKER}", "tenant": "t"}}',
        "\x00",
    ],
)
def test_malformed_messages_are_rejected(body):
    with pytest.raises(MalformedMessage) as caught:
        JobMessage.parse(body)
    assert MARKER not in str(caught.value)
    assert caught.value.__cause__ is None


@given(st.text())
def test_any_text_is_rejected(body):
    with pytest.raises(MalformedMessage):
        JobMessage.parse(body)
