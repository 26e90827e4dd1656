"""What lies in the queues is read strictly, and names no text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herald.errors import BrokenMessage
from herald.jobs.messages import VERSION, JobMessage
from tests.jobs import TEXT, a_job
from tests.unit.jobs.services import message_of

MARKER = "Sesame-opens-1f0c"


def test_a_message_there_and_back_says_which_job_and_no_more():
    job = a_job()
    body = message_of(job).model_dump_json()
    assert json.loads(body) == {"version": VERSION, "job": job.id, "tenant": "acme"}
    assert JobMessage.parse(body) == message_of(job)
    assert TEXT not in body


def test_what_a_later_sender_of_this_version_adds_is_left_out():
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
def test_what_is_no_message_of_this_version(body):
    with pytest.raises(BrokenMessage) as caught:
        JobMessage.parse(body)
    assert MARKER not in str(caught.value)
    assert caught.value.__cause__ is None


@given(st.text())
def test_no_text_does_more_than_be_refused(body):
    with pytest.raises(BrokenMessage):
        JobMessage.parse(body)
