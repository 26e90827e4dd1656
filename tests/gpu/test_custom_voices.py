"""Custom voices from the API to the container and back: the functions, in-process AWS, the real server."""

import io
import json

import httpx
import numpy as np
import pytest
import soundfile

from herald.jobs.gpu_script import GpuResponse
from herald.jobs.job import State
from tests.support.enrolling import Enrolling, notice
from tests.support.moto_cloud import BUCKET
from tests.unit.conftest import voices_folder  # noqa: F401  shared fixture
from tests.unit.functions.conftest import clients, cloud, environment, gpu, parts  # noqa: F401  shared fixtures

TALK = "The library opens at ten. Please bring your card, and return the books that you borrowed last month."
PERSON, OTHER = "kokoro:am_adam(1)+am_onyx(1)", "kokoro:af_bella"


class Person:
    """A caller whose recordings the container speaks, and whose requests it answers."""

    def __init__(self, container, deployed, folder):
        self.container = container
        self.api = Enrolling(deployed)
        self.folder = folder

    def say(self, text, voice=PERSON):
        return self.container.speak((text, voice, "en-US")).audio

    def run(self):
        """Answer all requests to the endpoint with the container."""
        for request in self.api.submit():
            if enrolment := request.get("enrolment"):
                for name in ("consent", "sample"):
                    key = enrolment[name].removeprefix(f"s3://{BUCKET}/")
                    path = self.folder / key.replace("/", "-")
                    path.write_bytes(self.api.cloud.clients.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())
                    enrolment[name] = str(path)
                enrolment["state"] = str(self.folder / "state")
            answer = httpx.post(f"{self.container.url}/invocations", json=request, timeout=600, trust_env=False)
            assert answer.status_code == 200, answer.text
            calls = self.api.cloud.sagemaker.calls
            number = next(n for n, call in enumerate(calls, 1) if call["InferenceId"] == request["job"])
            output = f"s3://{BUCKET}/gpu/output/{number}.out"
            self.api.cloud.write(output, answer.content)
            from herald.functions import gpu_result  # noqa: PLC0415  after the environment is set
            from tests.unit.functions.conftest import Context  # noqa: PLC0415

            gpu_result.handler(notice(request["job"], output), Context(milliseconds_left=120_000))
            yield GpuResponse.unpack(answer.content)

    def enrol(self, consent, sample):
        """Send both recordings, let the container check them, and return the voice."""
        sent = self.api.consent(consent).json
        voice = self.api.create(sent["id"], sample)
        assert voice.status == 202, voice.body
        list(self.run())
        return self.api.voice(voice.json["id"])


@pytest.fixture
def person(enrolling, gpu, tmp_path):  # noqa: F811
    return Person(enrolling, gpu, tmp_path)


def codes(voice):
    assert voice["state"] == "refused", voice
    return {one["code"] for one in voice["refusals"]}


def test_two_recordings_of_a_person_become_a_voice_that_speaks(person, parts):  # noqa: F811
    consent, sample = person.say(person.api.sentence()["sentence"]), person.say(TALK)
    voice = person.enrol(consent, sample)
    assert voice["state"] == "ready", voice
    assert voice["similarity"] > 0.66
    assert voice["likeness"] > 0.6
    job = person.api.job(voice["id"]).json
    (answer,) = person.run()
    done = parts.table.get(job["id"])
    assert (done.state, done.audio.seconds) == (State.DONE, answer.seconds)
    assert voice["id"] in done.audio.key
    # Both recordings again, with a new sentence issued: replayed.
    person.api.sentence()
    assert person.api.consent(consent).refusal == (400, "replayed_recording")
    old = person.api.consent(person.say(person.api.sentence()["sentence"])).json
    assert person.api.create(old["id"], sample).refusal == (400, "replayed_recording")


def test_an_older_sentence_is_refused(person):
    first = person.say(person.api.sentence()["sentence"])
    for _ in range(8):
        person.api.sentence()  # the first is no longer valid
    assert codes(person.enrol(first, person.say(TALK))) == {"wrong_words"}


def test_the_sample_of_another_person_is_refused(person):
    consent = person.say(person.api.sentence()["sentence"])
    assert codes(person.enrol(consent, person.say(TALK, OTHER))) == {"different_speaker"}


def test_another_text_is_no_consent(person):
    person.api.sentence()
    assert codes(person.enrol(person.say(TALK), person.say(TALK + " Thank you."))) == {"wrong_sentence"}


def test_noise_silence_and_a_second_speaker_are_refused(person):
    consent = person.say(person.api.sentence()["sentence"])
    samples, rate = soundfile.read(io.BytesIO(person.say(TALK)))
    noise = np.random.default_rng(1).normal(0, 0.03, len(samples))
    other, _ = soundfile.read(io.BytesIO(person.say(TALK, OTHER)))
    found = {}
    sent = person.api.consent(consent).json
    for name, made in {
        "noise": samples + noise,
        "silence": samples * 0,
        "two": np.concatenate([samples, other]),
    }.items():
        file = io.BytesIO()
        soundfile.write(file, made, rate, format="WAV")
        voice = person.api.create(sent["id"], file.getvalue()).json
        list(person.run())
        found[name] = codes(person.api.voice(voice["id"]))
    assert "recording_noisy" in found["noise"], json.dumps(str(found))
    assert "recording_silent" in found["silence"]
    assert "several_speakers" in found["two"]
