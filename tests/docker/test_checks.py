"""Each sample event has a check in a container. Needs no Docker, so that `make unit` finds a missing one."""

from tests.docker.checks import EXPECTED
from tests.docker.herald import EVENTS


def test_each_event_has_a_check():
    missing = [f"events/{name}.json" for name in EVENTS.keys() - EXPECTED.keys()]
    assert not missing, "Add a check to tests/docker/expected_*.py."


def test_each_check_has_an_event():
    assert EXPECTED.keys() <= EVENTS.keys()
