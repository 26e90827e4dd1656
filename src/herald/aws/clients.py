"""Lazily created AWS clients, the translation of botocore's errors, and backoff after throttling.

botocore's first pause after throttling averages 0.5 s and doubles each time, while a worker's processor is idle. A
twentieth of that is enough at first: other AWS SDKs use as little for DynamoDB.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from random import uniform
from threading import Lock
from typing import TYPE_CHECKING, Any

from herald import __version__
from herald.errors import BrokenInstallation, HeraldError, InvalidSettings, Unavailable

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from botocore.session import Session
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_service_quotas import ServiceQuotasClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_sts import STSClient

NAMES = frozenset({
    "LimitExceededException", "OverLimit", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
    "SlowDown", "TooManyRequestsException",
})  # fmt: skip
_STATUSES = frozenset({429, 503})
"""S3 throttles with 503; its response to HEAD has no error code."""
_FIRST, _LONGEST = 0.025, 2.0
"""Upper bounds of the first and of any pause, in seconds."""
_CONNECT_SECONDS = 2
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
"""Environment variables that point botocore's S3 client to another endpoint."""
_SERVER_ERROR = 500
"""The lowest HTTP status of a server error."""
_PER_ATTEMPT = 2
"""Attempts after throttling per attempt after other errors, because the pauses between them are short."""
_INTERRUPTED = frozenset({
    "ConditionalRequestConflict", "OperationAborted", "PriorRequestNotComplete", "RequestTimeout",
    "RequestTimeoutException", "TransactionCanceledException", "TransactionConflictException",
    "TransactionInProgressException",
})  # fmt: skip


def is_throttle(code: str, status: int) -> bool:
    """Return whether an error code or HTTP status indicates throttling."""
    return status in _STATUSES or "Throttl" in code or code in NAMES


class ThrottleBackoff:
    """A handler of botocore's event `needs-retry`, for throttling only.

    botocore uses the first result that is not None: botocore/endpoint.py in https://github.com/boto/botocore.
    """

    def __init__(self, attempts: int) -> None:
        """Leave the decision to botocore's own handler after `attempts` attempts."""
        self._attempts = attempts

    def __call__(self, *, response: Any = None, attempts: int, **_: Any) -> float | None:  # noqa: ANN401  botocore's
        """Return the seconds until the next attempt, with jitter; None to leave the decision to the next handler."""
        if response is None or attempts >= self._attempts:
            return None
        http, parsed = response
        if not is_throttle(parsed.get("Error", {}).get("Code", ""), http.status_code):
            return None
        longest = min(_FIRST * 2.0 ** (attempts - 1), _LONGEST)
        return uniform(longest / 2, longest)  # noqa: S311  not used for security


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An explicit AWS endpoint, such as a local stack, instead of that of the environment."""

    endpoint_url: str
    session: Mapping[str, Any]
    """Region and credentials: keyword arguments of botocore's create_client."""


def _service(name: str) -> Any:  # noqa: ANN401  the attribute's annotation has the type of the client
    """Return a property of Clients that creates the client of a service on first use."""
    return cached_property(lambda clients: clients._client(name))


class Clients:
    """The clients of one process. botocore takes region and endpoints from the environment.

    The first client imports botocore, so that requests without AWS calls save those 0.1 s. boto3 would create the same
    clients, but takes a tenth longer, because it imports the code for S3 transfers, and with it multiprocessing.
    """

    cloudformation: cached_property["CloudFormationClient"] = _service("cloudformation")
    dynamodb: cached_property["DynamoDBClient"] = _service("dynamodb")
    events: cached_property["EventBridgeClient"] = _service("events")
    kms: cached_property["KMSClient"] = _service("kms")
    lambda_: cached_property["LambdaClient"] = _service("lambda")
    quotas: cached_property["ServiceQuotasClient"] = _service("service-quotas")
    sagemaker: cached_property["SageMakerRuntimeClient"] = _service("sagemaker-runtime")
    secrets: cached_property["SecretsManagerClient"] = _service("secretsmanager")
    sns: cached_property["SNSClient"] = _service("sns")
    sts: cached_property["STSClient"] = _service("sts")
    sqs: cached_property["SQSClient"] = _service("sqs")
    stepfunctions: cached_property["SFNClient"] = _service("stepfunctions")

    def __init__(self, *, attempts: int = 3, read_seconds: float = 10, endpoint: Endpoint | None = None) -> None:
        """Make up to `attempts` attempts per call, each with a read timeout of `read_seconds`.

        Use small values for interactive requests, and larger ones where a failure would restart a job.
        """
        self._attempts = attempts
        self._read_seconds = read_seconds
        self._endpoint = endpoint
        self._lock = Lock()
        self._session: Session | None = None

    @cached_property
    def s3(self) -> "S3Client":
        """Buckets. URLs are signed with Signature Version 4, which all regions and KMS accept."""
        addressing: dict[str, str] | None = None
        if not self._endpoint and not any(os.environ.get(name) for name in _ENDPOINTS):
            # By default botocore signs the legacy global host. Regions launched after March 2019 reject it, and older
            # ones redirect to another host, for which the signature is invalid.
            addressing = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
        client: S3Client = self._client("s3", signature_version="s3v4", s3=addressing)
        return client

    def _client(self, service: str, **options: Any) -> Any:  # noqa: ANN401  botocore creates its classes at run time
        from botocore.config import Config  # noqa: PLC0415
        from botocore.session import get_session  # noqa: PLC0415

        endpoint = self._endpoint
        config = Config(
            proxies={} if endpoint else None,
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=self._read_seconds,
            retries={"mode": "standard", "total_max_attempts": self._attempts},
            # botocore rebuilds its default user agent for each call, which takes a tenth of a submission's time.
            user_agent=f"herald/{__version__}",
            **options,
        )
        with self._lock, translate_errors(service):  # a session is not thread-safe; its clients are
            self._session = self._session or get_session()
            try:
                client: Any = self._session.create_client(
                    service,
                    endpoint_url=endpoint.endpoint_url if endpoint else None,
                    config=config,
                    **(endpoint.session if endpoint else {}),
                )
            except ValueError as error:
                if not str(error).startswith("Invalid endpoint"):  # botocore's errors about a region are others
                    raise
                raise InvalidSettings(
                    f"{service} cannot be called: its endpoint is not a URL. "
                    "Begin AWS_ENDPOINT_URL with https:// or http://, or do not set it."
                ) from None
        # Register for the same event as botocore's own handler, but before it.
        event = f"needs-retry.{client.meta.service_model.service_id.hyphenize()}"
        client.meta.events.register_first(event, ThrottleBackoff(self._attempts * _PER_ATTEMPT))
        return client


@contextmanager
def translate_errors(service: str) -> Iterator[None]:
    """Translate botocore's errors: raise Unavailable if a retry may help, else BrokenInstallation.

    Messages contain neither values of the request nor the service's own message, which may repeat them.
    """
    try:
        yield
    except Exception as error:
        if (translated := _translate(service, error)) is None:
            raise
        raise translated from None


def code_of(error: "ClientError") -> str:
    """Return the service's error code."""
    return error.response.get("Error", {}).get("Code", "Unknown")


def is_transient(error: "ClientError") -> bool:
    """Return whether an error is transient: throttling, a conflict, or a fault of the service."""
    code = code_of(error)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= _SERVER_ERROR or is_throttle(code, status) or code in _INTERRUPTED


def _translate(service: str, error: Exception) -> HeraldError | None:
    from botocore import exceptions as aws  # noqa: PLC0415
    from botocore.parsers import ResponseParserError  # noqa: PLC0415

    match error:
        case aws.ClientError() if is_transient(error):
            return Unavailable(f"{service}: {error.operation_name} failed temporarily ({code_of(error)}). Try again.")
        case aws.ClientError():
            return BrokenInstallation(
                f"{service}: {error.operation_name} was rejected ({code_of(error)}). "
                "Check the function's permissions, and the resource names in its environment."
            )
        case (
            aws.ConnectionError()
            | aws.HTTPClientError()
            | aws.IncompleteReadError()
            | aws.CredentialRetrievalError()
            | ResponseParserError()  # an incomplete response, which its message repeats
        ):
            return Unavailable(f"{service} did not respond ({type(error).__name__}). Try again.")
        case aws.BotoCoreError():
            return BrokenInstallation(
                f"{service} cannot be called ({type(error).__name__}). Check the function's region and credentials."
            )
        case _:
            return None
