"""Prices, beside sums worked out by hand from the same published figures."""

import re
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from herald.jobs.job import AudioFile, Job
from herald.jobs.price import Deployment, PriceList, Usage, Work, done, forecast, usage
from herald.jobs.route import Decision
from herald.jobs.script import Line, Script
from herald.jobs.states import State

COSTS = (Path(__file__).parents[3] / "docs" / "costs.md").read_text()
DAY = timedelta(days=1)
MONTH = 365 / 12
GIB = 2**30
NOW = datetime(2026, 11, 22, tzinfo=UTC)

# In US dollars.
X86, ARM = 0.0000166667, 0.0000133334
CALL, API = 0.20 / 1e6, 1.00 / 1e6
SQS, SNS, EVENT = 0.50 / 1e6, 0.50 / 1e6, 1.00 / 1e6
WRITE, READ = 0.625 / 1e6, 0.125 / 1e6
PUT, GET, GB_MONTH, TAG_MONTH = 0.005 / 1e3, 0.0004 / 1e3, 0.023, 0.01 / 1e4
LOG = 0.50 / GIB * 1_000
G5 = 1.408 / 3_600

# The door: 0.05 s of 512 MB. The end: an event, and the row (2 units) leaves an index (1).
DOOR = API + CALL + LOG + 0.05 * 0.5 * X86 + GET
TOLD = EVENT + 3 * WRITE

TABLE = {
    "realtime, 372 ms of 1,769 MB": (
        Work(route="realtime", seconds=0.372),
        Deployment(speech_megabytes=1_769),
        API + CALL + LOG + 0.372 * 1_769 / 1_024 * X86,
    ),
    "realtime, on arm64, a begun millisecond": (
        Work(route="realtime", seconds=0.2501),
        Deployment(speech_megabytes=2_048, architecture="arm64"),
        API + CALL + LOG + 0.251 * 2 * ARM,
    ),
    "a hit at the door": (
        Work(route="queue", attempts=0),
        Deployment(),
        # The row (2 units) in two indexes.
        DOOR + (2 + 2) * WRITE + TOLD,
    ),
    "a job: 600 bytes of script, 1.5 s, 200 kB for 90 days": (
        Work(route="queue", script_bytes=600, seconds=1.5, stored_bytes=200_000, kept=90 * DAY),
        Deployment(worker_megabytes=1_769),
        # 1,800 bytes of row are 2 units; it is written, then moves to queued, speaking and done, each with an index.
        (DOOR + (2 + 2) * WRITE + TOLD)
        + (3 * SQS + 3 * (2 + 2) * WRITE + READ + GET)
        + (CALL + LOG + (1.5 + 0.1) * 1_769 / 1_024 * X86)
        + (PUT + 200_000 / GIB * GB_MONTH * 90 / MONTH + 3 * TAG_MONTH * 90 / MONTH),
    ),
    "the same for 180 days in a function of 1 GB on arm64": (
        Work(route="queue", script_bytes=600, seconds=3.0, stored_bytes=200_000, kept=180 * DAY),
        Deployment(worker_megabytes=1_024, small_megabytes=256, architecture="arm64"),
        (API + CALL + LOG + 0.05 * 0.25 * ARM + GET)
        + (2 + 2) * WRITE
        + TOLD
        + (3 * SQS + 3 * (2 + 2) * WRITE + READ + GET)
        + (CALL + LOG + (3.0 + 0.1) * ARM)
        + (PUT + 200_000 / GIB * GB_MONTH * 180 / MONTH + 3 * TAG_MONTH * 180 / MONTH),
    ),
    "a job at its third attempt": (
        Work(route="queue", script_bytes=600, seconds=1.5, stored_bytes=200_000, kept=90 * DAY, attempts=3),
        Deployment(),
        (DOOR + (2 + 2) * WRITE + TOLD)
        # Two more receptions, and two more times the row is read and claimed and the file is looked for.
        + (5 * SQS + 5 * (2 + 2) * WRITE + 3 * READ + 3 * GET)
        + (CALL + LOG + (1.5 + 0.1) * 1_769 / 1_024 * X86)
        + (PUT + 200_000 / GIB * GB_MONTH * 90 / MONTH + 3 * TAG_MONTH * 90 / MONTH),
    ),
    "a job whose file the worker found": (
        Work(route="queue", script_bytes=600),
        Deployment(),
        (DOOR + (2 + 2) * WRITE + TOLD)
        + (3 * SQS + 3 * (2 + 2) * WRITE + READ + GET)
        + (CALL + LOG + 0.1 * 1_769 / 1_024 * X86),
    ),
    "a long job: 20,000 bytes of script": (
        Work(route="queue", script_bytes=20_000, seconds=60, stored_bytes=8_000_000, kept=90 * DAY),
        Deployment(),
        # 21,200 bytes of row are 21 units to write, 6 to read.
        (DOOR + (21 + 2) * WRITE + TOLD)
        + (3 * SQS + 3 * (21 + 2) * WRITE + 6 * READ + GET)
        + (CALL + LOG + 60.1 * 1_769 / 1_024 * X86)
        + (PUT + 8_000_000 / GIB * GB_MONTH * 90 / MONTH + 3 * TAG_MONTH * 90 / MONTH),
    ),
    "a script too long for a row": (
        Work(route="queue", script_bytes=90_000, seconds=200, stored_bytes=30_000_000, kept=365 * DAY),
        Deployment(),
        # It is written as a file, and read twice.
        (DOOR + (2 + 2) * WRITE + PUT + TOLD)
        + (3 * SQS + 3 * (2 + 2) * WRITE + READ + 3 * GET)
        + (CALL + LOG + 200.1 * 1_769 / 1_024 * X86)
        + (PUT + 30_000_000 / GIB * GB_MONTH * 12 + 3 * TAG_MONTH * 12),
    ),
    "a GPU job: 8 s of an instance that four share": (
        Work(route="gpu", script_bytes=600, seconds=8, stored_bytes=1_000_000, kept=90 * DAY),
        Deployment(gpu_concurrency=4),
        (DOOR + (2 + 2) * WRITE + TOLD)
        + (3 * SQS + 3 * (2 + 2) * WRITE + READ + GET)
        # Two small functions of 0.1 s, the call noted in the row, the row read for the notice, the files between.
        + (2 * (CALL + LOG + 0.1 * 0.5 * X86) + 2 * WRITE + READ + SNS + 2 * PUT + 2 * GET + 8 / 4 * G5)
        + (PUT + 1_000_000 / GIB * GB_MONTH * 90 / MONTH + 3 * TAG_MONTH * 90 / MONTH),
    ),
}


@pytest.mark.parametrize(("work", "deployment", "dollars"), TABLE.values(), ids=TABLE)
def test_price_is_the_sum_by_hand(work, deployment, dollars):
    prices = PriceList(deployment=deployment)
    price = prices.total(usage(work, deployment))
    assert price == pytest.approx(Decimal(dollars), abs=Decimal("1e-11"))
    assert price.as_tuple().exponent == -12


def test_the_bill_adds_up():
    work, deployment, _ = TABLE["a GPU job: 8 s of an instance that four share"]
    bill = PriceList(deployment=deployment).bill(usage(work, deployment))
    assert max(bill, key=bill.get) == "gpu_second"
    assert sum(bill.values()) == pytest.approx(PriceList(deployment=deployment).total(usage(work, deployment)))


def test_usages_add_up_as_their_prices_do():
    used = [usage(work, deployment) for work, deployment, _ in TABLE.values()]
    together = sum(used[1:], start=used[0])
    prices = PriceList()
    assert prices.total(together) == pytest.approx(sum(map(prices.total, used)), abs=Decimal("1e-10"))


def test_every_unit_has_a_price():
    for one in fields(Usage):
        assert PriceList().total(Usage(**{one.name: 1_000_000})) > 0, one.name


def test_nothing_costs_nothing():
    assert PriceList().total(Usage()) == 0


def script(characters=600, **more):
    line = Line(text="a" * characters, voice="en_US-joe-medium")
    return Script(**{"lines": (line,), "response_format": "mp3", "sample_rate": 22_050} | more)


def expected(route, **more):
    prices = PriceList()
    return prices.expected(script(**more), Decision(route=route, reason="Because."))


def test_the_expected_price_is_that_of_the_work_as_forecast():
    work = forecast(script(), "queue", Deployment())
    assert work.seconds == pytest.approx(600 / 18.9 / 19.92)
    assert work.stored_bytes == pytest.approx(600 / 18.9 * 7_313, abs=1)
    assert work.kept == 90 * DAY
    assert expected("queue") == PriceList().total(usage(work, Deployment()))


@pytest.mark.parametrize("route", ["realtime", "queue", "gpu"])
def test_more_costs_more(route):
    assert expected(route, characters=1_200) > expected(route) > expected(route, speed=2.0) > 0


def test_a_file_that_is_there_costs_a_tenth():
    decision = Decision(route="queue", reason="Because.")
    assert PriceList().expected(script(), decision, there=True) < PriceList().expected(script(), decision) / 10


def job(**more):
    return Job(
        **{
            "id": "job_1",
            "tenant": "acme",
            "state": State.SPEAKING,
            "route": "queue",
            "reason": "Because.",
            "script": script(),
            "fingerprint": "",
            "voice": "en_US-joe-medium",
            "response_format": "mp3",
            "characters": 600,
            "audio_key": "audio/acme/1.mp3",
            "created_at": NOW,
            "updated_at": NOW,
            "expires_at": NOW + 90 * DAY,
            "price_expected": Decimal(0),
            "attempts": 1,
        }
        | more
    )


AUDIO = AudioFile(key="audio/acme/1.mp3", seconds=30.0, bytes=220_000, sample_rate=22_050, media_type="audio/mpeg")
SIZE = len(script().model_dump_json())


def worked(**more):
    return Work(**{"route": "queue", "script_bytes": SIZE, "kept": 90 * DAY} | more)


@pytest.mark.parametrize(
    ("ended", "audio", "seconds", "work"),
    [
        (job(), AUDIO, 1.4, worked(seconds=1.4, stored_bytes=220_000)),
        (job(route="gpu"), AUDIO, 0.9, worked(route="gpu", seconds=0.9, stored_bytes=220_000)),
        (job(expires_at=None), AUDIO, 1.4, worked(seconds=1.4, stored_bytes=220_000, kept=365 * DAY)),
        (job(attempts=0, script=None), AUDIO, 0.0, worked(script_bytes=0, attempts=0)),
        (job(), AUDIO, 0.0, worked()),
        (job(), None, 0.0, worked()),
        (job(attempts=5), None, 0.0, worked(attempts=5)),
        # Its first worker stored the file and died: how long it took is estimated.
        (job(attempts=2), AUDIO, 0.0, worked(seconds=30 / 19.92, stored_bytes=220_000, attempts=2)),
    ],
)
def test_the_work_that_a_job_was(ended, audio, seconds, work):
    assert done(ended, audio, seconds, Deployment()) == work
    assert PriceList().actual(ended, audio, seconds) == PriceList().total(usage(work, Deployment()))


def test_the_documented_example_is_true():
    example = COSTS.partition("## An example")[2].partition("\n## ")[0]
    table = re.findall(r"^\| (.+) \|.*\| \**([0-9.]+)\** \|$", example, re.MULTILINE)
    used = usage(forecast(script(), "queue", Deployment()), Deployment())
    amounts = [float(amount * 1_000_000) for amount in PriceList().bill(used).values()]
    *parts, together = [float(amount) for _, amount in table]
    assert sorted(parts) == pytest.approx(sorted(amounts), abs=0.0006)
    assert together == pytest.approx(float(expected("queue") * 1_000_000), abs=0.0006)


@pytest.mark.parametrize(("route", "there"), [("queue", True), ("realtime", False), ("gpu", False)])
def test_the_documented_comparisons_are_true(route, there):
    price = PriceList().expected(script(), Decision(route=route, reason="Because."), there=there)
    assert f" {price * 1_000_000:.3f}" in COSTS.replace("\n", " ")


def test_a_forecast_comes_true_where_all_goes_as_forecast():
    work = forecast(script(), "queue", Deployment())
    audio = AUDIO.model_copy(update={"bytes": work.stored_bytes})
    assert PriceList().actual(job(), audio, work.seconds) == expected("queue")
