import pytest

from tests.support.batch_services import Batches


@pytest.fixture
def batches():
    return Batches()
