"""A batch as it is written down: with what its chunks have brought so far."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict

from herald.jobs.batches.batch import Batch
from herald.jobs.batches.report import ItemResult
from herald.jobs.batches.states import BatchState


class Gained(BaseModel):
    """What a chunk brought, or several."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    done: int = 0
    failed: int = 0
    price: Decimal = Decimal(0)
    audio_milliseconds: int = 0
    spoken: int = 0
    """Sentences."""
    reused: int = 0
    """Sentences that were spoken before, for another item."""

    @classmethod
    def of(cls, results: Iterable[ItemResult], *, spoken: int = 0, reused: int = 0) -> Self:
        """By the results of a chunk that are new."""
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
    """A batch and its sums. While it speaks they grow by each chunk; at its end they are as its results say."""

    audio_seconds: float = 0.0
    sentences_spoken: int = 0
    sentences_reused: int = 0

    @property
    def has_report(self) -> bool:
        """Whether its report is written: before the end is told."""
        return self.ended and self.told and self.begun_at is not None

    def grown(self, gained: Gained) -> Self:
        """With what the chunks of the present run have brought; once it has ended, that is in it already."""
        if self.state is not BatchState.SPEAKING:
            return self
        # A chunk that was counted twice must not make more ends than there are rows.
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
