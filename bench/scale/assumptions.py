"""What the simulation takes for granted, each with its source."""

from dataclasses import dataclass, field, fields
from typing import Any

from herald.jobs.batches.prices import SENTENCES_KEPT
from herald.jobs.estimate import (
    COLD_START_SECONDS,
    ENCODING_SECONDS,
    S3_READ_SECONDS,
    S3_WRITE_SECONDS,
    SENTENCE_BYTES,
    speaking_seconds,
)
from herald.jobs.price import Deployment

_MEGABYTES = Deployment().worker_megabytes


def known(value: float, what: str, source: str) -> Any:  # noqa: ANN401  a dataclass's field
    """A number, what it is, and who says so."""
    return field(default=value, metadata={"what": what, "source": source})


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """Seconds, bytes, and things a second."""

    speaking: float = known(
        round(speaking_seconds(1, _MEGABYTES) - ENCODING_SECONDS, 4),
        f"speaking a second of audio, {_MEGABYTES:,} MB, s",
        "[performance.md](performance.md), long sentence, without the encoding",
    )
    encoding: float = known(ENCODING_SECONDS, "encoding a second of mp3, s", "measured here: 56 ms for 11.7 s")
    rate: float = known(17.3, "characters a second of audio has", "measured: 500 messages of the example, 11.6 s each")
    sentence_bytes_a_second: float = known(SENTENCE_BYTES, "bytes of a remembered second", "22,050 Hz, float32")
    remembered: float = known(64 << 20, "bytes of sentences that a process remembers, of a tenant", "`speak_items`")
    sentence_days: float = known(SENTENCES_KEPT.days, "days that a sentence stays in the bucket", "`template.yaml`")
    rows_planned: float = known(
        13_600, "rows planned a second", "measured here: 100,000 rows in 7.34 s, a busy machine"
    )
    rows_reported: float = known(
        50_000, "rows reported a second", "measured here: 19 µs of a processor a row, both files"
    )
    start_and_end: float = known(3, "the state machine before, between and after its parts, s", "assumed")
    child: float = known(0.3, "the state machine around a child, s", "assumed")
    handling: float = known(0.1, "a call without its items, s", "assumed, as in the prices")
    cold: float = known(
        COLD_START_SECONDS,
        "a cold start, s",
        "assumed: 0.7 s of it is measured ([tuning.md](tuning.md)), fetching the code is not",
    )
    read: float = known(
        S3_READ_SECONDS, "reading or looking for a file in S3, s", "assumed; above is told what hangs on it"
    )
    write: float = known(S3_WRITE_SECONDS, "writing a file to S3, s", "assumed; the same")
    ramp: float = known(
        100, "new environments a second, of a function", "AWS: 1,000 every 10 s, refilled continuously [2]"
    )
    ramp_burst: float = known(1_000, "of those at once", "the same")
    retry: float = known(
        2, "s until a throttled call is tried again, doubled each time", "statemachines/batch.asl.yaml"
    )
    starts: float = known(300, "children started a second", "quota of StartExecution, us-east-1 [3]")
    starts_burst: float = known(1_300, "of those at once", "the same")
    transitions: float = known(5_000, "state transitions a second", "quota of StateTransition, us-east-1 [2]")
    puts: float = known(3_500, "files written a second under a prefix", "AWS, before S3 splits the prefix [2]")
    gets: float = known(5_500, "files read a second under a prefix", "the same")

    @classmethod
    def table(cls) -> list[tuple[str, float, str]]:
        """What, how much, and the source of each."""
        return [(one.metadata["what"], getattr(cls(), one.name), one.metadata["source"]) for one in fields(cls)]
