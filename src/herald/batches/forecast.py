"""Forecast the price and the duration of a batch from its first items."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from herald.batches.batch_ports import Traffic
from herald.batches.batch_request import Order
from herald.batches.chunking import Work
from herald.batches.item_price import ItemPrices, ItemWork
from herald.batches.items import Item
from herald.jobs.job_price import (
    COLD_START_SECONDS,
    HANDLING_SECONDS,
    JOINING_SECONDS,
    S3_WRITE_SECONDS,
    STORING,
    PriceList,
    audio_seconds,
    expected_work,
    file_bytes,
)
from herald.pricing.pace import pace_of, speaking_seconds

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
"""The approximate end of a sentence: the exact one takes more time than a forecast is worth."""
_ROWS_A_SECOND = 10_000
"""Rows that are planned in a second, and rows that are reported: docs/costs.md, "Batches on paper"."""
_START_SECONDS = 2.0
"""The duration of the state machine's start and of its last step. Assumed."""


@dataclass(frozen=True, kw_only=True)
class BatchForecast:
    """The expected totals of a batch."""

    rows: int
    characters: int
    audio_seconds: float
    price: Decimal
    """US dollars."""
    seconds: float
    """From the start to the report."""


def batch_forecast(
    items: Sequence[Item], *, rows: int, prices: PriceList, order: Order, concurrency: int
) -> BatchForecast:
    """Return the forecast for `rows` rows like `items`, of which there is at least one.

    At most `concurrency` chunks run at once.

    A sentence that occurs in two items is assumed to occur in all rows, so that it is synthesized once. Any other
    sentence is assumed to be new in each row.
    """
    scale = rows / len(items)
    counted = Counter(part for item in items for part in _SENTENCE_END.split(item.text))
    repeated = sum(len(part) for part, count in counted.items() if count > 1)
    new = sum(len(part) for part, count in counted.items() if count == 1)
    total = sum(len(part) * count for part, count in counted.items()) or 1
    share = min(1.0, (new * scale + repeated) / (total * scale))
    memory = prices.deployment.worker_megabytes
    items_per_child = order.items_per_child or _chunk_items(items, share, scale, prices, concurrency)
    price, busy, audio, characters = Decimal(0), 0.0, 0.0, 0
    zipped = order.delivery == "zip"
    waiting = 0.0 if zipped else S3_WRITE_SECONDS / STORING
    for item in items:
        script = item.script
        characters += item.characters
        engine = prices.slowest_engine(script)
        spoken = audio_seconds(script, engine)
        audio += spoken
        if item.route == "gpu":
            price += prices.of(expected_work(script, "gpu", prices.deployment, engine=engine))
            continue
        sentences = len(_SENTENCE_END.split(item.text))
        stored = sentences * share if ItemPrices(prices=prices).is_costly(item.voice) else 0.0
        work = ItemWork(
            seconds=speaking_seconds(spoken, engine, memory) * share + max(JOINING_SECONDS, waiting),
            stored_bytes=(size := file_bytes(script, spoken)),
            archive_bytes=size * items_per_child if zipped else 0,
            members_bytes=size * items_per_child if zipped else 0,
            keep=order.retention == "keep",
            sentences=Traffic(
                read=round(stored),
                written=round(stored),
                bytes=round(size * share) if stored else 0,
            ),
        )
        busy += work.seconds
        price += ItemPrices(prices=prices).item(work, items=items_per_child)
    chunks = -(-rows // items_per_child)
    busy = busy * scale + chunks * HANDLING_SECONDS
    return BatchForecast(
        rows=rows,
        characters=round(characters * scale),
        audio_seconds=audio * scale,
        price=price * Decimal(str(scale)),
        seconds=_START_SECONDS + COLD_START_SECONDS + busy / min(concurrency, chunks) + 2 * rows / _ROWS_A_SECOND,
    )


def _chunk_items(items: Sequence[Item], share: float, scale: float, prices: PriceList, concurrency: int) -> int:
    """Return the number of items in a chunk of the length that the planner chooses."""
    seconds = sum(
        audio_seconds(item.script, engine) * pace_of(engine).processor_seconds
        for item, engine in ((item, prices.engine_of(item.voice)) for item in items)
    )
    return Work(round(len(items) * scale), seconds * scale, share).chunk_items(concurrency)
