"""The output of `make run` about jobs, with a fake API."""

import pytest

from local import jobs
from local.http import Api
from local.progress import Failure

API = Api("http://api", "key")
DONE = {
    "id": "1",
    "state": "done",
    "route": "queue",
    "priority": "vip",
    "reason": "A job.",
    "audio_seconds": 1.5,
    "audio_url": "http://file",
    "price": 0.000012,
    "error": None,
}


@pytest.fixture
def api(monkeypatch):
    """A fake API whose jobs end at the second poll, as `api` specifies."""
    ends, looks = {}, {}

    def call(_, url, body=None):
        if body is not None:
            name = next(name for name, request in jobs.JOBS.items() if request == body)
            return {**DONE, "id": name, "state": "accepted"}
        name = url.rpartition("/")[2]
        looks[name] = looks.get(name, 0) + 1
        return (
            {**DONE, "id": name, "state": "queued"} if looks[name] == 1 else {**DONE, "id": name, **ends.get(name, {})}
        )

    monkeypatch.setattr(Api, "call", call)
    monkeypatch.setattr(jobs, "fetch", lambda _: b"audio")
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN_LOOKS", 0)
    return ends


def test_each_job_is_printed_and_saved(api, tmp_path, capsys):
    jobs.show(API, tmp_path / "hello.wav")
    assert {file.name for file in tmp_path.iterdir()} == {"hello.queue.mp3", "hello.vip.mp3", "hello.gpu.mp3"}
    output = capsys.readouterr().out
    assert "1.50 s of audio" in output
    assert "for $0.000012\n  done, vip, route queue: A job." in output


def test_failed_job_is_a_failure(api, tmp_path):
    api["gpu"] = {"state": "failed", "error": {"code": "gpu_failed", "message": "It broke."}}
    with pytest.raises(Failure, match=r"The gpu job gpu is failed: .*It broke"):
        jobs.show(API, tmp_path / "hello.wav")


def test_waiting_times_out(api, monkeypatch, tmp_path):
    api["vip"] = {"state": "speaking"}
    monkeypatch.setattr(jobs, "SECONDS_TO_END", 0)
    with pytest.raises(Failure, match=r"have not ended after .*vip"):
        jobs.show(API, tmp_path / "hello.wav")
