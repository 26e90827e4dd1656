"""AWS throttles 3 in 10 calls of the functions: nothing is lost, duplicated or moved to dead letters.

The deployed functions api and worker call the emulator through a throttling proxy.
"""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from tests.support.end_events import EndEvents
from tests.support.throttling_proxy import throttled

JOBS = 24
SHARE = 0.3
SERVICES = ("DYNAMODB", "S3", "SQS", "EVENTBRIDGE")
LONGEST = 300
MOST_POSTS = 10


def ask(deployed, name):
    """Submit a job with retries under one Idempotency-Key; return its id and the number of requests."""
    for post in range(1, MOST_POSTS):
        body = {"input": f"{name}.", "response_format": "ulaw"}
        answer = deployed.http.post("/v1/jobs", json=body, headers={"Idempotency-Key": name.replace(" ", "-")})
        if answer.status_code == HTTPStatus.ACCEPTED:
            return answer.json()["id"], post
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), answer.text
    raise AssertionError(f"{MOST_POSTS} posts were refused")


def drain(deployed, name):
    """Run jobs; return their rows, the number of requests, and the workers' seconds."""
    with deployed.paused("WorkerFunctionStandard"), ThreadPoolExecutor(2) as pool:
        asked = dict(pool.map(lambda number: ask(deployed, f"{name} {number}"), range(JOBS)))
    began = time.monotonic()
    for job_id, row in deployed.rows(asked).items():
        if row.state == "accepted":  # sending failed; the sweeper retries after a minute
            deployed.due_now(job_id)
    deployed.sweep()
    return deployed.all_ended(asked, LONGEST), sum(asked.values()), time.monotonic() - began


def test_throttled_functions_lose_nothing(deployed, figures):
    with EndEvents(deployed, "ended-throttled") as ended_events, throttled(deployed.stack.aws_endpoint_url, 0) as proxy:
        endpoints = {f"AWS_ENDPOINT_URL_{service}": proxy.url for service in SERVICES}
        with deployed.function_with("WorkerFunction", **endpoints), deployed.function_with("ApiFunction", **endpoints):
            drain(deployed, "Cold")  # changed settings start new processes
            _, _, calm = drain(deployed, "Calm")
            proxy.calls.clear()
            proxy.share = SHARE
            rows, posts, seconds = drain(deployed, "Throttled")
        assert len(rows) == JOBS
        assert Counter(row.state for row in rows.values()) == {"done": JOBS}
        twice = ended_events.each(rows).total() - JOBS
    again = sum(row.attempts - 1 for row in rows.values())
    refused = sum(count for (_, passed), count in proxy.calls.items() if not passed)
    figures.append(
        f"{JOBS} jobs while {refused} of {proxy.calls.total()} calls were throttled: {posts} posts; done in "
        f"{seconds:.1f} s, {calm:.1f} s in calm; {again} attempts begun again, "
        f"{twice} repeated events"
    )
    assert not deployed.waiting("StandardDeadLetters")
    assert {service for service, passed in proxy.calls if not passed} >= {"DynamoDB", "S3"}
