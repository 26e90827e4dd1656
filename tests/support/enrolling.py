"""A caller that enrols voices through the functions, with the GPU container replaced at the endpoint."""

import json
from datetime import UTC, datetime

import httpx

from herald.enrolment.consent_sentence import ConsentSentence
from herald.enrolment.enrolment_messages import EnrolmentResult, RecordingFacts, Refusal, Verdict
from herald.functions import api, gpu_result, gpu_submit
from herald.jobs.gpu_script import GpuResponse
from herald.speech.voices.catalog import Catalog
from tests.support.http_events import ANYBODY, event_of
from tests.support.moto_cloud import BUCKET
from tests.unit.functions.conftest import Answer, Context, event

CONSENT, SAMPLE, OTHER = (b"RIFF\x24\x00\x00\x00WAVE" + name for name in (b"consent", b"sample", b"other"))
MIX = "kokoro:af_heart(3)+am_adam(1)"
CHECKSUMS = {"kokoro": Catalog().find("kokoro").checksum}


class Enrolling:
    """Sends requests of a tenant, and answers those of the endpoint."""

    def __init__(self, cloud, tenant="acme"):
        self.cloud = cloud
        self.tenant = tenant

    def ask(self, method, path, *, context=None, form=None, files=None, fields=None):  # noqa: PLR0913
        """Send a request, with a form or JSON."""
        body = {} if form is None else {"data": form, "files": files}
        request = httpx.Request(method, "http://herald" + path, **body, **({"json": fields} if fields else {}))
        request.read()
        context = (ANYBODY.context() | {"tenant": self.tenant}) if context is None else context
        answer = api.handler(event_of(method, path, dict(request.headers), request.content, context), Context())
        return Answer(int(answer["statusCode"]), answer["headers"], answer["body"])

    def sentence(self, language="en"):
        return self.ask("GET", f"/v1/audio/voice_consents/sentence?language={language}").json

    def consent(self, recording=CONSENT, *, language="en-US", name="Ann"):
        form = {"name": name, "language": language}
        return self.ask("POST", "/v1/audio/voice_consents", form=form, files={"recording": ("c.wav", recording)})

    def create(self, consent, sample=SAMPLE, **fields):
        form = {"name": "Ann", "consent": consent} | fields
        return self.ask("POST", "/v1/audio/voices", form=form, files={"audio_sample": ("s.wav", sample)})

    def voice(self, voice_id):
        return self.ask("GET", f"/v1/audio/voices/{voice_id}").json

    def consent_record(self, consent_id):
        return self.ask("GET", f"/v1/audio/voice_consents/{consent_id}").json

    def submit(self):
        """Submit what is in the GPU queue to the endpoint; return the requests to the container."""
        before = len(self.cloud.sagemaker.calls)
        answer = gpu_submit.handler(self.cloud.receive("gpu"), Context(milliseconds_left=60_000))
        assert answer == {"batchItemFailures": []}
        return [self.request(call) for call in self.cloud.sagemaker.calls[before:]]

    def request(self, call):
        key = call["InputLocation"].removeprefix(f"s3://{BUCKET}/")
        return json.loads(self.cloud.clients.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())

    def answer(self, request, *, refusals=(), sentence=None, enrolment=True):
        """Write the container's answer to a request, and notify gpu_result."""
        asked = request.get("enrolment") if enrolment else None
        result = self.result(asked, refusals, sentence) if asked else None
        audio = b"" if refusals else b"mp3!"
        packed = GpuResponse(
            job=request["job"], seconds=2.5 * bool(audio), sample_rate=24_000, format="mp3", engine="kokoro",
            synthesis_seconds=0.3, size=len(audio), audio=audio, enrolment=result, voice_checksums=CHECKSUMS,
        ).pack()  # fmt: skip
        number = next(
            n for n, call in enumerate(self.cloud.sagemaker.calls, 1) if call["InferenceId"] == request["job"]
        )
        output = f"s3://{BUCKET}/gpu/output/{number}.out"
        self.cloud.write(output, packed)
        gpu_result.handler(notice(request["job"], output), Context(milliseconds_left=120_000))

    def result(self, enrolment, refusals, sentence):
        facts = RecordingFacts(
            sha256="0" * 64, seconds=9, speech_seconds=8, speech_db=-20, noise_below_db=50, clipped=0
        )
        read = enrolment["sentences"][0]
        verdict = Verdict(
            state="refused" if refusals else "ready",
            checked_at=datetime.now(UTC),
            language=read["language"],
            sentence=sentence or text_of(read),
            transcript="as it was heard",
            similarity=0.81,
            least_similarity=0.66,
            consent=facts,
            sample=facts,
            refusals=tuple(Refusal("consent", code, "Record it again.") for code in refusals),
        )
        return EnrolmentResult(verdict=verdict, speak_as=None if refusals else MIX, likeness=0.62)

    def enrol(self, consent=CONSENT, sample=SAMPLE, **fields):
        """Enrol a voice and return it."""
        self.sentence()
        voice = self.create(self.consent(consent).json["id"], sample, **fields).json
        (request,) = self.submit()
        self.answer(request)
        return self.voice(voice["id"])

    def job(self, voice, **fields):
        return self.ask("POST", "/v1/jobs", fields={"input": "Good morning.", "voice": voice} | fields)


def text_of(sentence):
    return ConsentSentence(sentence["language"], tuple(sentence["words"])).text


def notice(job_id, output):
    """Return the notice of SNS that a call has ended."""
    found = event("gpu_result__success")
    message = json.loads(found["Records"][0]["Sns"]["Message"])
    message["inferenceId"] = job_id
    message["requestParameters"]["inputLocation"] = f"s3://{BUCKET}/gpu/input/{job_id}/1.json"
    message["responseParameters"]["outputLocation"] = output
    found["Records"][0]["Sns"]["Message"] = json.dumps(message)
    return found
