"""Events of log groups: without the patch, only the first 10,000 are returned."""

import time

from tests.local.conftest import client

MOST_AT_ONCE = 10_000
"""Maximum events per PutLogEvents call."""


def test_all_events_of_a_group_are_returned(emulator):
    logs = client(emulator[1], "logs")
    logs.create_log_group(logGroupName="many")
    logs.create_log_stream(logGroupName="many", logStreamName="one")
    now = int(time.time() * 1000)
    for events in (
        [{"timestamp": now, "message": "early"}] * MOST_AT_ONCE,
        [{"timestamp": now + 1, "message": "late"}],
    ):
        logs.put_log_events(logGroupName="many", logStreamName="one", logEvents=events)
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName="many")
    messages = [event["message"] for page in pages for event in page["events"]]
    assert (len(messages), messages[-1]) == (MOST_AT_ONCE + 1, "late")
