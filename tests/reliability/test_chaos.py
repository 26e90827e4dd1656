"""Mixed load with crashed and stopped processes, and throttled, delayed and lost AWS calls: no accepted work is lost.

Runs for a minute or HERALD_CHAOS_SECONDS; `make test-chaos` runs ten minutes.
"""

import io
import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest
import soundfile

from herald.speech import default_voice
from local.process import Process
from tests.conftest import Sagemaker
from tests.reliability.chaos_load import TENANT, Load
from tests.support.deployed_stack import until
from tests.support.fault_injection import Havoc
from tests.support.throttling_proxy import throttled

SECONDS = int(os.environ.get("HERALD_CHAOS_SECONDS", "60"))
SEED = int(os.environ.get("HERALD_CHAOS_SEED", "1"))
CALLERS = 3
SETTLE_SECONDS = 300
REFUSED, SLOW, LOST = 0.05, 0.02, 0.02
SERVICES = ("DYNAMODB", "S3", "SQS", "EVENTBRIDGE")
DISTURBED = (
    "ApiFunction",
    "SpeechFunction",
    "WorkerFunction",
    "SpeakItemsFunction",
    "PlanBatchFunction",
    "FinishBatchFunction",
)
QUEUES = ("StandardQueue", "VipQueue")
VISIBILITY = "20"
"""Seconds, instead of half an hour."""
REASONS = {"too_many_attempts", "gpu_failed"}
"""Acceptable errors of jobs after five failed attempts."""
MOST_FAILED = 0.05
MOST_GROWTH_MB = 150
BATCH_ENDS = {"done", "failed", "cancelled"}


@pytest.fixture(scope="module")
def chaos(deployed, stack, sagemaker_of_module):
    """The completed load, after all jobs and batches have ended."""
    load = Load(stack, SEED)
    stream = Process(Path(stack.folder), "stream").identity().pid
    with ExitStack() as exits:
        exits.callback(load.close)
        for queue in QUEUES:
            exits.enter_context(deployed.queue_with(queue, VisibilityTimeout=VISIBILITY))
        proxy = exits.enter_context(throttled(stack.aws_endpoint_url, 0))
        endpoints = {f"AWS_ENDPOINT_URL_{service}": proxy.url for service in SERVICES}
        for function in DISTURBED:
            exits.enter_context(deployed.function_with(function, **endpoints))
        for kind in ("speak", "stream", "standard", "batch"):
            getattr(load, kind)("Warm up.")
        load.before = resident_mb(stream)
        proxy.share, proxy.slow, proxy.lost = REFUSED, SLOW, LOST
        with Havoc(deployed, sagemaker_of_module, SEED) as havoc, ThreadPoolExecutor(CALLERS) as pool:
            over = time.monotonic() + SECONDS
            for caller in [pool.submit(load.run, over) for _ in range(CALLERS)]:
                caller.result()
        proxy.calm()
        began = time.monotonic()
        load.rows = until(lambda: settled(deployed, load), SETTLE_SECONDS, pause=2)
        load.reports = {batch: load.http.get(f"/v1/batches/{batch}").json() for batch in load.batches}
        load.settled = time.monotonic() - began
        load.havoc, load.killed, load.disturbed = havoc.done, havoc.killed, proxy.disturbed
        load.after = resident_mb(stream)
        yield load


@pytest.fixture(scope="module")
def sagemaker_of_module(stack):
    with httpx.Client(base_url=stack.sagemaker_runtime_url, trust_env=False) as http:
        yield Sagemaker(http)
        http.delete("/_behaviour").raise_for_status()


def settled(deployed, load):
    """Run the sweeper until all jobs and batches have ended; return the rows of all jobs."""
    rows = deployed.rows(load.jobs)
    for job_id, row in rows.items():
        if not row.ended:
            deployed.due_now(job_id)
    deployed.sweep()
    batches = (load.http.get(f"/v1/batches/{batch}").json() for batch in load.batches)
    return all(row.ended for row in rows.values()) and all(one["state"] in BATCH_ENDS for one in batches) and rows


def resident_mb(pid):
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_there_was_chaos(chaos, figures):
    assert chaos.havoc["kill"] >= SECONDS // 30
    assert {"refused", "slow", "lost"} <= {kind for kind, count in chaos.disturbed.items() if count}
    assert len(chaos.jobs) >= SECONDS // 6
    accepted = f"{len(chaos.jobs)} jobs, {len(chaos.batches)} batches and {len(chaos.spoken)} texts spoken at once"
    figures.append(
        f"{SECONDS} s of chaos (seed {SEED}): {accepted}; havoc {dict(chaos.havoc)}; calls {dict(chaos.disturbed)}; "
        f"answers {dict(sorted(Counter(status for _, status in chaos.statuses.elements()).items(), key=str))}; "
        f"all ended {chaos.settled:.0f} s later: {dict(Counter(row.state for row in chaos.rows.values()))}; "
        f"{sum(row.attempts - 1 for row in chaos.rows.values() if row.attempts)} attempts begun again; "
        f"stream server {chaos.before:.0f} MB before, {chaos.after:.0f} MB after"
    )


def test_no_response_is_an_internal_error(chaos):
    """If AWS is unavailable, responses are 503 with Retry-After; others depend only on the request."""
    assert not chaos.wrong


def test_every_accepted_job_ended_with_an_expected_result(chaos):
    failed = [row for row in chaos.rows.values() if row.state != "done"]
    assert {row.error.code for row in failed} <= REASONS
    assert len(failed) <= max(1, MOST_FAILED * len(chaos.rows))


def test_every_batch_ended_complete(chaos):
    for batch, texts in chaos.batches.items():
        report = chaos.reports[batch]
        assert (report["state"], report["error"]) == ("done", None), report["counts"]
        assert sum(report["counts"][kind] for kind in ("done", "failed", "row_errors")) == len(texts), report["counts"]


@pytest.fixture(scope="module")
def lengths(chaos):
    """Duration of each text in seconds, synthesized in this process without faults."""
    voice, known = default_voice(), {}

    def of(text):
        if text not in known:
            known[text] = voice.synthesize(text).seconds
        return known[text]

    return of


def test_every_file_is_complete_and_has_the_expected_duration(deployed, chaos, lengths):
    wrong = []
    for job_id, row in chaos.rows.items():
        if row.state != "done":
            continue
        content = deployed.aws("s3").get_object(Bucket=deployed["AudioBucket"], Key=row.audio.key)["Body"].read()
        samples, rate = soundfile.read(io.BytesIO(content), format="RAW", subtype="ULAW", channels=1, samplerate=8_000)
        seconds = len(samples) / rate
        good = len(content) == row.audio.bytes and abs(seconds - row.audio.seconds) < 0.01 and abs(samples).max() > 0.05
        if not good or (row.route != "gpu" and abs(seconds - lengths(chaos.jobs[job_id])) > 0.05):
            wrong.append((job_id, row.route, seconds, chaos.jobs[job_id]))
    assert not wrong


def test_every_response_has_the_expected_duration(chaos, lengths):
    assert not [text for text, seconds in chaos.spoken.items() if abs(seconds - lengths(text)) > 0.05]


def test_usage_equals_the_accepted_characters(chaos):
    """Exactly, except for requests without a response."""
    used = sum(day["characters"] for day in chaos.http.get("/v1/usage?days=2").json()["data"])
    assert chaos.characters <= used <= chaos.characters + chaos.unsure, f"{TENANT} used {used}"


def test_no_processes_and_memory_are_leaked(deployed, chaos):
    assert chaos.after - chaos.before < MOST_GROWTH_MB
    emulator = Process(Path(deployed.stack.folder), "emulator").identity().pid
    found = list(children(emulator))
    assert not [pid for pid, state, _ in found if state == "T"], "a stopped process was not resumed"
    # The emulator reaps a dead process when it wants to use it again.
    assert {pid for pid, state, _ in found if state == "Z"} <= chaos.killed, "a process ended by itself"
    assert max(megabytes for _, _, megabytes in found) < 1_769


def children(parent):
    """Return the child processes of a process: id, state and resident megabytes."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError, ValueError):
            state, started_by = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(started_by) == parent:
                yield int(entry.name), state, resident_mb(entry.name)
