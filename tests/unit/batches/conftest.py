import pytest

from tests.unit.batches.services import Batches


@pytest.fixture
def batches():
    return Batches()
