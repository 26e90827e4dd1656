"""Invocations, parsed and validated like SageMaker does."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from local.asynchronous.endpoints import Endpoint

PREFIX = "X-Amzn-SageMaker-"
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
MAX_INFERENCE_ID = 64
MAX_BODY_BYTES = 128_000
TTL_SECONDS = range(60, 21_601)
TIMEOUT_SECONDS = range(1, 3601)
# Supported by botocore, not used by Herald.
UNKNOWN_HEADERS = ("S3OutputPathExtension", "Filename")


class ValidationError(Exception):
    """SageMaker would reject the request."""


@dataclass(frozen=True)
class Answer:
    """A response of the container."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Invocation:
    """An accepted request, with its input at an s3:// address or in its body."""

    endpoint: Endpoint
    inference_id: str
    input_location: str
    body: bytes
    content_type: str
    accept: str
    ttl_seconds: int
    timeout_seconds: int
    name: str = field(default_factory=lambda: str(uuid.uuid4()))
    received: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def output_location(self) -> str:
        """The s3:// address of the output."""
        return f"{self.endpoint.output_path}/{self.name}.out"

    @property
    def failure_location(self) -> str | None:
        """The s3:// address for the body of an error response."""
        return f"{self.endpoint.failure_path}/{self.name}-error.out" if self.endpoint.failure_path else None


def read(endpoint: Endpoint, headers: Mapping[str, str], body: bytes) -> Invocation:
    """Parse a request; raise ValidationError if SageMaker would reject it."""
    for unknown in UNKNOWN_HEADERS:
        if PREFIX + unknown in headers:
            raise ValidationError(f"local/asynchronous does not support {unknown}")
    return Invocation(
        endpoint=endpoint,
        inference_id=_inference_id(headers.get(PREFIX + "Inference-Id", "")),
        input_location=_input_location(headers.get(PREFIX + "InputLocation", ""), body),
        body=body,
        content_type=headers.get(PREFIX + "Content-Type", ""),
        accept=headers.get(PREFIX + "Accept", ""),
        ttl_seconds=_seconds(headers, "RequestTTLSeconds", TTL_SECONDS, 21_600),
        timeout_seconds=_seconds(headers, "InvocationTimeoutSeconds", TIMEOUT_SECONDS, 900),
    )


def _inference_id(text: str) -> str:
    if len(text) > MAX_INFERENCE_ID:
        raise ValidationError(f"InferenceId must have length less than or equal to {MAX_INFERENCE_ID}")
    return text or str(uuid.uuid4())


def _input_location(location: str, body: bytes) -> str:
    if bool(location) == bool(body):
        raise ValidationError("Exactly one of InputLocation and Body must be given")
    if len(body) > MAX_BODY_BYTES:
        raise ValidationError(f"Body must have length less than or equal to {MAX_BODY_BYTES}")
    if location and not re.fullmatch(r"s3://[^/]+/.+", location):
        raise ValidationError("InputLocation must be the address of an object, s3://bucket/key")
    return location


def _seconds(headers: Mapping[str, str], name: str, allowed: range, default: int) -> int:
    text = headers.get(PREFIX + name)
    if text is None:
        return default
    if not text.isdecimal() or int(text) not in allowed:
        raise ValidationError(f"{name} must be a number from {allowed[0]} to {allowed[-1]}")
    return int(text)
