"""The data itself: a case without the marker would prove nothing about logs."""

from collections import Counter

import pytest

from tests.hostile.cases import CASES, MARKER


def test_names_are_unique():
    assert [name for name, count in Counter(map(str, CASES)).items() if count > 1] == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_case_contains_the_marker_or_is_unmarked(case):
    sent = str({key: value for key, value in case.line.items() if key != "name"}).lower()
    assert (MARKER in sent) != case.get("unmarked", False)
