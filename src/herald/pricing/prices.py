"""The unit prices of AWS, and those of other text-to-speech services for comparison. All are defined here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, Self

from herald.errors import InvalidSettings

type Architecture = Literal["x86_64", "arm64"]

READ_ON = date(2026, 11, 22)
_LAMBDA = "aws.amazon.com/lambda/pricing"
_SQS = "aws.amazon.com/sqs/pricing"
_DYNAMODB = "aws.amazon.com/dynamodb/pricing/on-demand"
_S3 = "aws.amazon.com/s3/pricing"
_CLOUDFRONT = "aws.amazon.com/cloudfront/pricing"
_LOAD_BALANCER = "aws.amazon.com/elasticloadbalancing/pricing"
_CLOUDWATCH = "aws.amazon.com/cloudwatch/pricing"
POLLY: Final = "https://aws.amazon.com/polly/pricing/"
ELEVENLABS: Final = "https://elevenlabs.io/pricing/api"
OPENAI: Final = "https://platform.openai.com/docs/pricing"


def _usd(price: str, unit: str, source: str) -> Any:  # noqa: ANN401  as dataclasses.field
    """Return the field of a price: its default, its unit, and the page that lists it."""
    return field(default=Decimal(price), metadata={"unit": unit, "source": source})


@dataclass(frozen=True, kw_only=True)
class Prices:
    """US dollars per unit, on READ_ON, without free tiers and without discounts for volume. A GB is 2^30 bytes."""

    region: str = "us-east-1"
    gigabyte_second_x86_64: Decimal = _usd("0.0000166667", "Lambda, GB of memory for a second, x86_64", _LAMBDA)
    gigabyte_second_arm64: Decimal = _usd("0.0000133334", "Lambda, GB of memory for a second, arm64", _LAMBDA)
    function_call: Decimal = _usd("0.0000002", "Lambda, call", _LAMBDA)
    restored_gigabyte: Decimal = _usd("0.0001397998", "Lambda SnapStart, GB of memory restored", _LAMBDA)
    snapshot_gigabyte_second: Decimal = _usd("0.0000015046", "Lambda SnapStart, GB cached for a second", _LAMBDA)
    streamed_gigabyte: Decimal = _usd("0.008", "Lambda, GB streamed after the first 6 MB of a response", _LAMBDA)
    api_request: Decimal = _usd(
        "0.000001", "HTTP API, request, per started 512 KB", "aws.amazon.com/api-gateway/pricing"
    )
    # 0.40 USD per million for a standard queue, plus 0.10 for fairness
    queue_request: Decimal = _usd("0.0000005", "SQS, request to a fair queue", _SQS)
    queue_poll: Decimal = _usd("0.0000004", "SQS, empty receive", _SQS)
    # delivery to Lambda is free
    notice: Decimal = _usd("0.0000005", "SNS, notice", "aws.amazon.com/sns/pricing")
    event: Decimal = _usd("0.000001", "EventBridge, custom event", "aws.amazon.com/eventbridge/pricing")
    transition: Decimal = _usd(
        "0.000025", "Step Functions, state of a standard workflow", "aws.amazon.com/step-functions/pricing"
    )
    row_write: Decimal = _usd("0.000000625", "DynamoDB on demand, KB written", _DYNAMODB)
    row_read: Decimal = _usd("0.000000125", "DynamoDB on demand, 4 KB read consistently", _DYNAMODB)
    row_gigabyte_month: Decimal = _usd("0.25", "DynamoDB, GB of rows for a month", _DYNAMODB)
    backup_gigabyte_month: Decimal = _usd(
        "0.20", "DynamoDB, GB of rows in point-in-time recovery for a month", _DYNAMODB
    )
    file_write: Decimal = _usd("0.000005", "S3, file written", _S3)
    file_read: Decimal = _usd("0.0000004", "S3, file read or looked up", _S3)
    gigabyte_month: Decimal = _usd("0.023", "S3 Standard, GB for a month", _S3)
    infrequent_gigabyte_month: Decimal = _usd("0.0125", "S3 Standard-IA, GB for a month", _S3)
    infrequent_move: Decimal = _usd("0.00001", "S3, file moved to Standard-IA by its lifecycle", _S3)
    tag_month: Decimal = _usd("0.000001", "S3, tag of a file for a month", _S3)
    egress_gigabyte: Decimal = _usd("0.09", "GB to the internet", "aws.amazon.com/ec2/pricing/on-demand")
    cdn_gigabyte: Decimal = _usd("0.085", "CloudFront, GB to the internet", _CLOUDFRONT)
    cdn_request: Decimal = _usd("0.000001", "CloudFront, HTTPS request", _CLOUDFRONT)
    secret_month: Decimal = _usd(
        "0.40", "Secrets Manager, secret for a month", "aws.amazon.com/secrets-manager/pricing"
    )
    log_gigabyte: Decimal = _usd("0.50", "CloudWatch, GB of logs ingested", _CLOUDWATCH)
    metric_month: Decimal = _usd("0.30", "CloudWatch, custom metric for a month", _CLOUDWATCH)
    alarm_month: Decimal = _usd("0.10", "CloudWatch, alarm metric for a month", _CLOUDWATCH)
    dashboard_month: Decimal = _usd("3.00", "CloudWatch, dashboard for a month", _CLOUDWATCH)
    trace: Decimal = _usd("0.000005", "X-Ray, trace", "aws.amazon.com/xray/pricing")
    gpu_hour: Decimal = _usd(
        "1.408", "SageMaker inference, ml.g5.xlarge for an hour", "aws.amazon.com/sagemaker/ai/pricing"
    )
    node_hour: Decimal = _usd(
        "0.08925", "EC2, c7i.large (2 processors) for an hour, for --cluster", "aws.amazon.com/ec2/pricing/on-demand"
    )
    cluster_hour: Decimal = _usd("0.10", "EKS, cluster for an hour, for --cluster", "aws.amazon.com/eks/pricing")
    load_balancer_hour: Decimal = _usd("0.0225", "ALB, hour, for --load-balancer", _LOAD_BALANCER)
    capacity_unit_hour: Decimal = _usd(
        "0.008", "ALB, capacity unit (LCU) for an hour, for --load-balancer", _LOAD_BALANCER
    )

    def gigabyte_second(self, architecture: Architecture) -> Decimal:
        """Return the price of a gigabyte of function memory for a second."""
        return self.gigabyte_second_arm64 if architecture == "arm64" else self.gigabyte_second_x86_64

    @property
    def gpu_second(self) -> Decimal:
        """Return the price of a second of the GPU endpoint's instance."""
        return self.gpu_hour / 3_600

    def changed(self, changes: Mapping[str, str]) -> Self:
        """Return a copy with other prices or another region, by name.

        Raise InvalidSettings with all invalid names and prices at once.
        """
        known = {price.name for price in fields(self)}
        wrong = [
            f"There is no price with the name {name}; 'herald cost --prices' lists the names."
            for name in sorted(changes.keys() - known)
        ]
        prices = {name: _dollars(text) for name, text in changes.items() if name in known - {"region"}}
        invalid = sorted(name for name, price in prices.items() if price is None)
        wrong += [f"The price {name} is not an amount of US dollars such as 0.0000002." for name in invalid]
        if wrong:
            raise InvalidSettings(" ".join(wrong))
        values: dict[str, Any] = prices | {name: changes[name] for name in ("region",) if name in changes}
        return replace(self, **values)

    def table(self) -> Iterable[tuple[str, Decimal, str, str]]:
        """Yield the name, the US dollars, the unit and the source page of each price."""
        for price in fields(self):
            if price.metadata:
                yield price.name, getattr(self, price.name), price.metadata["unit"], price.metadata["source"]


def parse_prices(text: str) -> dict[str, str]:
    """Parse "region=eu-central-1,function_call=0.0000003" into prices by name.

    Raise ValueError with everything that is invalid.
    """
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if any(not name.strip() or not price.strip() for name, _, price in pairs):
        raise ValueError('prices must have the form "name=dollars,name=dollars"')
    changes = {name.strip(): price.strip() for name, _, price in pairs}
    try:
        US_EAST_1.changed(changes)
    except InvalidSettings as error:
        raise ValueError(error.message) from None
    return changes


def _dollars(text: str) -> Decimal | None:
    try:
        price = Decimal(text)
    except InvalidOperation:
        return None
    return price if price.is_finite() and price >= 0 else None


US_EAST_1 = Prices()


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service that charges by the character. Storage, requests and traffic are not included in its price."""

    name: str
    usd_per_million: Decimal
    """US dollars per million characters, without free tier or discount."""
    source: str

    def price(self, characters: int) -> Decimal:
        """Return the price of a number of characters in US dollars."""
        return self.usd_per_million * characters / 1_000_000


SERVICES: Mapping[str, Service] = {
    "polly_standard": Service(name="Polly, standard", usd_per_million=Decimal(4), source=POLLY),
    "polly_neural": Service(name="Polly, neural", usd_per_million=Decimal(16), source=POLLY),
    "polly_generative": Service(name="Polly, generative", usd_per_million=Decimal(30), source=POLLY),
    "polly_long_form": Service(name="Polly, long-form", usd_per_million=Decimal(100), source=POLLY),
    "elevenlabs_flash": Service(name="ElevenLabs, Flash", usd_per_million=Decimal(50), source=ELEVENLABS),
    "openai_tts": Service(name="OpenAI, tts-1", usd_per_million=Decimal(15), source=OPENAI),
    "openai_tts_hd": Service(name="OpenAI, tts-1-hd", usd_per_million=Decimal(30), source=OPENAI),
}
"""By stable name. The prices of ElevenLabs and OpenAI are from third parties, not verified on their own pages."""
