"""An SSML document of two voices sounds the same in every kind of request: real time, stream, job and batch."""

import io

import httpx
import pytest
import soundfile

from tests.support.batch_runs import Sent
from tests.support.deployed_stack import deployed
from tests.support.stream_reader import PATH, pcm_seconds

deployed = pytest.fixture(deployed, scope="module")
DOCUMENT = (
    '<speak>Hello {name}. <break time="300ms"/> <voice name="en_US-joe-medium">'
    '<prosody rate="fast">See you on Monday.</prosody></voice> Goodbye.</speak>'
)
ADA = DOCUMENT.replace("{name}", "Ada")


@pytest.fixture(scope="module")
def seconds(api):
    answer = api.post(PATH, json={"input": ADA, "response_format": "pcm"}).raise_for_status()
    return pcm_seconds(answer.content)


def test_another_voice_speaks(api, seconds):
    alone = ADA.replace('<voice name="en_US-joe-medium">', "").replace("</voice>", "")
    fields = {"input": alone, "response_format": "pcm"}
    assert pcm_seconds(api.post(PATH, json=fields).raise_for_status().content) != pytest.approx(seconds, abs=0.1)


def test_a_stream_is_as_long(stream, seconds):
    answer = stream.post(PATH, json={"input": ADA, "response_format": "pcm"}).raise_for_status()
    assert pcm_seconds(answer.content) == pytest.approx(seconds, abs=0.01)


def test_a_job_is_as_long(deployed, seconds):
    job = deployed.ended(deployed.post(input=ADA, response_format="wav")["id"])
    assert (job["state"], job["characters"]) == ("done", len("Hello Ada.  See you on Monday. Goodbye."))
    assert job["audio_seconds"] == pytest.approx(seconds, abs=0.01)
    audio = httpx.get(job["audio_url"], trust_env=False).content
    assert soundfile.info(io.BytesIO(audio)).duration == pytest.approx(seconds, abs=0.01)


def test_a_row_of_a_batch_is_as_long_and_cannot_inject_a_voice(deployed, seconds):
    manifest = 'name\nAda\n"Ada<voice name=""onyx"">Eve</voice>"\n'
    sent = Sent(deployed, manifest, template=DOCUMENT, response_format="pcm", sample_rate=24_000)
    assert sent.ended()["counts"]["done"] == 2
    lengths = sorted(float(row["seconds"]) for row in sent.rows().values())
    assert lengths[0] == pytest.approx(seconds, abs=0.02)
    assert lengths[1] > seconds + 0.5, "the tag is read aloud as text"
