"""The GPU behind a SageMaker asynchronous endpoint. Requests and responses are objects in the bucket.

https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from herald.aws.clients import code_of, is_transient, translate_errors
from herald.errors import EndpointRefused, InvalidInput, MalformedResponse
from herald.jobs.custom_voices import NO_CUSTOM_SPEECH, CustomSpeech, is_custom
from herald.jobs.gpu_script import MEDIA_TYPE, GpuLine, GpuRequest
from herald.jobs.job import GpuCall, Job, JobError
from herald.jobs.ports import GpuEndpoint
from herald.jobs.script import LexiconReference, Script
from herald.speech.lexicons import Lexicon
from herald.speech.reading.lexicon_words import with_aliases
from herald.speech.reading.markup import readable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

INPUTS = "gpu/input/"
"""Prefix of requests. They contain text, so the bucket's lifecycle soon deletes everything below gpu/."""
_ADDRESS = re.compile(r"s3://(?P<bucket>[a-z0-9.-]{3,63})/(?P<key>gpu/.{1,1000})", re.ASCII)
_LONGEST_RESPONSE, _LONGEST_FAILURE = 320 << 20, 64 << 10
"""In bytes."""
_CODE = re.compile(r"[a-z][a-z_]{2,63}", re.ASCII)
_LONGEST_MESSAGE = 500
_FAILED = JobError(code="gpu_failed", message="The GPU failed to synthesize the job and gave no reason.")


class SageMakerEndpoint(GpuEndpoint):
    """An endpoint, the bucket for its responses, and the contents of lexicons.

    A request expires after `wait_seconds` in the endpoint's queue, and is aborted after `run_seconds`.
    """

    def __init__(  # noqa: PLR0913  independent settings
        self,
        sagemaker: "SageMakerRuntimeClient",
        s3: "S3Client",
        *,
        endpoint: str,
        bucket: str,
        lexicon: Callable[[LexiconReference], Lexicon],
        wait_seconds: int = 21_600,
        run_seconds: int = 3_600,
    ) -> None:
        self._sagemaker = sagemaker
        self._s3 = s3
        self.name = endpoint
        self._bucket = bucket
        self._lexicon = lexicon
        self._wait_seconds = wait_seconds
        self._run_seconds = run_seconds

    def invoke(self, job: Job, custom: CustomSpeech = NO_CUSTOM_SPEECH) -> GpuCall:
        """Submit a job's script with its tenant's custom voices; raise EndpointRefused if a retry cannot help."""
        if job.script is None:
            raise EndpointRefused("The job's text has been deleted.")
        try:
            lexicons = [self._lexicon(reference) for reference in job.script.lexicons]
            # Containers refuse fields that they do not know: an older one is sent no field that the job does not need.
            request = to_request(job.id, job.script, lexicons, custom).model_dump_json(exclude_none=True).encode()
        except InvalidInput as error:  # an expired lexicon, or one that makes the text too long
            raise EndpointRefused(error.message) from None
        key = f"{INPUTS}{job.id}/{job.attempts}.json"
        with translate_errors("S3"):
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=request, ContentType="application/json")
        with translate_errors("SageMaker"):
            try:
                response = self._sagemaker.invoke_endpoint_async(
                    EndpointName=self.name,
                    InputLocation=f"s3://{self._bucket}/{key}",
                    InferenceId=job.id,
                    ContentType="application/json",
                    Accept=MEDIA_TYPE,
                    RequestTTLSeconds=self._wait_seconds,
                    InvocationTimeoutSeconds=self._run_seconds,
                )
            except self._sagemaker.exceptions.ClientError as error:
                if is_transient(error) or "AccessDenied" in code_of(error):  # the operator can add the permission
                    raise
                raise EndpointRefused(f"The GPU endpoint rejected the request ({code_of(error)}).") from None
        output, failure = response["OutputLocation"], response.get("FailureLocation", "")
        return GpuCall(output=output, failure=failure, endpoint=self.name)

    def response(self, call: GpuCall) -> bytes | None:
        """Return the container's response, or None while it is missing.

        Raise MalformedResponse if its address is outside the bucket or the response is too large.
        """
        return self._read(call.output, _LONGEST_RESPONSE)

    def failure(self, call: GpuCall) -> JobError | None:
        """Return the container's error, or None if it does not exist yet. Unknown codes become `gpu_failed`."""
        body = self._read(call.failure, _LONGEST_FAILURE) if call.failure else None
        return None if body is None else _failure_in(body)

    def _read(self, address: str, longest: int) -> bytes | None:
        place = _ADDRESS.fullmatch(address)
        if place is None or place["bucket"] != self._bucket:
            raise MalformedResponse("The address of the GPU's response is outside the endpoint's output folder.")
        with translate_errors("S3"):
            try:
                found = self._s3.get_object(Bucket=self._bucket, Key=place["key"])
            except self._s3.exceptions.NoSuchKey:
                return None
            if found["ContentLength"] > longest:
                raise MalformedResponse(
                    f"The GPU's response has {found['ContentLength']} bytes; the limit is {longest}."
                )
            return found["Body"].read()


def to_request(
    job_id: str, script: Script, lexicons: Sequence[Lexicon] = (), custom: CustomSpeech = NO_CUSTOM_SPEECH
) -> GpuRequest:
    """Return the container's request for a script; raise EndpointRefused if the container cannot speak it."""
    if script.text_format == "ssml":
        raise EndpointRefused("The GPU does not support SSML.")
    try:
        return GpuRequest(
            job=job_id,
            lines=tuple(
                GpuLine(
                    text=with_aliases(readable(line.text, script.text_format).text, line.language, lexicons),
                    voice=custom.speak_as.get(line.voice, str(line)),
                    language=line.language,
                    own_voice=line.voice if is_custom(line.voice) else None,
                )
                for line in script.lines
            ),
            response_format=script.response_format,
            speed=script.speed,
            sample_rate=script.sample_rate,
            enrolment=custom.enrolment,
        )
    except ValidationError as error:
        fields = sorted({str(fault["loc"][0]) for fault in error.errors(include_input=False) if fault["loc"]})
        raise EndpointRefused(f"The GPU container does not support this request: {', '.join(fields)}.") from None


def _failure_in(body: bytes) -> JobError:
    """Parse a failure file: the container's error response, possibly inside a text of SageMaker."""
    text = body.decode(errors="replace")
    try:
        value, _ = json.JSONDecoder().raw_decode(text, max(text.find('{"error"'), 0))
    except (ValueError, RecursionError):
        return _FAILED
    error = value.get("error") if isinstance(value, dict) else None
    if not isinstance(error, dict) or error.get("type") != "invalid_request_error":
        return _FAILED
    code, message = error.get("code"), error.get("message")
    if not isinstance(code, str) or not isinstance(message, str) or not _CODE.fullmatch(code):
        return _FAILED
    return JobError(code=code, message=message[:_LONGEST_MESSAGE])
