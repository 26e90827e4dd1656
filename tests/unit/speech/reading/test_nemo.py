"""The reading against NVIDIA NeMo's test cases. Cases that are kept different are listed in kept_different.txt."""

import sys
from pathlib import Path

import pytest

from tests.unit.speech.reading.nemo import score, table

LEAST = {"money": 90, "date": 90, "time": 90, "telephone": 90, "ordinal": 90, "measure": 90}
"""Percent of each class; of all classes together 85."""
KEPT = Path(__file__).with_name("data") / "kept_different.txt"


@pytest.fixture(scope="module")
def english():
    made = score("en")
    sys.stdout.write(f"\n{table(made)}\n")  # shown with -s, and when a test fails
    return made


@pytest.mark.parametrize("name", LEAST)
def test_each_class_of_english_is_read_as_expected(english, name):
    assert english[name].percent >= LEAST[name], english[name].missed


def test_english_is_read_as_expected(english):
    right, cases = sum(one.right for one in english.values()), sum(one.cases for one in english.values())
    assert right >= 0.92 * cases


def test_every_miss_is_a_choice(english):
    """A case that is read otherwise than NeMo does must have its reason in the list, and the list no other cases."""
    kept = {line.split("~")[0] for line in KEPT.read_text("utf-8").splitlines() if line and not line.startswith("#")}
    assert {written for one in english.values() for written, _, _ in one.missed} == kept
