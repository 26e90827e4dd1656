"""A batch as stored, with the accumulated gains of its chunks."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict

from herald.batches.batch import Batch
from herald.batches.batch_states import BatchState
from herald.batches.report import ItemResult


class Gained(BaseModel):
    """What one or more chunks add to a batch's totals. Price in US dollars."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    done: int = 0
    failed: int = 0
    price: Decimal = Decimal(0)
    audio_milliseconds: int = 0
    spoken: int = 0
    """Sentences that were synthesized."""
    reused: int = 0
    """Sentences that came from the cache."""

    @classmethod
    def of(cls, results: Iterable[ItemResult], *, spoken: int = 0, reused: int = 0) -> Self:
        """Return the gains of a chunk from its new results."""
        results = [*results]
        return cls(
            done=sum(one.state == "done" for one in results),
            failed=sum(one.state == "failed" for one in results),
            price=sum((one.price for one in results), Decimal(0)),
            audio_milliseconds=sum(round(one.seconds * 1000) for one in results),
            spoken=spoken,
            reused=reused,
        )


class Record(Batch):
    """A batch and its running totals, which each chunk increases. At the end they are recomputed from the results."""

    audio_seconds: float = 0.0
    sentences_spoken: int = 0
    sentences_reused: int = 0

    @property
    def has_report(self) -> bool:
        """Whether the report exists: it is written before the end is published."""
        return self.ended and self.told and self.begun_at is not None

    def grown(self, gained: Gained) -> Self:
        """Return the batch plus the gains of the current run's chunks; unchanged unless it is speaking."""
        if self.state is not BatchState.SPEAKING:
            return self
        # A chunk that was counted twice must not give more results than items.
        done = min(gained.done, self.counts.waiting)
        failed = min(gained.failed, self.counts.waiting - done)
        ends = {"done": self.counts.done + done, "failed": self.counts.failed + failed}
        return self.model_copy(
            update={
                "counts": self.counts.model_copy(update=ends),
                "price": self.price + gained.price,
                "audio_seconds": self.audio_seconds + gained.audio_milliseconds / 1000,
                "sentences_spoken": self.sentences_spoken + gained.spoken,
                "sentences_reused": self.sentences_reused + gained.reused,
            }
        )
