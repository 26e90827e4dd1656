"""Prices of completed work, compared with calculations by hand: unit prices in US dollars, times amounts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from herald.batches.batch_ports import Traffic
from herald.batches.item_price import ItemPrices, ItemWork
from herald.jobs.job import AudioFile, Job, State
from herald.jobs.job_price import Deployment, PriceList
from herald.jobs.script import Line, Script

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
GB = 2**30
MONTHS_OF_7, MONTHS_OF_30, MONTHS_OF_60, MONTHS_OF_90, MONTHS_OF_335 = (
    days * 12 / 365 for days in (7, 30, 60, 90, 335)
)
USUAL = PriceList()


def job(characters=600, **more):
    """Return a job. The JSON of its script is 158 bytes longer than the text."""
    line = Line(text="a" * characters, voice="en_US-joe-medium")
    script = Script(lines=(line,), response_format="mp3", sample_rate=22_050)
    assert len(script.model_dump_json()) == characters + 158
    usual = {
        "id": "job_1", "tenant": "acme", "state": State.SPEAKING, "route": "queue", "reason": "Because.",
        "script": script, "fingerprint": "", "voice": "en_US-joe-medium", "response_format": "mp3",
        "characters": characters, "audio_key": "audio/acme/1.mp3", "created_at": NOON, "updated_at": NOON,
        "expires_at": NOON + timedelta(days=90), "price_expected": Decimal(0), "attempts": 1,
    }  # fmt: skip
    return Job(**usual | more)


def file(size):
    return AudioFile(key="audio/acme/1.mp3", seconds=30.0, bytes=size, sample_rate=22_050, media_type="audio/mpeg")


ACCEPTANCE = (
    0.000001 * 1  # the request
    + 0.0000002 * 1  # the call
    + 0.0000166667 * 0.050 * 512 / 1_024  # its memory
    + 0.50 * 1_000 / GB  # its log
    + 0.0000004 * 1  # the lookup of the file
    + 0.000000625 * 2  # the usage row of the tenant: the charge, and its end
)
END = 0.000001 * 1 + 0.000000625 * (
    2 * (2 + 1) + 1
)  # the event; the row of 1,200 bytes and the spend in a transaction, twice their units; the removal from an index
ROW_A_MONTH = (0.25 + 0.20) * 1_500 / GB  # an ended job's row is stored, and backed up
SHORT_ROW = 0.000000625 * (2 + 2)  # a row of 1,958 bytes, and two index units

TABLE = {
    "a realtime response: 372 ms, 40,000 bytes": (
        USUAL.realtime(0.372, 40_000),
        0.000001 * 1  # the request
        + 0.0000002 * 1  # the call
        + 0.0000166667 * 0.372 * 1_769 / 1_024
        + 0.50 * 1_000 / GB
        + 0.000000625 * 2,
    ),
    "a realtime response of 1,300,000 bytes on arm64, to the internet, from a snapshot, with a started millisecond": (
        PriceList(deployment=Deployment(architecture="arm64", speech_megabytes=2_048, egress="internet")).realtime(
            1.2001, 1_300_000, restored=True
        ),
        0.000001 * 3  # each started 512 KB
        + 0.0000002 * 1
        + 0.0000133334 * 1.201 * 2
        + 0.0001397998 * 2  # the restored memory
        + 0.09 * 1_300_000 / GB
        + 0.50 * 1_000 / GB
        + 0.000000625 * 2,
    ),
    "a streamed response: 2.5 s, 8,000,000 bytes": (
        USUAL.realtime(2.5, 8_000_000, streamed=True),
        0.0000002 * 1
        + 0.0000166667 * 2.5 * 1_769 / 1_024
        + 0.008 * (8_000_000 - 6 * 2**20) / GB  # after the first 6 MB
        + 0.50 * 1_000 / GB
        + 0.000000625 * 2,
    ),
    "a short job: 600 characters, 1.5 s, 200,000 bytes for 90 days": (
        USUAL.actual(job(), file(200_000), 1.5),
        ACCEPTANCE
        + SHORT_ROW * 4  # new, queued, speaking, done
        + END
        + ROW_A_MONTH * MONTHS_OF_90
        + 0.0000005 * 3  # sent, received, deleted
        + 0.000000125 * 1  # the row is read
        + 0.0000004 * 3  # the lookups of the file
        + 0.0000002 * 1
        + 0.0000166667 * 1.6 * 1_769 / 1_024
        + 0.50 * 1_000 / GB
        + 0.000005 * 1  # the file is written
        + 0.023 * 200_000 / GB * MONTHS_OF_90,
    ),
    "a long job: 20,000 characters, 60 s, 8,000,000 bytes, two thirds of the time in Infrequent Access": (
        USUAL.actual(job(characters=20_000), file(8_000_000), 60.0),
        ACCEPTANCE
        + SHORT_ROW * 4
        + END
        + ROW_A_MONTH * MONTHS_OF_90
        + 0.0000005 * 3
        + 0.000000125 * 1
        + 0.000005 * 1  # the script is written once, and read twice
        + 0.0000004 * (3 + 2)
        + 0.0000002 * 1
        + 0.0000166667 * 60.1 * 1_769 / 1_024
        + 0.50 * 1_000 / GB
        + 0.000005 * 1
        + 0.023 * 8_000_000 / GB * MONTHS_OF_30
        + 0.0125 * 8_000_000 / GB * MONTHS_OF_60
        + 0.00001 * 1,  # the transition
    ),
    "a job whose file is kept: a year of 500,000 bytes": (
        USUAL.actual(job(retention="keep"), file(500_000), 1.5),
        ACCEPTANCE
        + SHORT_ROW * 4
        + END
        + ROW_A_MONTH * 12
        + 0.0000005 * 3
        + 0.000000125 * 1
        + 0.0000004 * (3 + 1)  # looked up in a third place, too, by the worker
        + 0.0000002 * 1
        + 0.0000166667 * 1.6 * 1_769 / 1_024
        + 0.50 * 1_000 / GB
        + 0.000005 * 1
        + 0.023 * 500_000 / GB * MONTHS_OF_30
        + 0.0125 * 500_000 / GB * MONTHS_OF_335
        + 0.00001 * 1
        + 0.000001 * 12,  # its tag
    ),
    "a job on the GPU: 8 s of an instance with a concurrency of four, 1,000,000 bytes": (
        PriceList(deployment=Deployment(gpu_concurrency=4)).actual(job(route="gpu"), file(1_000_000), 8.0),
        ACCEPTANCE
        + SHORT_ROW * 4
        + END
        + ROW_A_MONTH * MONTHS_OF_90
        + 0.0000005 * 3
        + 0.000000125 * 1
        + 0.0000004 * 3
        + 0.0000002 * 2  # the calls that submit the job and process the response
        + 0.0000166667 * 2 * 0.1 * 512 / 1_024
        + 0.50 * 2 * 1_000 / GB
        + 1.408 / 3_600 * 8 / 4
        + 0.0000005 * 1  # the notice
        + 0.000005 * 2 + 0.0000004 * 2  # the request and the response are files
        + 0.000000625 * 2 + 0.000000125 * 1  # the call is recorded in the row, which is read for the notice
        + 0.000005 * 1
        + 0.023 * 1_000_000 / GB * MONTHS_OF_90,
    ),
    "an item of a batch: 310 ms, 80,000 bytes, 3 sentences looked up, 2 of them written, with 450,000 bytes": (
        ItemPrices(prices=USUAL).item(
            ItemWork(seconds=0.31, stored_bytes=80_000, sentences=Traffic(read=3, written=2, bytes=450_000)), items=25
        ),
        0.0000004 * 3  # the lookups of the sentences
        + 0.0000166667 * 0.31 * 1_769 / 1_024
        + 0.000005 * 2  # sentences
        + 0.023 * 450_000 / GB * MONTHS_OF_7
        + 0.000005 * 1  # the file
        + 0.023 * 80_000 / GB * MONTHS_OF_90
        # a 25th of the child execution
        + (0.000025 * 3 + 0.0000002 * 1 + 0.0000166667 * 0.1 * 1_769 / 1_024 + 0.50 * 1_000 / GB) / 25
        + (0.000005 * 1 + 0.0000004 * 3 + 0.000000625 * 2 + 0.000000125 * 1) / 25,
    ),
    "an item of a batch whose sentences are all cached": (
        ItemPrices(prices=USUAL).item(ItemWork(seconds=0.06, stored_bytes=80_000), items=1),
        0.0000166667 * 0.06 * 1_769 / 1_024
        + 0.000005 * 1
        + 0.023 * 80_000 / GB * MONTHS_OF_90
        + (0.000025 * 3 + 0.0000002 * 1 + 0.0000166667 * 0.1 * 1_769 / 1_024 + 0.50 * 1_000 / GB)
        + (0.000005 * 1 + 0.0000004 * 3 + 0.000000625 * 2 + 0.000000125 * 1),
    ),
    "an item of a batch with a cached file: 40 ms": (
        ItemPrices(prices=USUAL).item(ItemWork(seconds=0.04, lookups=2), items=1),
        0.0000004 * 2
        + 0.0000166667 * 0.04 * 1_769 / 1_024
        + (0.000025 * 3 + 0.0000002 * 1 + 0.0000166667 * 0.1 * 1_769 / 1_024 + 0.50 * 1_000 / GB)
        + (0.000005 * 1 + 0.0000004 * 3 + 0.000000625 * 2 + 0.000000125 * 1),
    ),
    "a job with a cached file": (
        USUAL.actual(job(script=None, attempts=0), file(200_000), 0.0),
        ACCEPTANCE + 0.000000625 * (2 + 2) + END + ROW_A_MONTH * MONTHS_OF_90,
    ),
    "a job that failed at its fifth attempt": (
        USUAL.actual(job(attempts=5), None, 0.0),
        ACCEPTANCE
        + SHORT_ROW * (1 + 1 + 5 + 1)  # new, queued, speaking five times, failed
        + END
        + ROW_A_MONTH * MONTHS_OF_90
        + 0.0000005 * 7  # received four more times
        + 0.000000125 * 5
        + 0.0000004 * (1 + 5 * 2)
        + 0.0000002 * 5
        + 0.0000166667 * 5 * 0.1 * 1_769 / 1_024
        + 0.50 * 5 * 1_000 / GB,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("price", "dollars"), TABLE.values(), ids=TABLE)
def test_price_matches_the_calculation_by_hand(price, dollars):
    assert price == pytest.approx(Decimal(dollars), abs=Decimal("2e-12"))
    assert price.as_tuple().exponent == -12
