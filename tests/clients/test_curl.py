"""curl as documented, with both APIs."""

import json
import subprocess
from uuid import uuid4

import pytest

from tests.clients.conftest import TEXT
from tests.support.decoding import decode
from tests.support.programs import need_version


@pytest.fixture
def curl(stack):
    """Run curl and return its standard output. Transfer errors raise; error responses of the API do not."""
    need_version("curl", 7, 70)  # the first with --etag-save and --etag-compare

    def curl(url, *options, key=stack.api_key):
        shown = ["-H", f"Authorization: Bearer {key}"] if key else []
        command = ["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", "60", *shown, *options, url]
        return subprocess.run(command, capture_output=True, check=True).stdout

    return curl


def of_json(fields):
    return ["-H", "Content-Type: application/json", "-d", json.dumps(fields)]


@pytest.mark.parametrize("response_format", ["mp3", "wav"])
def test_audio_is_written_to_a_file(curl, door, tmp_path, response_format):
    file = tmp_path / "speech"
    curl(f"{door}/v1/audio/speech", *of_json({"input": TEXT, "response_format": response_format}), "-o", str(file))
    samples, rate = decode(file.read_bytes(), response_format, None)
    assert 1.5 < len(samples) / rate < 5


def test_an_error_is_json(curl, door):
    error = json.loads(curl(f"{door}/v1/audio/speech", *of_json({"input": TEXT, "voice": "nobody"})))["error"]
    assert error["code"] == "unknown_voice"


def test_a_form_is_rejected(curl, door):
    """curl's default content type."""
    answer = json.loads(curl(f"{door}/v1/audio/speech", "-d", json.dumps({"input": TEXT})))
    assert answer["error"]["code"] == "unsupported_media_type"


def test_a_compressed_body_is_rejected(curl, door):
    headers = ["-H", "Content-Encoding: gzip"]
    answer = json.loads(curl(f"{door}/v1/audio/speech", *headers, *of_json({"input": TEXT})))
    assert answer["error"]["code"] == "unsupported_media_type"


def test_without_a_key(curl, door):
    status = curl(f"{door}/v1/audio/speech", *of_json({"input": TEXT}), "-o", "/dev/null", "-w", "%{http_code}", key="")
    assert status == b"401"


def test_a_job_and_its_etag(curl, stack, tmp_path):
    url, tags = f"{stack.api_url}/v1/jobs", str(tmp_path / "etag")
    key = ["-H", f"Idempotency-Key: {uuid4().hex}"]
    first, again = (json.loads(curl(url, *key, *of_json({"input": TEXT, "use_case": "curl"}))) for _ in range(2))
    assert first["id"] == again["id"]
    curl(f"{stack.api_url}/v1/voices", "--etag-save", tags, "-o", "/dev/null")
    status = ["-o", "/dev/null", "-w", "%{http_code}"]
    assert curl(f"{stack.api_url}/v1/voices", "--etag-compare", tags, *status) == b"304"
