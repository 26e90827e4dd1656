"""Format batches as text."""

from collections.abc import Iterator
from datetime import datetime

from herald.cli.http import Json
from herald.cli.screen import bar

_MINUTE, _HOUR = 60, 3_600
_VERDICTS = {"on_track": "on track", "at_risk": "the deadline is at risk", "missed": "the deadline was missed"}
_COUNTS = ("rows", "done", "row_errors", "failed", "cancelled", "waiting")
_NOTABLE = {"row_errors": "invalid rows", "failed": "failed"}


def line(batch: Json) -> str:
    """Return the progress of a batch in one line."""
    if batch["state"] in {"created", "planning"}:
        return f"{bar(0)}  {batch['state']}"
    return f"{bar(batch['progress'])}  {', '.join(_parts(batch))}"


def _parts(batch: Json) -> Iterator[str]:
    counts = batch["counts"]
    yield f"{batch['state']}, {counts['done']:,} of {counts['rows']:,} done"
    yield from (f"{counts[name]:,} {word}" for name, word in _NOTABLE.items() if counts[name])
    yield dollars(batch["price"])
    if batch["state"] == "speaking" and batch["expected_end"]:
        yield f"expected end about {clock(batch['expected_end'])}"
    if batch["ended_at"] and batch["begun_at"] and not batch["report"]:
        yield "writing the report"
    if verdict := _VERDICTS.get(batch["sla"]["verdict"]):
        yield verdict


def wrong(row: Json) -> str:
    """Return an invalid or failed row as text: its line, id, message and error code."""
    error = row["error"] or {"code": row["state"], "message": ""}
    name = f" ({row['id']})" if row["id"] else ""
    return f"line {row['line']}{name}: {error['message']} ({error['code']})"


def summary(batch: Json) -> str:
    """Return all facts of a batch, one per line."""
    return "\n".join(f"{name:<12} {value}" for name, value in _facts(batch))


def _facts(batch: Json) -> Iterator[tuple[str, str]]:
    counts, sentences, error = batch["counts"], batch["sentences"], batch["error"]
    yield "batch", f"{batch['id']}, {batch['name']}"
    yield "state", f"{batch['state']}: {error['message']} ({error['code']})" if error else batch["state"]
    yield from ((name.replace("_", " "), f"{counts[name]:,}") for name in _COUNTS if counts[name] or name == "done")
    yield "audio", length(batch["audio_seconds"])
    yield "sentences", f"{sentences['spoken']:,} spoken, {sentences['reused']:,} reused"
    each = f", {dollars(batch['price_per_file'])} a file" if batch["price_per_file"] is not None else ""
    yield "price", f"{dollars(batch['price'])}{each}"
    if batch["sla"]["verdict"] != "none":
        yield "deadline", f"{batch['sla']['verdict'].replace('_', ' ')}: {batch['sla']['reason']}"


def dollars(amount: float) -> str:
    """Format US dollars; amounts below one with two significant digits: $12.30, $0.16, $0.0042."""
    digits = 2 if amount >= 1 or not amount else 1 - int(f"{amount:.1e}".partition("e")[2])
    return f"${amount:,.{digits}f}"


def clock(time: str) -> str:
    """Format a time in the local zone, with the date unless it is today."""
    at, now = datetime.fromisoformat(time).astimezone(), datetime.now().astimezone()
    return f"{at:%H:%M:%S}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"


def length(seconds: float) -> str:
    """Format seconds as 1 h 02 min, 3 min 04 s or 5.0 s."""
    if seconds >= _HOUR:
        return f"{int(seconds // _HOUR):,} h {int(seconds % _HOUR // _MINUTE):02} min"
    if seconds >= _MINUTE:
        return f"{int(seconds // _MINUTE)} min {int(seconds % _MINUTE):02} s"
    return f"{seconds:.1f} s"
