"""The GPU, behind a SageMaker asynchronous endpoint: requests and answers go through the bucket.

https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
"""

import json
import re
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from herald.aws.clients import asking, code_of, passes
from herald.errors import BrokenAnswer, EndpointRefused
from herald.jobs.gpu import MEDIA_TYPE, GpuLine, GpuRequest
from herald.jobs.job import GpuCall, Job, JobError
from herald.jobs.ports import GpuEndpoint
from herald.jobs.script import Script

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

INPUTS = "gpu/input/"
"""Folder of requests. They hold text: the bucket's lifecycle deletes all under gpu/ soon."""
_ADDRESS = re.compile(r"s3://(?P<bucket>[a-z0-9.-]{3,63})/(?P<key>gpu/.{1,1000})", re.ASCII)
_LONGEST_ANSWER = 320 << 20
_LONGEST_FAILURE = 64 << 10
"""Bytes."""
_CODE = re.compile(r"[a-z][a-z_]{2,63}", re.ASCII)
_LONGEST_MESSAGE = 500
_FAILED = JobError(code="gpu_failed", message="The GPU could not speak it, and did not say why.")


class SageMakerEndpoint(GpuEndpoint):
    """An endpoint by its name, and the bucket in which it answers.

    A request waits `wait_seconds` at most for an instance, and runs for `run_seconds` at most.
    """

    def __init__(  # noqa: PLR0913  all from the template
        self,
        sagemaker: "SageMakerRuntimeClient",
        s3: "S3Client",
        *,
        endpoint: str,
        bucket: str,
        wait_seconds: int = 21_600,
        run_seconds: int = 3_600,
    ) -> None:
        self._sagemaker = sagemaker
        self._s3 = s3
        self._endpoint = endpoint
        self._bucket = bucket
        self._wait_seconds = wait_seconds
        self._run_seconds = run_seconds

    def invoke(self, job: Job) -> GpuCall:
        """Hand a job's script over. EndpointRefused where asking again cannot help."""
        if job.script is None:
            raise EndpointRefused("The job has no text any more.")
        request = to_request(job.id, job.script).model_dump_json().encode()
        key = f"{INPUTS}{job.id}/{job.attempts}.json"
        with asking("S3"):
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=request, ContentType="application/json")
        with asking("SageMaker"):
            try:
                answer = self._sagemaker.invoke_endpoint_async(
                    EndpointName=self._endpoint,
                    InputLocation=f"s3://{self._bucket}/{key}",
                    InferenceId=job.id,
                    ContentType="application/json",
                    Accept=MEDIA_TYPE,
                    RequestTTLSeconds=self._wait_seconds,
                    InvocationTimeoutSeconds=self._run_seconds,
                )
            except self._sagemaker.exceptions.ClientError as error:
                raise _refusal(error) or error from None
        return GpuCall(output=answer["OutputLocation"], failure=answer.get("FailureLocation", ""))

    def answer(self, call: GpuCall) -> bytes | None:
        """The container's answer, once it is there; BrokenAnswer for an address that is not ours."""
        return self._read(call.output, _LONGEST_ANSWER)

    def failure(self, call: GpuCall) -> JobError | None:
        """What the container says went wrong, once it does; its code is one of ours or `gpu_failed`."""
        body = self._read(call.failure, _LONGEST_FAILURE) if call.failure else None
        return None if body is None else _told(body)

    def _read(self, address: str, longest: int) -> bytes | None:
        place = _ADDRESS.fullmatch(address)
        if place is None or place["bucket"] != self._bucket:
            raise BrokenAnswer("The GPU's answer is said to be where the endpoint does not write.")
        with asking("S3"):
            try:
                found = self._s3.get_object(Bucket=self._bucket, Key=place["key"])
            except self._s3.exceptions.NoSuchKey:
                return None
            if found["ContentLength"] > longest:
                raise BrokenAnswer(f"The GPU's answer has {found['ContentLength']} bytes; {longest} are read at most.")
            return found["Body"].read()


def to_request(job_id: str, script: Script) -> GpuRequest:
    """What the container is asked for a script; EndpointRefused where it would not understand it."""
    try:
        return GpuRequest(
            job=job_id,
            lines=tuple(GpuLine(text=line.text, voice=str(line), language=line.language) for line in script.lines),
            response_format=script.response_format,
            speed=script.speed,
            sample_rate=script.sample_rate,
        )
    except ValidationError as error:
        where = sorted({str(fault["loc"][0]) for fault in error.errors(include_input=False) if fault["loc"]})
        raise EndpointRefused(f"The GPU's container takes no such request. Wrong there: {', '.join(where)}.") from None


def _refusal(error: "ClientError") -> EndpointRefused | None:
    """What the endpoint's own no is to Herald; None for an error of the moment or of the permissions."""
    if passes(error) or "AccessDenied" in code_of(error):
        return None
    return EndpointRefused(f"The GPU endpoint does not take the request ({code_of(error)}).")


def _told(body: bytes) -> JobError:
    """The error in a failure file: the container's own answer, perhaps with words of SageMaker's around it."""
    error = _innermost(body.decode(errors="replace"))
    code, message = error.get("code"), error.get("message")
    if error.get("type") != "invalid_request_error" or not isinstance(code, str) or not isinstance(message, str):
        return _FAILED
    return JobError(code=code, message=message[:_LONGEST_MESSAGE]) if _CODE.fullmatch(code) else _FAILED


def _innermost(text: str) -> dict[str, Any]:
    start = text.find('{"error"')
    try:
        value, _ = json.JSONDecoder().raw_decode(text, max(start, 0))
    except (ValueError, RecursionError):
        return {}
    error = value.get("error") if isinstance(value, dict) else None
    return error if isinstance(error, dict) else {}
