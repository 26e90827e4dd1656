"""Cloned voices, with a tiny random model of pocket-tts through the whole path, or with HERALD_POCKET_WEIGHTS."""

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from gpu.engines.pocket import report_lack_of_memory
from herald.errors import ModelTooLarge
from herald.jobs.gpu_script import GpuResponse
from local import ROOT
from local.process import bare_environment
from tests.gpu.conftest import enrolment, serving
from tests.gpu.test_server import samples_of
from tests.support.programs import missing

PYTHON = ROOT / ".tools" / "pocket" / "bin" / "python"
TEXT = "Your table is ready."


@pytest.fixture(scope="session")
def pocket_python():
    if not PYTHON.exists():
        missing("pocket-tts is not installed; 'make test-pocket' installs and tests it")
    return PYTHON


@pytest.fixture(scope="session")
def pocket_models(pocket_python, tmp_path_factory):
    """A folder with the model, packed as an operator does."""
    folder = tmp_path_factory.mktemp("pocket")
    weights = Path(os.environ.get("HERALD_POCKET_WEIGHTS") or folder / "weights")
    environment = bare_environment(folder) | {"PYTHONPATH": str(ROOT / "src")}

    def run(*arguments):
        command = [pocket_python, "-m", *arguments]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=300)

    if not weights.exists():
        run("tests.gpu.tiny_pocket", weights)
    config = next(weights.glob("*.yaml"))
    run("gpu.pack_pocket", folder / "models", weights, config)
    return folder / "models"


@pytest.fixture(scope="module")
def cloning(pocket_python, pocket_models, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cloning")
    with serving(pocket_python, folder, "--models", pocket_models, "--local-files", "--at-once", "8") as running:
        yield running
    assert "Traceback" not in running.log.read_text()


@pytest.fixture
def folder(recordings, tmp_path):
    """Recordings of one speaker, in a folder of their own."""
    return Path(shutil.copytree(recordings, tmp_path / "enrolled"))


def enrolled(server, folder):
    response = server.post(enrolment(folder, method="pocket"))
    assert response.status_code == 200, response.text
    return GpuResponse.unpack(response.content)


def code(response):
    return response.status_code, response.json()["error"]["code"]


def line(voice, **settings):
    return {"job": "p-1", "lines": [{"text": TEXT, "voice": voice}], "response_format": "wav"} | settings


def test_a_voice_is_cloned_stored_and_spoken(cloning, folder):
    answer = enrolled(cloning, folder)
    assert answer.enrolment.verdict.state == "ready"
    assert answer.enrolment.speak_as == f"pocket:{folder / 'state'}"
    assert (answer.engine, answer.sample_rate) == ("pocket", 24_000)
    samples, _ = samples_of(answer)
    assert np.abs(samples).max() > 0
    again = cloning.speak((TEXT, answer.enrolment.speak_as, "en-US"))
    assert again.audio == answer.audio, "the stored voice speaks as the first response did"


def test_a_deleted_voice_is_gone(cloning, folder):
    voice = enrolled(cloning, folder).enrolment.speak_as
    (folder / "state").unlink()
    assert code(cloning.post(line(voice))) == (400, "object_missing")


def test_eight_at_once_speak_as_one(cloning, folder):
    voice = enrolled(cloning, folder).enrolment.speak_as
    with ThreadPoolExecutor(8) as callers:
        spoken = list(callers.map(lambda _: cloning.speak((TEXT, voice)).audio, range(8)))
    assert len(set(spoken)) == 1


def test_damaged_data_of_a_voice_is_an_error(cloning, folder):
    voice = enrolled(cloning, folder).enrolment.speak_as
    whole = (folder / "state").read_bytes()
    for damaged in (b"", b"no tensors", whole[: len(whole) // 2]):
        (folder / "state").write_bytes(damaged)
        assert code(cloning.post(line(voice))) == (500, "voice_not_prepared")
    (folder / "state").write_bytes(whole)
    assert cloning.speak((TEXT, voice)).seconds > 0


def test_another_speed_is_refused(cloning, folder):
    voice = enrolled(cloning, folder).enrolment.speak_as
    assert code(cloning.post(line(voice, speed=1.5))) == (400, "invalid_request")
    assert code(cloning.post(line("pocket"))) == (400, "invalid_request")


def test_damaged_weights_are_an_error(pocket_python, pocket_models, folder, tmp_path):
    models = Path(shutil.copytree(pocket_models, tmp_path / "models"))
    weights = models / "pocket" / "model.safetensors"
    whole = weights.read_bytes()
    with serving(pocket_python, tmp_path, "--models", models, "--local-files") as server:
        for damaged in (b"", whole[:1000], b"\0" * 1000):
            weights.write_bytes(damaged)
            assert code(server.post(enrolment(folder, method="pocket"))) == (500, "voice_not_prepared")
        weights.write_bytes(whole)
        assert enrolled(server, folder).seconds > 0, "the next request succeeds"


def test_too_little_memory_is_an_error(pocket_python, pocket_models, folder, tmp_path):
    with serving(pocket_python, tmp_path, "--models", pocket_models, "--local-files", "--memory", "0") as server:
        assert code(server.post(enrolment(folder, method="pocket"))) == (500, "model_too_large")


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: can't allocate memory: Error code 12"),
        RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    ],
)
def test_a_lack_of_memory_has_one_code(error):
    with pytest.raises(ModelTooLarge), report_lack_of_memory():
        raise error


def test_another_failure_stays_what_it_is():
    with pytest.raises(RuntimeError, match="sizes"), report_lack_of_memory():
        raise RuntimeError("sizes of tensors differ")


def test_without_the_package_the_error_says_how_to_install_it(python, pocket_models, folder, tmp_path):
    with serving(python, tmp_path, "--models", pocket_models, "--local-files") as server:
        response = server.post(enrolment(folder, method="pocket"))
    assert code(response) == (400, "engine_not_installed")
    assert "EXTRAS" in response.json()["error"]["message"]


def test_without_a_model_the_error_says_where_to_read(server, recordings):
    response = server.post(enrolment(recordings, method="pocket"))
    assert code(response) == (400, "engine_not_installed")
    assert "gpu/README.md" in response.json()["error"]["message"]
