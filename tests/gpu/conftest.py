"""The GPU container's server in a separate process, with a Piper voice, a tiny one and Kokoro."""

import json
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from herald.enrolment.consent_sentence import ConsentSentence
from herald.jobs.gpu_script import MEDIA_TYPE, GpuResponse
from herald.speech.prepare import build
from local import ROOT
from local.process import bare_environment, free_port
from tests.quality.conftest import whisper  # noqa: F401  shared fixture
from tests.support.programs import missing
from tests.unit.conftest import JOE, TINY

PYTHON = ROOT / ".tools" / "gpu" / "bin" / "python"
SECONDS_TO_START = 60


class Serving(NamedTuple):
    """A running server."""

    url: str
    process: subprocess.Popen
    log: Path

    def post(self, body: bytes | dict, **settings) -> httpx.Response:
        content = json.dumps(body).encode() if isinstance(body, dict) else body
        headers = {"Content-Type": "application/json"}
        return httpx.post(
            f"{self.url}/invocations", content=content, headers=headers, timeout=600, trust_env=False, **settings
        )

    def speak(self, *lines: tuple[str, ...], **settings) -> GpuResponse:
        """Synthesize lines, each a text, a voice and optionally a language."""
        names = ("text", "voice", "language")
        dialogue = [dict(zip(names, line, strict=False)) for line in lines]
        answer = self.post({"job": "job-1", "lines": dialogue, "response_format": "wav"} | settings)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == MEDIA_TYPE
        return GpuResponse.unpack(answer.content)

    def ping(self) -> dict:
        return httpx.get(f"{self.url}/ping", timeout=10, trust_env=False).raise_for_status().json()


@pytest.fixture(scope="session")
def python() -> Path:
    if not PYTHON.exists():
        pytest.skip("NO TEST OF THE GPU SERVER RAN: its environment is missing; 'make .tools/gpu/ready' makes it.")
    return PYTHON


@pytest.fixture(scope="session")
def models(python, tmp_path_factory) -> Path:
    """A folder of models, like /opt/ml/model on SageMaker."""
    folder = tmp_path_factory.mktemp("models")
    for model in (JOE, TINY):
        build(model, folder / model.stem)
    subprocess.run([python, "-m", "gpu.pack", folder], cwd=ROOT, check=True, capture_output=True, timeout=120)
    return folder


@contextmanager
def serving(python: Path, folder: Path, *options, **environment: str):
    """Start a server, and stop it as SageMaker does."""
    port = free_port()
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [python, "-m", "gpu.server", "--port", str(port), "--cache", folder / "cache", *options],
            cwd=ROOT,
            env=bare_environment(folder / "home") | {"PYTHONPATH": str(ROOT / "src")} | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Serving(f"http://127.0.0.1:{port}", process, log)
    try:
        wait_for(server)
        yield server
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(40)
        process.kill()
        process.wait()


def wait_for(server: Serving) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            server.ping()
            return
        assert server.process.poll() is None, server.log.read_text()
        time.sleep(0.05)
    pytest.fail(f"The server did not answer within {SECONDS_TO_START} s: {server.log.read_text()}")


SENTENCE = ConsentSentence("en", ("river", "window", "garden", "yellow"))
TALK = "The library opens at ten. Please bring your card, and return the books that you borrowed last month."


@pytest.fixture(scope="session")
def recordings(server, tmp_path_factory) -> Path:
    """A consent and a sample of one speaker, as files of a folder."""
    folder = tmp_path_factory.mktemp("recordings")
    for name, text in {"consent": SENTENCE.text, "sample": TALK}.items():
        (folder / f"{name}.wav").write_bytes(server.speak((text, JOE.stem)).audio)
    return folder


def enrolment(folder: Path, *sentences: ConsentSentence, method: str = "matched", **settings) -> dict:
    """Return a request that enrols the speaker of a folder's recordings."""
    issued = [{"language": one.language, "words": one.words} for one in sentences or (SENTENCE,)]
    files = {name: str(folder / f"{name}.wav") for name in ("consent", "sample")} | {"state": str(folder / "state")}
    asked = {"voice": "voice_" + "a" * 32, "method": method, "sentences": issued} | files
    line = {"text": "Your table is ready.", "voice": "enrolled", "language": "en-US"}
    return {"job": "e-1", "lines": [line], "response_format": "wav", "enrolment": asked} | settings


@pytest.fixture(scope="session")
def server(python, models, tmp_path_factory):
    with serving(python, tmp_path_factory.mktemp("server"), "--models", models) as running:
        yield running
    assert running.process.returncode == 0
    assert "Traceback" not in running.log.read_text()


@pytest.fixture(scope="module")
def enrolling(python, models, tmp_path_factory):
    """A server that enrols voices."""
    if not (ROOT / ".tools" / "gpu" / "enrolment").exists():
        missing("the container's checks of recordings are not installed; 'make enrolment' does")
    folder = tmp_path_factory.mktemp("enrolling")
    with serving(python, folder, "--models", models, "--local-files") as running:
        yield running
    assert "Traceback" not in running.log.read_text()
