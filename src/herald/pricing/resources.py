"""Usage in the units that AWS bills, and the usage of calls, files, rows and downloads."""

from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Literal, Self

type Amount = Decimal | int
type Egress = Literal["none", "internet", "cloudfront"]
"""The way in which each file is downloaded once. none: downloads are not in the price."""

LOOKUP_READS = 2
"""S3 reads to look up a missing file: among the files that expire, and among those that are kept."""
KEPT_TAGS = 1
"""Tags of a kept file: its keeper. A file that expires has none."""
LOG_BYTES = 1_000
"""Bytes that one call of a function logs, including Lambda's own lines. Assumed."""
STORED_ROW_BYTES = 1_500
"""The size of the row of a job that has ended, with its entry in the list of its tenant. Assumed."""
LARGE, LARGE_KEPT = 1 << 20, 256 << 10
"""In bytes. A larger file moves to Infrequent Access at a certain age; the second limit applies to kept files."""

_INFREQUENT_LEAST = timedelta(days=30)
"""The minimum storage duration of Infrequent Access: https://aws.amazon.com/s3/pricing/."""
_STREAMED_FREE = 6 << 20
"""Free bytes of each streamed response: https://aws.amazon.com/lambda/pricing/."""
_API_UNIT = 512 << 10
_GIGABYTE = Decimal(2**30)
_MEGABYTES_PER_GIGABYTE = 1_024
_MONTH = timedelta(days=365) / 12


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Amounts by unit, named as in Prices. Supports addition, and multiplication by a number."""

    api_request: Amount = 0
    function_call: Amount = 0
    gigabyte_second: Amount = 0
    restored_gigabyte: Amount = 0
    snapshot_gigabyte_second: Amount = 0
    streamed_gigabyte: Amount = 0
    queue_request: Amount = 0
    queue_poll: Amount = 0
    notice: Amount = 0
    event: Amount = 0
    transition: Amount = 0
    row_write: Amount = 0
    row_read: Amount = 0
    row_gigabyte_month: Amount = 0
    backup_gigabyte_month: Amount = 0
    file_write: Amount = 0
    file_read: Amount = 0
    gigabyte_month: Amount = 0
    infrequent_gigabyte_month: Amount = 0
    infrequent_move: Amount = 0
    tag_month: Amount = 0
    egress_gigabyte: Amount = 0
    cdn_gigabyte: Amount = 0
    cdn_request: Amount = 0
    secret_month: Amount = 0
    log_gigabyte: Amount = 0
    metric_month: Amount = 0
    alarm_month: Amount = 0
    dashboard_month: Amount = 0
    trace: Amount = 0
    gpu_second: Amount = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(**{unit.name: getattr(self, unit.name) + getattr(other, unit.name) for unit in fields(self)})

    def __mul__(self, times: Amount) -> Self:
        return type(self)(**{unit.name: getattr(self, unit.name) * times for unit in fields(self)})


def gigabytes(megabytes: int) -> Decimal:
    """Return the memory of a function in the billing unit."""
    return Decimal(megabytes) / _MEGABYTES_PER_GIGABYTE


def memory(seconds: float, megabytes: int) -> Usage:
    """Return the usage of a function's memory for some seconds. Lambda bills whole milliseconds."""
    billed = (Decimal(str(seconds)) * 1_000).to_integral_value(ROUND_CEILING) / 1_000
    return Usage(gigabyte_second=billed * gigabytes(megabytes))


def call(seconds: float, megabytes: int) -> Usage:
    """Return the usage of a function call."""
    return memory(seconds, megabytes) + Usage(function_call=1, log_gigabyte=LOG_BYTES / _GIGABYTE)


def months(time: timedelta) -> Decimal:
    """Return a duration in months, the billing unit of storage."""
    return Decimal(time.total_seconds()) / Decimal(_MONTH.total_seconds())


def stored_row_usage(kept: timedelta) -> Usage:
    """Return the usage of the row of a job that is stored for the time `kept`, and of its backup."""
    stored = STORED_ROW_BYTES / _GIGABYTE * months(kept)
    return Usage(row_gigabyte_month=stored, backup_gigabyte_month=stored)


def file_usage(size: int, kept: timedelta, *, keep: bool, infrequent_after: timedelta | None) -> Usage:
    """Return the usage of an audio file: one write and its storage for the time `kept`.

    A large file is moved to Infrequent Access after `infrequent_after`.
    """
    file = Usage(file_write=1, tag_month=KEPT_TAGS * months(kept) if keep else 0)
    small = size <= (LARGE_KEPT if keep else LARGE)
    if small or infrequent_after is None or kept <= infrequent_after:
        return file + _standard(size, kept)
    moved = size / _GIGABYTE * months(max(kept - infrequent_after, _INFREQUENT_LEAST))
    return file + _standard(size, infrequent_after) + Usage(infrequent_move=1, infrequent_gigabyte_month=moved)


def sentences_usage(sentences: Amount, size: Amount, kept: timedelta) -> Usage:
    """Return the usage of cached sentences of `size` bytes in total, each written once, without tags."""
    return Usage(file_write=sentences) + _standard(size, kept)


def response_usage(size: int, *, streamed: bool) -> Usage:
    """Return the usage of a response of `size` bytes: through the HTTP API, or streamed by a Function URL.

    The Function URL itself is free.
    """
    if streamed:
        return Usage(streamed_gigabyte=max(0, size - _STREAMED_FREE) / _GIGABYTE)
    return Usage(api_request=max(1, -(-size // _API_UNIT)))


def download_usage(size: int, egress: Egress) -> Usage:
    """Return the usage of downloading a stored file once."""
    if egress == "none":
        return Usage()
    if egress == "internet":
        return Usage(file_read=1) + egress_usage(size, egress)
    return Usage(file_read=1, cdn_request=1, cdn_gigabyte=size / _GIGABYTE)


def egress_usage(size: int, egress: Egress) -> Usage:
    """Return the usage of transferring `size` bytes to the internet, unless that is not in the price."""
    return Usage(egress_gigabyte=0 if egress == "none" else size / _GIGABYTE)


def _standard(size: Amount, kept: timedelta) -> Usage:
    return Usage(gigabyte_month=size / _GIGABYTE * months(kept))
