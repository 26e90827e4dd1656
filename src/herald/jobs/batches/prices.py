"""What an item of a batch costs in US dollars; docs/costs.md has the formulas in words.

The plan, the report and the batch's own row cost less than a hundredth of a cent and are in no item's price.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal

from herald.jobs.price import HANDLING_SECONDS, KEPT, LOG_BYTES, TAGS, PriceList, Usage

TRANSITION = Decimal("0.000025")
"""A state of a standard workflow, us-east-1: https://aws.amazon.com/step-functions/pricing/, read on 2026-11-22."""
TRANSITIONS_OF_A_CHILD = 3
"""Its start, the choice of the route, and the speaking."""
_MEGABYTES_PER_GIGABYTE = 1_024
_GIGABYTE = Decimal(2**30)
_MONTH = timedelta(days=365) / 12
_DIGITS = Decimal("1e-12")


@dataclass(frozen=True, kw_only=True)
class ItemPrices:
    """Prices, as a deployment pays them."""

    prices: PriceList

    def spoken(self, *, seconds: float, stored_bytes: int, keep: bool, items: int) -> Decimal:
        """Of an item that was spoken in so many seconds, in a chunk of so many items, with the storage of its file."""
        return self._total(self._speaking(seconds) + self._stored(stored_bytes, keep=keep), items)

    def found(self, *, items: int) -> Decimal:
        """Of an item whose file was there, or that could not be spoken."""
        return self._total(Usage(file_read=1), items)

    def _total(self, own: Usage, items: int) -> Decimal:
        child = self.prices.total(self._child()) + TRANSITION * TRANSITIONS_OF_A_CHILD
        return (self.prices.total(own) + child / items).quantize(_DIGITS)

    def _speaking(self, seconds: float) -> Usage:
        """The file is looked for; speaking takes its part of a call."""
        billed = (Decimal(str(seconds)) * 1_000).to_integral_value(ROUND_CEILING) / 1_000
        return Usage(file_read=1, gigabyte_second=billed * self._gigabytes)

    def _child(self) -> Usage:
        """A call reads its items and writes their results; the batch's row is read and counts them."""
        return Usage(
            function_call=1,
            gigabyte_second=Decimal(str(HANDLING_SECONDS)) * self._gigabytes,
            file_read=2,
            file_write=1,
            row_read=1,
            row_write=2,
            log_gigabyte=LOG_BYTES / _GIGABYTE,
        )

    def _stored(self, stored_bytes: int, *, keep: bool) -> Usage:
        kept = KEPT if keep else self.prices.deployment.retention
        months = Decimal(kept.total_seconds()) / Decimal(_MONTH.total_seconds())
        return Usage(file_write=1, gigabyte_month=stored_bytes / _GIGABYTE * months, tag_month=TAGS * months)

    @property
    def _gigabytes(self) -> Decimal:
        return Decimal(self.prices.deployment.worker_megabytes) / _MEGABYTES_PER_GIGABYTE
