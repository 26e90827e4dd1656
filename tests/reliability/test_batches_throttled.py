"""AWS throttles 3 in 10 calls of the batch functions: each row has one file, and nothing fails."""

from collections import Counter
from contextlib import ExitStack

from tests.support.batch_runs import SHORT, Sent, people
from tests.support.throttling_proxy import throttled

ROWS = 40
SHARE = 0.3
SERVICES = ("DYNAMODB", "S3", "EVENTBRIDGE")
FUNCTIONS = ("PlanBatchFunction", "SpeakItemsFunction", "FinishBatchFunction")
LONGEST = 300


def test_a_throttled_batch_is_complete(deployed, figures):
    with ExitStack() as stack:
        proxy = stack.enter_context(throttled(deployed.stack.aws_endpoint_url, SHARE))
        endpoints = {f"AWS_ENDPOINT_URL_{service}": proxy.url for service in SERVICES}
        for function in FUNCTIONS:
            stack.enter_context(deployed.function_with(function, **endpoints))
        sent = Sent(deployed, people(ROWS), template=f"Throttled. {SHORT}", response_format="ulaw")
        batch = sent.ended(LONGEST)
    assert (batch["state"], batch["counts"]["done"]) == ("done", ROWS)
    rows = sent.rows()
    assert len(rows) == ROWS
    assert Counter(row["state"] for row in rows.values()) == {"done": ROWS}
    refused = sum(count for (_, passed), count in proxy.calls.items() if not passed)
    assert refused > ROWS
    figures.append(f"a batch of {ROWS} rows while {refused} of {proxy.calls.total()} calls were throttled: all done")
