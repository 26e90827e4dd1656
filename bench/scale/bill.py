"""What a simulated batch costs, by the prices of herald.jobs.prices and the units of herald.jobs.price."""

from collections.abc import Mapping
from decimal import Decimal

from bench.scale.assumptions import Assumptions
from bench.scale.simulate import Outcome, Work
from herald.jobs.batches.prices import TRANSITION, TRANSITIONS_OF_A_CHILD
from herald.jobs.estimate import file_bytes
from herald.jobs.price import LOG_BYTES, TAGS, PriceList, Usage
from herald.jobs.script import Line, Script

ELEVENLABS_USD_PER_MILLION = Decimal(50)
"""Flash, by https://elevenlabs.io/pricing/api; not read there by us."""
POLLY_A_SECOND = 8
"""Requests for neural voices: https://docs.aws.amazon.com/polly/latest/dg/limits.html."""
PARTS: Mapping[str, tuple[str, ...]] = {
    "functions": ("function_call", "gigabyte_second"),
    "files": ("file_write", "file_read"),
    "storage": ("gigabyte_month", "tag_month"),
    "rest": ("row_write", "row_read", "log_gigabyte"),
}
"""What is paid, by the names of Usage; the state machine comes beside it."""
_DAYS, _MONTHS = 365, 12
_SCRIPT = Script(lines=(Line(text="a", voice="v"),), response_format="mp3", sample_rate=22_050)


def bill(work: Work, outcome: Outcome, given: Assumptions) -> dict[str, Decimal]:
    """US dollars for each part, the state machine's among them."""
    prices = PriceList()
    paid = prices.bill(_usage(work, outcome, given, prices))
    parts = {part: sum((paid[name] for name in names if name in paid), Decimal(0)) for part, names in PARTS.items()}
    return parts | {"state machine": TRANSITION * TRANSITIONS_OF_A_CHILD * outcome.children}


def _usage(work: Work, outcome: Outcome, given: Assumptions, prices: PriceList) -> Usage:
    """As herald.jobs.batches.prices counts it, with what no item's price has: waiting for S3, sentences, the report."""
    children, spoken = outcome.children, Decimal(round(outcome.sentences_spoken))
    gigabytes = Decimal(prices.deployment.worker_megabytes) / 1024
    return Usage(
        function_call=children,
        gigabyte_second=Decimal(round(outcome.billed)) * gigabytes,
        file_write=work.messages + int(spoken) + children,
        file_read=work.messages + round(outcome.sentences_read) + 4 * children,
        gigabyte_month=_stored(work, given, prices) + spoken * _sentence(work, given),
        tag_month=TAGS * work.messages * _months(prices.deployment.retention.days),
        row_write=2 * children,
        row_read=children,
        log_gigabyte=Decimal(children * LOG_BYTES) / 2**30,
    )


def _stored(work: Work, given: Assumptions, prices: PriceList) -> Decimal:
    """Gigabytes and months of all files."""
    size = file_bytes(_SCRIPT, work.characters / given.rate)
    return Decimal(size * work.messages) / 2**30 * _months(prices.deployment.retention.days)


def _sentence(work: Work, given: Assumptions) -> Decimal:
    """The same of one sentence."""
    seconds = work.characters / given.rate / len(work.distinct)
    return Decimal(round(seconds * given.sentence_bytes_a_second)) / 2**30 * _months(given.sentence_days)


def _months(days: float) -> Decimal:
    return Decimal(days) * _MONTHS / _DAYS
