"""What Amazon Polly asks for the same characters, to compare with."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

SOURCE = "https://aws.amazon.com/polly/pricing/"
READ_ON = date(2026, 11, 22)
USD_PER_MILLION: Mapping[str, Decimal] = {"standard": Decimal(4), "neural": Decimal(16)}
"""US dollars for a million characters, us-east-1, without the free tier, by engine."""


def price(characters: int, engine: str) -> Decimal:
    """US dollars for so many characters."""
    return USD_PER_MILLION[engine] * characters / 1_000_000
