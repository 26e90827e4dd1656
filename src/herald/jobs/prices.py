"""What AWS asks for each unit: the one place where prices stand."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, Self

from herald.errors import InvalidSettings

type Architecture = Literal["x86_64", "arm64"]

_NOT_NUMBERS = frozenset({"region"})


@dataclass(frozen=True, kw_only=True)
class Prices:
    """US dollars per unit, on 2026-11-22, without free tiers and without discounts for volume."""

    region: str = "us-east-1"
    # https://aws.amazon.com/lambda/pricing/
    gigabyte_second_x86_64: Decimal = Decimal("0.0000166667")
    gigabyte_second_arm64: Decimal = Decimal("0.0000133334")
    function_call: Decimal = Decimal("0.0000002")
    # https://aws.amazon.com/api-gateway/pricing/, HTTP APIs
    api_request: Decimal = Decimal("0.000001")
    # https://aws.amazon.com/sqs/pricing/: 0.40 a million in a standard queue, and 0.10 because it is a fair one
    queue_request: Decimal = Decimal("0.0000005")
    # https://aws.amazon.com/sns/pricing/; to Lambda it is delivered for nothing
    notice: Decimal = Decimal("0.0000005")
    # https://aws.amazon.com/eventbridge/pricing/, custom events
    event: Decimal = Decimal("0.000001")
    # https://aws.amazon.com/dynamodb/pricing/on-demand/: 1 KB written; 4 KB read consistently
    row_write: Decimal = Decimal("0.000000625")
    row_read: Decimal = Decimal("0.000000125")
    # https://aws.amazon.com/s3/pricing/, S3 Standard; a gigabyte is 2^30 bytes
    file_write: Decimal = Decimal("0.000005")
    file_read: Decimal = Decimal("0.0000004")
    gigabyte_month: Decimal = Decimal("0.023")
    tag_month: Decimal = Decimal("0.000001")
    # https://aws.amazon.com/cloudwatch/pricing/, logs taken in
    log_gigabyte: Decimal = Decimal("0.50")
    # https://aws.amazon.com/sagemaker/ai/pricing/, inference, an ml.g5.xlarge
    gpu_hour: Decimal = Decimal("1.408")

    def gigabyte_second(self, architecture: Architecture) -> Decimal:
        """A gigabyte of a function's memory for a second."""
        return self.gigabyte_second_arm64 if architecture == "arm64" else self.gigabyte_second_x86_64

    @property
    def gpu_second(self) -> Decimal:
        """A second of the endpoint's instance."""
        return self.gpu_hour / 3_600

    def changed(self, changes: Mapping[str, str]) -> Self:
        """With other prices, by name, for another region or instance; InvalidSettings for what is no price."""
        if unknown := changes.keys() - {one.name for one in fields(self)} | changes.keys() & _NOT_NUMBERS:
            raise InvalidSettings(f"There is no price of that name: {', '.join(sorted(unknown))}.")
        prices: dict[str, Any] = {name: _dollars(name, price) for name, price in changes.items()}
        return replace(self, **prices)


def _dollars(name: str, text: str) -> Decimal:
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < 0:
        raise InvalidSettings(f"The price {name} is not a number of US dollars, as in 0.0000002.")
    return price


US_EAST_1 = Prices()
