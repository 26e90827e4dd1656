"""Prices and their components. test_price_table.py has calculations by hand."""

import re
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from herald.jobs.job import AudioFile, Job, State
from herald.jobs.job_price import Deployment, PriceList, Work, actual_work, expected_work, usage
from herald.jobs.routing import Decision
from herald.jobs.script import Line, Script
from herald.pricing.resources import Usage
from herald.speech.audio.formats import FORMATS, bytes_per_second

COSTS = (Path(__file__).parents[3] / "docs" / "costs.md").read_text()
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
CACHED = Work(route="queue", attempts=0, kept=90 * DAY)
WORKS = [
    Work(route="realtime", seconds=0.372, stored_bytes=40_000),
    CACHED,
    Work(route="queue", script_bytes=90_000, seconds=200, stored_bytes=30_000_000, kept=90 * DAY),
    Work(route="gpu", script_bytes=600, seconds=8, stored_bytes=1_000_000, kept=90 * DAY),
]


@pytest.mark.parametrize("work", WORKS)
def test_the_bill_adds_up(work):
    bill = PriceList().bill(usage(work, Deployment()))
    assert sum(bill.values()).quantize(Decimal("1e-12")) == PriceList().of(work)


def test_largest_component():
    bill = PriceList().bill(usage(WORKS[3], Deployment()))
    assert max(bill, key=bill.get) == "gpu_second"


def test_prices_are_additive():
    used = [usage(work, Deployment()) for work in WORKS]
    together = sum(used[1:], start=used[0])
    assert PriceList().total(together) == pytest.approx(sum(map(PriceList().of, WORKS)), abs=Decimal("1e-10"))
    assert PriceList().total(together * 3) == pytest.approx(3 * PriceList().total(together), abs=Decimal("1e-11"))


def test_long_script_is_stored_as_a_file():
    long, short = (usage(replace(WORKS[2], script_bytes=size), Deployment()) for size in (4_097, 4_096))
    assert (long.file_write, short.file_write) == (2, 1)
    assert long.file_read == short.file_read + 2
    assert long.row_write < short.row_write


@pytest.mark.parametrize(("egress", "unit"), [("internet", "egress_gigabyte"), ("cloudfront", "cdn_gigabyte")])
def test_egress_is_priced_once_if_configured(egress, unit):
    used = [usage(WORKS[3], Deployment(egress=choice)) for choice in ("none", egress)]
    assert [getattr(one, unit) * 2**30 for one in used] == [0, 1_000_000]
    assert used[1].file_read == used[0].file_read + 1


@pytest.mark.parametrize(
    ("size", "keep", "after", "moved"),
    [
        (1 << 20, False, 30, 0),
        ((1 << 20) + 1, False, 30, 1),
        ((256 << 10) + 1, True, 30, 1),
        (256 << 10, True, 30, 0),
        (9 << 20, False, 90, 0),
        (9 << 20, True, None, 0),
    ],
)
def test_which_files_move_to_infrequent_access(size, keep, after, moved):
    work = Work(route="queue", seconds=1, stored_bytes=size, kept=90 * DAY, keep=keep)
    used = usage(work, Deployment(infrequent_after=after and after * DAY))
    assert used.infrequent_move == moved


def test_infrequent_access_is_billed_for_at_least_thirty_days():
    work = Work(route="queue", seconds=1, stored_bytes=2**30, kept=31 * DAY)
    used = usage(work, Deployment())
    assert float(used.gigabyte_month) == pytest.approx(30 * 12 / 365)
    assert float(used.infrequent_gigabyte_month) == pytest.approx(30 * 12 / 365)


def test_every_unit_has_a_price():
    for one in fields(Usage):
        assert PriceList().total(Usage(**{one.name: 1_000_000})) > 0, one.name


def test_empty_usage_is_free():
    assert PriceList().total(Usage()) == 0


def script(characters=600, **more):
    line = Line(text="a" * characters, voice="en_US-heart")
    return Script(**{"lines": (line,), "response_format": "mp3", "sample_rate": 24_000} | more)


def expected(route, **more):
    prices = PriceList()
    return prices.expected(script(**more), Decision(route=route, reason="Because."))


def test_expected_price_is_that_of_the_forecast():
    work = expected_work(script(), "queue", Deployment())
    assert work.seconds == pytest.approx(600 / 16.8 * 0.040)
    assert work.stored_bytes == pytest.approx(600 / 16.8 * bytes_per_second(FORMATS["mp3"], 24_000), abs=1)
    assert work.kept == 90 * DAY
    assert expected("queue") == PriceList().total(usage(work, Deployment()))


@pytest.mark.parametrize("route", ["realtime", "queue", "gpu"])
def test_longer_audio_costs_more(route):
    assert expected(route, characters=1_200) > expected(route) > expected(route, speed=2.0) > 0


def test_cached_file_costs_less_than_a_sixth():
    assert PriceList().of(CACHED) < expected("queue") / 6


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
            "voice": "en_US-heart",
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
        (job(expires_at=None), AUDIO, 1.4, worked(seconds=1.4, stored_bytes=220_000, kept=365 * DAY, keep=True)),
        (job(attempts=0, script=None), AUDIO, 0.0, worked(script_bytes=0, attempts=0)),
        (job(), AUDIO, 0.0, worked()),
        (job(), None, 0.0, worked()),
        (job(attempts=5), None, 0.0, worked(attempts=5)),
        # The first worker stored the file and died: its duration is estimated.
        (job(attempts=2), AUDIO, 0.0, worked(seconds=30 * 0.040, stored_bytes=220_000, attempts=2)),
    ],
)
def test_actual_work_of_a_job(ended, audio, seconds, work):
    assert actual_work(ended, audio, seconds, Deployment()) == work
    assert PriceList().actual(ended, audio, seconds) == PriceList().total(usage(work, Deployment()))


def test_documented_example_is_correct():
    example = COSTS.partition("## An example")[2].partition("\n## ")[0]
    table = re.findall(r"^\| (.+) \|.*\| \**([0-9.]+)\** \|$", example, re.MULTILINE)
    used = usage(expected_work(script(), "queue", Deployment()), Deployment())
    amounts = [float(amount * 1_000_000) for amount in PriceList().bill(used).values()]
    *parts, together = [float(amount) for _, amount in table]
    assert sorted(parts) == pytest.approx(sorted(amounts), abs=0.0006)
    assert together == pytest.approx(float(expected("queue") * 1_000_000), abs=0.0006)


@pytest.mark.parametrize("price", [PriceList().of(CACHED), expected("realtime"), expected("gpu")])
def test_documented_comparisons_are_correct(price):
    assert f" {price * 1_000_000:.3f}" in COSTS.replace("\n", " ")


def test_actual_price_equals_an_accurate_forecast():
    work = expected_work(script(), "queue", Deployment())
    audio = AUDIO.model_copy(update={"bytes": work.stored_bytes})
    assert PriceList().actual(job(), audio, work.seconds) == expected("queue")
