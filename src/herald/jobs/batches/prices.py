"""What an item of a batch costs in US dollars; docs/costs.md has the formulas in words.

Planning and reporting a row take microseconds; those, and the batch's own row, are in no item's price.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from herald.jobs.price import HANDLING_SECONDS, KEPT, Deployment, PriceList
from herald.jobs.usage import LOOK, Usage, call, memory, remembered, sent, stored

TRANSITIONS_OF_A_CHILD = 3
"""Its start, the choice of the route, and the speaking."""
SENTENCES_KEPT = timedelta(days=7)
"""How long the bucket remembers a sentence: the rule ForgetSentences of template.yaml."""
_DIGITS = Decimal("1e-12")


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """What was asked of the bucket's memory of sentences."""

    read: int = 0
    """Looked for, whether or not they were there."""
    written: int = 0
    bytes: int = 0
    """Of those that were written."""

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(
            read=self.read + other.read, written=self.written + other.written, bytes=self.bytes + other.bytes
        )

    def __sub__(self, other: "Traffic") -> "Traffic":
        return Traffic(
            read=self.read - other.read, written=self.written - other.written, bytes=self.bytes - other.bytes
        )


NO_TRAFFIC = Traffic()


@dataclass(frozen=True, kw_only=True)
class ItemWork:
    """What an item was."""

    seconds: float
    """From the look for its file until it was stored, waiting for S3 included."""
    stored_bytes: int = 0
    """Of its file; 0 where none was written."""
    keep: bool = False
    sentences: Traffic = NO_TRAFFIC


@dataclass(frozen=True, kw_only=True)
class ItemPrices:
    """Prices, as a deployment pays them."""

    prices: PriceList

    def item(self, work: ItemWork, *, items: int) -> Decimal:
        """Price of an item in a chunk of so many, with its part of what the chunk takes itself."""
        deployment = self.prices.deployment
        child = self.prices.total(child_usage(deployment))
        return (self.prices.total(item_usage(work, deployment)) + child / items).quantize(_DIGITS)


def item_usage(work: ItemWork, deployment: Deployment) -> Usage:
    """The file is looked for; sentences are read, and written where they are new; the file is written."""
    sentences = remembered(work.sentences.written, work.sentences.bytes, SENTENCES_KEPT)
    used = memory(work.seconds, deployment.worker_megabytes) + sentences + Usage(file_read=LOOK + work.sentences.read)
    if not work.stored_bytes:
        return used
    kept = KEPT if work.keep else deployment.retention
    file = stored(work.stored_bytes, kept, keep=work.keep, infrequent_after=deployment.infrequent_after)
    return used + file + sent(work.stored_bytes, deployment.egress)


def child_usage(deployment: Deployment) -> Usage:
    """It looks whether there are results, reads its items, writes results, which the report reads; the batch counts."""
    return call(HANDLING_SECONDS, deployment.worker_megabytes) + Usage(
        transition=TRANSITIONS_OF_A_CHILD, file_write=1, file_read=3, row_read=1, row_write=2
    )
