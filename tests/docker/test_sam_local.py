"""The built functions in a container of Lambda's shape, called by the real `sam local invoke`.

Where there is no Docker daemon these skip and say what is missing; with HERALD_REQUIRE_DOCKER=1 they fail instead.
"""

import base64
import io
import json
import os
import subprocess
from pathlib import Path
from typing import Any, NoReturn

import pytest
import soundfile

pytestmark = pytest.mark.docker

ROOT = Path(__file__).parents[2]
ARCHITECTURE = os.environ.get("HERALD_PLATFORM", "x86_64")
MISSING_ON_THIS_MACHINE = 3  # how tests/docker/base_image says so

# Without these SAM looks for credentials in the network of a real EC2 machine, and hands real ones to the container.
NO_AWS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
    "SAM_CLI_TELEMETRY": "0",
}


@pytest.fixture(scope="module", autouse=True)
def runtime_image() -> None:
    command = [ROOT / "tests/docker/base_image", "--architecture", ARCHITECTURE]
    image = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=900, check=False)
    if image.returncode == MISSING_ON_THIS_MACHINE:
        cannot_run(image.stderr.strip().splitlines()[-1])
    assert image.returncode == 0, image.stderr


def cannot_run(reason: str) -> NoReturn:
    message = f"NOTHING WAS TESTED IN A CONTAINER: {reason}"
    if os.environ.get("HERALD_REQUIRE_DOCKER"):
        pytest.fail(message)
    pytest.skip(message)


def invoke(function: str, event: str, layer_cache: Path) -> dict[str, Any]:
    """Call a function with a file of events/ and return its answer to API Gateway, names of headers in lower case."""
    command = ["sam", "local", "invoke", function, "--event", f"events/{event}.json"]
    command += ["--template-file", ".aws-sam/build/template.yaml", "--region", "us-east-1", "--skip-pull-image"]
    command += ["--parameter-overrides", f"Architecture={ARCHITECTURE}", "--layer-cache-basedir", str(layer_cache)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | NO_AWS,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip(), f"{function} answered nothing:\n{done.stderr}"
    answer = json.loads(done.stdout)
    assert "statusCode" in answer, f"{answer}\n{done.stderr}"
    answer["headers"] = {name.lower(): value for name, value in answer["headers"].items()}
    return answer


def test_a_short_message_is_spoken(tmp_path):
    answer = invoke("SpeechFunction", "speech__short", tmp_path)

    headers = answer["headers"]
    assert answer["statusCode"] == 200, answer
    assert headers["content-type"] == "audio/mpeg"
    assert headers["x-herald-voice"] == "en_US-joe-medium"
    assert answer["isBase64Encoded"] is True
    samples, rate = soundfile.read(io.BytesIO(base64.b64decode(answer["body"], validate=True)))
    seconds = len(samples) / rate
    assert rate == int(headers["x-herald-sample-rate"])
    assert 1 < seconds < 5
    assert abs(samples).max() > 0.05, "silence"
    # MP3 comes in frames and begins with a delay, so a file lasts a little longer than what is said in it.
    assert float(headers["x-herald-audio-seconds"]) == pytest.approx(seconds, abs=0.15)


def test_an_unknown_voice_is_refused_in_the_shape_of_every_error(tmp_path):
    answer = invoke("SpeechFunction", "speech__bad_voice", tmp_path)

    assert 400 <= answer["statusCode"] < 500, answer
    assert answer["headers"]["content-type"].startswith("application/json")
    error = json.loads(answer["body"])["error"]
    assert error["code"] == "unknown_voice"
    assert error["param"] == "voice"
    assert error["message"]


def test_the_voices_are_listed(tmp_path):
    answer = invoke("ApiFunction", "api__voices", tmp_path)

    assert answer["statusCode"] == 200, answer
    assert "en_US-joe-medium" in answer["body"]


def test_it_tells_its_health(tmp_path):
    answer = invoke("ApiFunction", "api__health", tmp_path)

    assert answer["statusCode"] == 200, answer
