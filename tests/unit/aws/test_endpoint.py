"""The GPU endpoint: requests, and the validation of its responses."""

import json

import pytest
from botocore.stub import Stubber

from herald.aws.gpu_endpoint import SageMakerEndpoint, to_request
from herald.errors import BrokenInstallation, EndpointRefused, MalformedResponse, TextTooLong, Unavailable
from herald.jobs.gpu_script import GpuLine, GpuRequest, parse_gpu_request
from herald.jobs.job import GpuCall, JobError
from herald.jobs.script import Line, Script
from herald.speech.lexicons import Entry, Lexicon
from tests.support.job_samples import a_job
from tests.unit.aws.conftest import BUCKET

OUTPUT, FAILURE = f"s3://{BUCKET}/gpu/output/1.out", f"s3://{BUCKET}/gpu/failure/1-error.out"
CALL = GpuCall(output=OUTPUT, failure=FAILURE, endpoint="herald-gpu")
SCRIPT = Script(
    lines=(
        Line(text="Good morning.", voice="kokoro", speaker="jf_alpha(2)+jm_kumo(1)", language="en-US"),
        Line(text="Guten Morgen.", voice="de_DE-tiny-low"),
    ),
    response_format="opus",
    sample_rate=24_000,
    speed=1.25,
)
MARKER = "purple elephant"
WORDS = Lexicon((Entry("nginx", alias="engine x"), Entry("Siobhan", ipa="ʃɪˈvɔːn")), "en")
WORDS_REFERENCE = f"acme/{WORDS.checksum}-0123456789abcdef"


@pytest.fixture
def sagemaker(aws):
    with Stubber(aws.sagemaker) as stubber:
        yield stubber


@pytest.fixture
def endpoint(aws, s3, sagemaker):
    return SageMakerEndpoint(
        aws.sagemaker,
        s3,
        endpoint="herald-gpu",
        bucket=BUCKET,
        lexicon={WORDS_REFERENCE: WORDS}.__getitem__,
        wait_seconds=3_600,
        run_seconds=900,
    )


def test_the_container_learns_which_lines_are_custom_voices():
    """It signs their files."""
    own = "voice_0123456789abcdef0123456789abcdef"
    lines = (Line(text="Hello.", voice=own), *SCRIPT.lines, Line(text="Hello.", voice=f"{own}0"))
    request = to_request("job-1", SCRIPT.model_copy(update={"lines": lines}))
    assert [line.own_voice for line in request.lines] == [own, None, None, None]


def test_the_first_container_accepts_a_request(endpoint, s3, sagemaker):
    """Containers refuse unknown fields: a request has no field that the job does not need."""
    job = a_job(route="gpu", script=SCRIPT, attempts=1)
    sagemaker.add_response("invoke_endpoint_async", {"OutputLocation": OUTPUT})
    endpoint.invoke(job)
    sent = json.loads(s3.get_object(Bucket=BUCKET, Key=f"gpu/input/{job.id}/1.json")["Body"].read())
    assert set(sent) <= {"version", "job", "lines", "response_format", "speed", "sample_rate"}
    assert all(set(line) <= {"text", "voice", "language"} for line in sent["lines"])


def test_a_document_is_refused_because_the_container_would_not_get_its_markup():
    document = '<speak>One. <break time="3s"/> Two.</speak>'
    script = Script(
        lines=(Line(text=document, voice="kokoro"),), response_format="mp3", sample_rate=24_000, text_format="ssml"
    )
    with pytest.raises(EndpointRefused, match="SSML"):
        to_request("job-1", script)


def test_a_script_is_sent_through_the_bucket(endpoint, s3, sagemaker):
    job = a_job(route="gpu", script=SCRIPT, attempts=2)
    key = f"gpu/input/{job.id}/2.json"
    expected = {
        "EndpointName": "herald-gpu",
        "InputLocation": f"s3://{BUCKET}/{key}",
        "InferenceId": job.id,
        "ContentType": "application/json",
        "Accept": "application/vnd.herald.speech",
        "RequestTTLSeconds": 3_600,
        "InvocationTimeoutSeconds": 900,
    }
    sagemaker.add_response("invoke_endpoint_async", {"OutputLocation": OUTPUT, "FailureLocation": FAILURE}, expected)
    assert endpoint.invoke(job) == CALL
    sent = parse_gpu_request(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())
    assert sent == GpuRequest(
        job=job.id,
        lines=(
            GpuLine(text="Good morning.", voice="kokoro:jf_alpha(2)+jm_kumo(1)", language="en-US"),
            GpuLine(text="Guten Morgen.", voice="de_DE-tiny-low"),
        ),
        response_format="opus",
        speed=1.25,
        sample_rate=24_000,
    )


def test_the_aliases_of_lexicons_are_sent(endpoint, s3, sagemaker):
    lines = (
        Line(text="Siobhan runs nginx.", voice="kokoro", speaker="af_heart", language="en-US"),
        Line(text="Nginx's, nginx.", voice="kokoro", speaker="af_heart"),
        Line(text="nginx", voice="kokoro", speaker="jf_alpha", language="ja"),
    )
    script = SCRIPT.model_copy(update={"lines": lines, "lexicons": (WORDS_REFERENCE,)})
    sagemaker.add_response("invoke_endpoint_async", {"OutputLocation": OUTPUT})
    job = a_job(route="gpu", script=script, attempts=1)
    endpoint.invoke(job)
    sent = parse_gpu_request(s3.get_object(Bucket=BUCKET, Key=f"gpu/input/{job.id}/1.json")["Body"].read())
    assert [line.text for line in sent.lines] == ["Siobhan runs engine x.", "engine x's, engine x.", "nginx"]


def test_a_text_that_lexicons_make_too_long_is_refused(endpoint, monkeypatch):
    def long(*_):
        raise TextTooLong("Too long.")

    monkeypatch.setattr("herald.aws.gpu_endpoint.to_request", long)
    with pytest.raises(EndpointRefused, match="Too long"):
        endpoint.invoke(a_job(route="gpu", script=SCRIPT))


def test_the_failure_location_is_optional(endpoint, sagemaker):
    sagemaker.add_response("invoke_endpoint_async", {"OutputLocation": OUTPUT})
    call = endpoint.invoke(a_job(route="gpu", script=SCRIPT))
    assert call == GpuCall(output=OUTPUT, failure="", endpoint="herald-gpu")
    assert endpoint.failure(call) is None


@pytest.mark.parametrize(
    ("code", "status"), [("ValidationError", 400), ("ModelError", 424), ("InternalDependency", 404)]
)
def test_a_rejection_by_the_endpoint_is_final(endpoint, sagemaker, code, status):
    sagemaker.add_client_error("invoke_endpoint_async", code, MARKER, status)
    with pytest.raises(EndpointRefused, match=code) as caught:
        endpoint.invoke(a_job(route="gpu", text=MARKER))
    assert MARKER not in caught.value.message


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 400),
        ("ServiceUnavailable", 503),
        ("InternalFailure", 500),
        ("ModelNotReadyException", 429),
    ],
)
def test_a_busy_endpoint_is_unavailable(endpoint, sagemaker, code, status):
    sagemaker.add_client_error("invoke_endpoint_async", code, MARKER, status)
    with pytest.raises(Unavailable, match=f"SageMaker: InvokeEndpointAsync .*{code}") as caught:
        endpoint.invoke(a_job(route="gpu", text=MARKER))
    assert MARKER not in caught.value.message


def test_missing_permissions_are_a_broken_installation(endpoint, sagemaker):
    sagemaker.add_client_error("invoke_endpoint_async", "AccessDeniedException", MARKER, 403)
    with pytest.raises(BrokenInstallation, match="SageMaker: InvokeEndpointAsync"):
        endpoint.invoke(a_job(route="gpu"))


def test_the_endpoint_is_not_invoked_if_storing_the_request_fails(endpoint, s3, fail):
    fail(s3, "PutObject", "SlowDown", 503)
    with pytest.raises(Unavailable, match="S3: PutObject"):
        endpoint.invoke(a_job(route="gpu"))


def test_an_invalid_request_is_rejected_before_the_call(endpoint):
    line = Line(text=MARKER, voice="kokoro", language="the queen's")
    script = Script(lines=(line,), response_format="mp3", sample_rate=24_000)
    with pytest.raises(EndpointRefused, match="language") as caught:
        endpoint.invoke(a_job(route="gpu", script=script))
    assert MARKER not in caught.value.message
    with pytest.raises(EndpointRefused, match="text has been deleted"):
        endpoint.invoke(a_job(route="gpu", script=None))


def test_a_missing_response_is_none(endpoint, s3):
    assert endpoint.response(CALL) is None
    assert endpoint.failure(CALL) is None
    s3.put_object(Bucket=BUCKET, Key="gpu/output/1.out", Body=b"{}\nID3")
    assert endpoint.response(CALL) == b"{}\nID3"


FOREIGN = {
    "another bucket": "s3://another-bucket/gpu/output/1.out",
    "a longer bucket": f"s3://{BUCKET}x/gpu/output/1.out",
    "another folder": f"s3://{BUCKET}/audio/acme/1.mp3",
    "a text": f"s3://{BUCKET}/texts/job_1/2.json",
    "a folder of a like name": f"s3://{BUCKET}/gpux/1.out",
    "no key": f"s3://{BUCKET}/",
    "the folder": f"s3://{BUCKET}/gpu/",
    "https": f"https://{BUCKET}.s3.amazonaws.com/gpu/output/1.out",
    "two lines": f"s3://{BUCKET}/gpu/output/1.out\ns3://{BUCKET}/audio/1",
    "empty": "",
}


@pytest.mark.parametrize("address", FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_address_is_not_read(endpoint, s3, record, address):
    reads = record(s3, "GetObject")
    with pytest.raises(MalformedResponse) as caught:
        endpoint.response(GpuCall(output=address, failure=""))
    assert reads == []
    assert not address or address not in caught.value.message
    if address:
        with pytest.raises(MalformedResponse):
            endpoint.failure(GpuCall(output=OUTPUT, failure=address))
    assert reads == []


def test_an_oversized_response_is_not_read(endpoint, s3, monkeypatch):
    monkeypatch.setattr("herald.aws.gpu_endpoint._LONGEST_RESPONSE", 100)
    monkeypatch.setattr("herald.aws.gpu_endpoint._LONGEST_FAILURE", 100)
    for key in ("gpu/output/1.out", "gpu/failure/1-error.out"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"x" * 101)
    with pytest.raises(MalformedResponse, match="101 bytes"):
        endpoint.response(CALL)
    with pytest.raises(MalformedResponse, match="101 bytes"):
        endpoint.failure(CALL)


def error(**fields):
    defaults = {
        "message": "The voice is not here.",
        "type": "invalid_request_error",
        "param": None,
        "code": "unknown_voice",
    }
    return json.dumps({"error": defaults | fields})


UNKNOWN_VOICE = JobError(code="unknown_voice", message="The voice is not here.")


@pytest.mark.parametrize(
    "body", [error(), f'Received client error (400) from primary with message "{error()}". See the log.']
)
def test_the_containers_error_is_returned(endpoint, s3, body):
    s3.put_object(Bucket=BUCKET, Key="gpu/failure/1-error.out", Body=body.encode())
    assert endpoint.failure(CALL) == UNKNOWN_VOICE


UNCLEAR = {
    "its own fault": error(type="server_error", code="internal_error"),
    "a strange code": error(code=f"{MARKER}!"),
    "no code": error(code=None),
    "no message": error(message=None),
    "no object": '{"error": "x"}',
    "a list": '[{"error": 1}]',
    "text": f"Traceback: {MARKER}",
    "nothing": "",
    "too deep": '{"error":' + "[" * 50_000,
    "no text": "\xff\xfe",
}


@pytest.mark.parametrize("body", UNCLEAR.values(), ids=UNCLEAR)
def test_an_unknown_failure_is_not_repeated(endpoint, s3, body):
    s3.put_object(Bucket=BUCKET, Key="gpu/failure/1-error.out", Body=body.encode("latin-1"))
    failure = endpoint.failure(CALL)
    assert failure.code == "gpu_failed"
    assert MARKER not in failure.message


def test_error_messages_are_truncated(endpoint, s3):
    s3.put_object(Bucket=BUCKET, Key="gpu/failure/1-error.out", Body=error(message="x" * 5_000).encode())
    assert len(endpoint.failure(CALL).message) == 500


def test_an_unavailable_bucket_is_unavailable(endpoint, s3, fail):
    fail(s3, "GetObject", "InternalError", 500)
    with pytest.raises(Unavailable, match="S3: GetObject"):
        endpoint.response(CALL)
