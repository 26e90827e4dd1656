import pytest

from tests.unit.jobs.batches.services import Batches


@pytest.fixture
def batches():
    return Batches()
