"""The price of a batch item in US dollars. docs/costs.md explains the formulas.

The price of an item excludes planning and reporting, which take microseconds per row, and the batch's own table row.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from herald.batches.batch_ports import NO_TRAFFIC, Traffic
from herald.jobs.job_price import HANDLING_SECONDS, KEPT, SENTENCE_CHARACTERS, Deployment, PriceList
from herald.pricing.pace import pace_of, speaking_seconds
from herald.pricing.resources import Usage, call, download_usage, file_usage, memory, sentences_usage

TRANSITIONS_OF_A_CHILD = 3
"""Start of the child execution, choice of the route, and synthesis."""
TRANSITIONS_OF_A_PACK = 2
"""Choice of Lambda or a cluster, and synthesis, in an iteration of an inline map."""
SENTENCES_KEPT = timedelta(days=7)
"""Lifetime of a cached sentence, as in the lifecycle rule DeleteSentences of infra/storage.yaml."""
_DIGITS = Decimal("1e-12")
_NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class ItemWork:
    """Resources that an item used."""

    seconds: float
    """Time that the item took, including waits for S3, but not those during which the next items were synthesized."""
    lookups: int = 0
    """Lookups of the file before the synthesis."""
    stored_bytes: int = 0
    """Size of the written file; 0 if none was written."""
    archive_bytes: int = 0
    """Size of the archive that contains the file; 0 if it is a file of its own."""
    members_bytes: int = 0
    """Size of all files in that archive, among which its price is divided."""
    keep: bool = False
    sentences: Traffic = NO_TRAFFIC


@dataclass(frozen=True, kw_only=True)
class ItemPrices:
    """Item prices of a deployment."""

    prices: PriceList

    def item(self, work: ItemWork, *, items: int, shared: Decimal = _NOTHING) -> Decimal:
        """Return the price of an item in a chunk of `items`, including its share of the chunk's overhead.

        `shared` is its share of the price of the batch's packs.
        """
        deployment = self.prices.deployment
        child = self.prices.total(child_usage(deployment))
        return (self.prices.total(item_usage(work, deployment)) + child / items + shared).quantize(_DIGITS)

    def pack(self, work: ItemWork) -> Decimal:
        """Return the price of a pack of shared sentences."""
        deployment = self.prices.deployment
        return self.prices.total(item_usage(work, deployment) + pack_usage(deployment))

    def is_costly(self, voice: str) -> bool:
        """Return whether synthesizing a sentence costs more than storing it and looking it up."""
        engine = self.prices.engine_of(voice)
        audio = SENTENCE_CHARACTERS / pace_of(engine).characters
        megabytes = self.prices.deployment.worker_megabytes
        synthesis = memory(speaking_seconds(audio, engine, megabytes), megabytes)
        return self.prices.total(synthesis) > self.prices.total(Usage(file_write=1, file_read=1))


def item_usage(work: ItemWork, deployment: Deployment) -> Usage:
    """Return the usage of one item: file lookups, sentence reads and writes, compute time, and the stored file."""
    sentences = sentences_usage(work.sentences.written, work.sentences.bytes, SENTENCES_KEPT)
    used = (
        memory(work.seconds, deployment.worker_megabytes)
        + sentences
        + Usage(file_read=work.lookups + work.sentences.read)
    )
    if not work.stored_bytes:
        return used
    kept = KEPT if work.keep else deployment.retention
    stored = work.archive_bytes or work.stored_bytes
    file = file_usage(stored, kept, keep=work.keep, infrequent_after=deployment.infrequent_after)
    if work.archive_bytes:
        file *= Decimal(work.stored_bytes) / work.members_bytes
    return used + file + download_usage(work.stored_bytes, deployment.egress)


def pack_usage(deployment: Deployment) -> Usage:
    """Return the fixed usage of a pack: its call, and reads of the batch's row, its first item and the sentences."""
    return call(HANDLING_SECONDS, deployment.worker_megabytes) + Usage(
        transition=TRANSITIONS_OF_A_PACK, file_read=2, row_read=1
    )


def child_usage(deployment: Deployment) -> Usage:
    """Return the fixed usage of a chunk.

    Three file reads (check for results, items, and results for the report), one write of results, one read of the
    batch's row, and two row writes for the gains.
    """
    return call(HANDLING_SECONDS, deployment.worker_megabytes) + Usage(
        transition=TRANSITIONS_OF_A_CHILD, file_write=1, file_read=3, row_read=1, row_write=2
    )
