"""Costs of a simulated batch, with the prices of herald.pricing.prices and the units of herald.jobs.job_price."""

from collections.abc import Mapping
from decimal import Decimal

from bench.scale.assumptions import Assumptions
from bench.scale.simulate import Outcome, Work
from herald.batches.item_price import SENTENCES_KEPT, child_usage, pack_usage
from herald.jobs.job_price import HANDLING_SECONDS, PriceList, file_bytes
from herald.jobs.script import Line, Script
from herald.pricing.resources import LOOKUP_READS, Usage, file_usage, gigabytes, sentences_usage

POLLY_A_SECOND = 8
"""Quota for neural voices: https://docs.aws.amazon.com/polly/latest/dg/limits.html."""
PARTS: Mapping[str, tuple[str, ...]] = {
    "functions": ("function_call", "gigabyte_second"),
    "files": ("file_write", "file_read"),
    "storage": ("gigabyte_month", "tag_month", "infrequent_gigabyte_month", "infrequent_move"),
    "state machine": ("transition",),
    "rest": ("row_write", "row_read", "log_gigabyte"),
}
"""Items of the bill, by fields of Usage."""
_SCRIPT = Script(lines=(Line(text="a", voice="v"),), response_format="mp3", sample_rate=22_050)


def bill(work: Work, outcome: Outcome, given: Assumptions) -> dict[str, Decimal]:
    """Return the US dollars for each part."""
    prices = PriceList()
    paid = prices.bill(_usage(work, outcome, given, prices))
    return {part: sum((paid[name] for name in names if name in paid), Decimal(0)) for part, names in PARTS.items()}


def _usage(work: Work, outcome: Outcome, given: Assumptions, prices: PriceList) -> Usage:
    """Return the usage as herald.batches.item_price counts it."""
    deployment = prices.deployment
    calls = outcome.children + outcome.packs
    seconds = Decimal(str(round(outcome.billed, 3))) - calls * Decimal(str(HANDLING_SECONDS))
    looked = Usage(file_read=LOOKUP_READS * calls + round(outcome.sentences_read))
    stored = outcome.children if outcome.zipped else work.messages
    file = file_usage(
        round(file_bytes(_SCRIPT, work.characters / given.rate) * work.messages / stored),
        deployment.retention,
        keep=False,
        infrequent_after=deployment.infrequent_after,
    )
    return (
        child_usage(deployment) * outcome.children
        + pack_usage(deployment) * outcome.packs
        + Usage(gigabyte_second=seconds * gigabytes(deployment.worker_megabytes))
        + looked
        + file * stored
        + sentences_usage(outcome.packs, round(outcome.sentences_packed) * _sentence(work, given), SENTENCES_KEPT)
    )


def _sentence(work: Work, given: Assumptions) -> int:
    """Return the size of a cached sentence in bytes."""
    seconds = work.characters / given.rate / len(work.distinct)
    return round(seconds * given.sentence_bytes_a_second)
