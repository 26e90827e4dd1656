"""Whisper transcribes a job with a voice of Kokoro that was spoken on CPU, as in a deployment without a GPU."""

import shutil

import pytest

from herald.cli import main
from local import ROOT
from tests.quality.test_jobs import check
from tests.support.deployed_stack import deployed

MODEL = ROOT / ".local" / "models" / "kokoro"
BODY = {
    "input": "Your appointment with Doctor Miller is confirmed for Monday at nine in the morning.",
    "voice": "kokoro:bm_george(2)+af_heart(1)",
    "language": "en-US",
}

deployed = pytest.fixture(deployed, scope="module")


@pytest.fixture(scope="module")
def published(deployed, tmp_path_factory):
    """Publish the model, as an operator does."""
    folder = tmp_path_factory.mktemp("operator")
    (folder / ".local").mkdir()
    shutil.copy(ROOT / ".local" / "test" / "stack.json", folder / ".local" / "stack.json")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        assert main(["voices", "publish", str(MODEL)]) == 0
        yield
        assert main(["voices", "unpublish", "kokoro"]) == 0


def test_words_of_a_job_on_cpu_are_understood(deployed, published, whisper, rates):
    with deployed.function_with("ApiFunction", HERALD_ENABLE_GPU="false"):
        accepted = deployed.post(**BODY)
    assert accepted["route"] == "kokoro"
    assert float(accepted["price_expected"]) > 0
    job = deployed.ended(accepted["id"], seconds=300)
    assert job["state"] == "done", job
    assert job["voice"] == BODY["voice"]
    check(whisper, rates, "kokoro on CPU", BODY, deployed.http.get(job["audio_url"]).content)
