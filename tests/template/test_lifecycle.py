"""The fates of objects under the lifecycle rules of template.yaml."""

import re
from decimal import Decimal

import pytest

from herald.pricing.prices import US_EAST_1
from tests.template.lifecycle import Fate, Stored, fate, refusals, rules
from tests.template.template import PARAMETERS, ROOT

MB = 1 << 20
VOICEMAIL = 50_000
PAGE = (ROOT / "docs" / "storage.md").read_text()


def audio(size, retention, **tags):
    return Stored({"expire": "audio", "keep": "kept"}[retention] + "/acme/0123.mp3", size, tags)


OBJECTS = {
    "a voicemail": (audio(VOICEMAIL, "expire"), Fate(None, 90), {89: "STANDARD", 90: "deleted"}),
    "a long text": (audio(5 * MB, "expire"), Fate(30, 90), {29: "STANDARD", 30: "STANDARD_IA", 90: "deleted"}),
    "a file just large enough": (audio(MB + 1, "expire"), Fate(30, 90), {31: "STANDARD_IA"}),
    "a file just too small": (audio(MB, "expire"), Fate(None, 90), {31: "STANDARD", 91: "deleted"}),
    "a voicemail that is kept": (audio(VOICEMAIL, "keep", kept_by="job_1"), Fate(), {3_650: "STANDARD"}),
    "a long text that is kept for several": (audio(5 * MB, "keep"), Fate(30, None), {3_650: "STANDARD_IA"}),
    "a voicemail that is not kept any more": (
        audio(VOICEMAIL, "keep", kept_by="none"),
        Fate(None, 1),
        {1: "deleted"},
    ),
    "a script stored separately": (Stored("texts/job_1", 90_000), Fate(None, 90), {90: "deleted"}),
    "a manifest that was not started": (Stored("uploads/acme/batch_1/manifest", 5 * MB), Fate(None, 1), {1: "deleted"}),
    "a report": (Stored("batches/acme/batch_1/report/results.csv", 5 * MB), Fate(None, 90), {60: "STANDARD"}),
    "a remembered sentence": (Stored("sentences/acme/0123", 400_000), Fate(None, 7), {7: "deleted"}),
    "a lexicon": (Stored("lexicons/acme/0123-4567.json", 1_000), Fate(), {3_650: "STANDARD"}),
    "a replaced lexicon": (
        Stored("lexicons/acme/0123-4567.json", 1_000, {"lexicon": "replaced"}),
        Fate(None, 90),
        {90: "deleted"},
    ),
    "an answer of the GPU": (Stored("gpu/output/0123.out", 5 * MB), Fate(None, 8), {8: "deleted"}),
}


@pytest.mark.parametrize(("stored", "expected", "ages"), OBJECTS.values(), ids=OBJECTS)
def test_the_fate_of_an_object(stored, expected, ages):
    found = fate(stored, rules())
    assert found == expected
    assert {age: found.at(age) for age in ages} == ages


def test_a_kept_file_without_its_tag_is_not_deleted():
    assert fate(Stored("kept/acme/0123.mp3", 5 * MB), rules()).deleted is None


@pytest.mark.parametrize("days", [*map(int, PARAMETERS["RetentionDays"]["AllowedValues"])])
def test_files_are_deleted_after_the_configured_days(days):
    some = rules(RetentionDays=days)
    assert fate(audio(VOICEMAIL, "expire"), some).deleted == days
    assert fate(audio(5 * MB, "expire"), some) == Fate(30 if days >= 90 else None, days)
    assert fate(audio(5 * MB, "keep"), some).deleted is None


@pytest.mark.parametrize("days", [1, 30, 60])
def test_short_lived_files_are_not_moved(days):
    assert fate(audio(5 * MB, "keep"), rules(RetentionDays=days)).moved is None


@pytest.mark.parametrize("deleted", PARAMETERS["RetentionDays"]["AllowedValues"])
def test_s3_accepts_the_rules(deleted):
    some = rules(RetentionDays=deleted)
    assert [refusals(rule) for rule in some] == [[]] * len(some)
    assert refusals({"Transitions": [{"TransitionInDays": "30"}], "ExpirationInDays": "30"})


def saved(size, days, *, fetched=0):
    """Return the US dollars saved by `days` days of Infrequent Access for `size` bytes, read `fetched` times."""
    prices, gigabytes = US_EAST_1, Decimal(size) / (1 << 30)
    billed = max(gigabytes, Decimal(128 * 1024) / (1 << 30))
    months = Decimal(days) * 12 / 365
    here = gigabytes * months * prices.gigabyte_month
    there = billed * max(months, Decimal(30) * 12 / 365) * prices.infrequent_gigabyte_month
    return here - there - prices.infrequent_move - fetched * gigabytes * Decimal("0.01")


def test_only_moves_that_save_money_are_made():
    assert saved(MB, 60, fetched=1) > 0
    assert saved(256 * 1024, 125) > 0
    for days in (60, 365, 3_650):
        assert saved(VOICEMAIL, days) < 0


def break_even(days, *, fetched=0):
    """Return the minimum size in bytes for which a move saves money."""
    return next(size for size in range(10_000, 4 * MB, 1_000) if saved(size, days, fetched=fetched) > 0)


def test_the_figures_of_the_page_are_correct():
    rows = re.findall(r"^\| ([\d,]+) days \| ([\d,]+) kB \| ([\d,]+|never) (?:kB )?\|$", PAGE, re.MULTILINE)
    assert len(rows) == 4
    for days, unread, read in rows:
        number = int(days.replace(",", ""))
        assert round(break_even(number) / 1_000) == int(unread.replace(",", ""))
        if read == "never":
            with pytest.raises(StopIteration):
                break_even(number, fetched=1)
        else:
            assert round(break_even(number, fetched=1) / 1_000) == int(read.replace(",", ""))
