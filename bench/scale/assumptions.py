"""Assumptions of the simulation, with their sources."""

from dataclasses import dataclass, field, fields
from typing import Any

from herald.batches.item_price import SENTENCES_KEPT
from herald.jobs.job_price import (
    COLD_START_SECONDS,
    JOINING_SECONDS,
    S3_READ_SECONDS,
    S3_WRITE_SECONDS,
    STORING,
    Deployment,
)
from herald.pricing.pace import DEFAULT_ENGINE, speaking_seconds

_MEGABYTES = Deployment().worker_megabytes


def known(value: float, what: str, source: str) -> Any:  # noqa: ANN401  a dataclass's field
    """Return a field with a default value, a description and a source."""
    return field(default=value, metadata={"what": what, "source": source})


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """Values in seconds, bytes and events per second."""

    speaking: float = known(
        speaking_seconds(1, DEFAULT_ENGINE, _MEGABYTES),
        f"synthesis of a second of audio, {_MEGABYTES:,} MB, s",
        "[performance.md](performance.md), the default voice's long sentence, encoded as mp3",
    )
    joining: float = known(JOINING_SECONDS, "joining the cached sentences of a file, s", "measured: `JOINING_SECONDS`")
    stored_at_once: int = known(STORING, "files that a chunk writes at once, while it continues", "`chunk_runner`")
    rate: float = known(15.3, "characters per second of audio", "measured: 5,000 messages of the example, 13.0 s each")
    sentence_bytes_a_second: float = known(6_000, "bytes per second of cached audio", "mp3 at 24,000 Hz")
    packed: float = known(40 << 20, "most bytes of the sentences that a batch shares", "`shared_sentences`")
    download: float = known(50_000_000, "bytes read from S3 per second, by one function", "assumed")
    sentence_days: float = known(SENTENCES_KEPT.days, "days that a sentence is kept in the bucket", "`template.yaml`")
    rows_planned: float = known(
        13_600, "rows planned per second", "measured here: 100,000 rows in 7.34 s, on a busy machine"
    )
    rows_reported: float = known(50_000, "rows reported per second", "measured here: 19 µs of CPU per row, both files")
    start_and_end: float = known(3, "overhead of the state machine before, between and after its parts, s", "assumed")
    child: float = known(0.3, "overhead of the state machine per child, s", "assumed")
    handling: float = known(0.1, "a call without items, s", "assumed, as in the prices")
    cold: float = known(
        COLD_START_SECONDS,
        "a cold start, s",
        "assumed: 0.7 s of it is measured ([tuning.md](tuning.md)), without the download of the code",
    )
    read: float = known(S3_READ_SECONDS, "reading or looking up a file in S3, s", "assumed; see the sensitivity above")
    write: float = known(S3_WRITE_SECONDS, "writing a file to S3, s", "assumed; see the sensitivity above")
    ramp: float = known(
        100, "new environments per second and function", "AWS: 1,000 every 10 s, refilled continuously [2]"
    )
    ramp_burst: float = known(1_000, "burst of new environments", "the same")
    retry: float = known(
        10, "s before the first retry of a throttled call, as much longer each time", "statemachines/batch.asl.yaml"
    )
    starts: float = known(300, "child starts per second", "quota of StartExecution, us-east-1 [3]")
    starts_burst: float = known(1_300, "burst of child starts", "the same")
    transitions: float = known(5_000, "state transitions per second", "quota of StateTransition, us-east-1 [2]")
    puts: float = known(3_500, "files written per second and prefix", "AWS, before S3 splits the prefix [2]")
    gets: float = known(5_500, "files read per second and prefix", "the same")

    @classmethod
    def table(cls) -> list[tuple[str, float, str]]:
        """Return the description, value and source of each."""
        return [(one.metadata["what"], getattr(cls(), one.name), one.metadata["source"]) for one in fields(cls)]
