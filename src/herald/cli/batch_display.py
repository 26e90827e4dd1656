"""Format batches as text."""

from datetime import datetime

from herald.batches.manifest_form import SEPARATORS
from herald.cli.api_client import Json
from herald.errors import counted

_MINUTE, _HOUR = 60, 3_600
_VERDICTS = {"on_track": "on track", "at_risk": "the deadline is at risk", "missed": "the deadline was missed"}
_COUNTS = ("rows", "done", "row_errors", "failed", "cancelled", "waiting")
_NOTABLE = {"row_errors": "invalid", "failed": "failed"}


def progress(batch: Json) -> str:
    """Return the progress of a batch in one line."""
    if batch["state"] in {"created", "planning"}:
        return str(batch["state"])
    counts = batch["counts"]
    parts = [f"{batch['state']}, {counts['done']:,} of {counts['rows']:,} done"]
    parts += [f"{counts[name]:,} {word}" for name, word in _NOTABLE.items() if counts[name]]
    parts.append(dollars(batch["price"]))
    if batch["state"] == "speaking" and batch["expected_end"]:
        parts.append(f"expected end about {clock(batch['expected_end'])}")
    if batch["ended_at"] and batch["begun_at"] and not batch["report"]:
        parts.append("writing the report")
    if verdict := _VERDICTS.get(batch["sla"]["verdict"]):
        parts.append(verdict)
    return ", ".join(parts)


def item_row(item: Json) -> tuple[str, ...]:
    """Return a row of a batch as cells: line, id, state, seconds, price, error."""
    error = f"{item['error']['message']} ({item['error']['code']})" if item["error"] else ""
    seconds = "" if item["seconds"] is None else f"{item['seconds']:.1f}"
    price = "" if item["price"] is None else dollars(item["price"])
    return str(item["line"]), item["id"] or "", item["state"], seconds, price, error


def row_fault(row: Json) -> str:
    """Return an invalid or failed row as text: its line, id, message and error code."""
    error = row["error"] or {"code": row["state"], "message": ""}
    name = f" ({row['id']})" if row["id"] else ""
    return f"line {row['line']}{name}: {error['message']} ({error['code']})"


def summary(batch: Json) -> str:
    """Return all facts of a batch, one per line."""
    counts, sentences, error = batch["counts"], batch["sentences"], batch["error"]
    each = f", {dollars(batch['price_per_file'])} a file" if batch["price_per_file"] is not None else ""
    facts = {
        "batch": f"{batch['id']}, {batch['name']}",
        "state": f"{batch['state']}: {error['message']} ({error['code']})" if error else batch["state"],
        **{name.replace("_", " "): f"{counts[name]:,}" for name in _COUNTS if counts[name] or name == "done"},
        "audio": length(batch["audio_seconds"]),
        "sentences": f"{sentences['spoken']:,} spoken, {sentences['reused']:,} reused",
        "price": f"{dollars(batch['price'])}{each}",
    }
    if batch["sla"]["verdict"] != "none":
        facts["deadline"] = f"{batch['sla']['verdict'].replace('_', ' ')}: {batch['sla']['reason']}"
    return "\n".join(_fact(name, value) for name, value in facts.items())


def preview(shown: Json) -> str:
    """Return a preview of a batch: how the manifest is read, its invalid rows, the first texts, price and time."""
    uses = [_column(one) for one in shown["columns"]]
    separator = f", separated by {SEPARATORS[shown['separator']]}" if shown["separator"] else ""
    lines = [
        _fact(
            "format",
            "Excel workbook"
            if shown["format"] == "xlsx"
            else f"{shown['format'].upper()} in {shown['encoding']}{separator}",
        ),
        _fact("columns", ", ".join(uses) or "none"),
        *(_fact("remark", remark) for remark in shown["remarks"]),
        _fact("rows", f"{shown['rows']:,}, {shown['row_errors']:,} of them invalid"),
        *map(preview_fault, shown["errors"]),
    ]
    if hidden := shown["row_errors"] - len(shown["errors"]):
        lines.append(f"... and {hidden:,} more")
    for example in shown["examples"]:
        lines.append(_fact(f"line {example['line']:,}", example["text"]))
        if example["spoken"] not in {None, example["text"]}:
            lines.append(_fact("  is said", example["spoken"]))
    if expected := shown["estimate"]:
        lines += [
            _fact("expected", estimate(shown)),
            _fact("audio", f"{length(expected['audio_seconds'])}, from {counted(expected['characters'], 'character')}"),
        ]
    if error := shown["error"]:
        lines.append(_fact("error", f"{error['message']} ({error['code']})"))
    return "\n".join(lines)


def estimate(shown: Json) -> str:
    """Return the expected price and time of a preview in a few words."""
    expected = shown["estimate"]
    if not expected:
        return "nothing to synthesize"
    price = f"{dollars(expected['price'])}, {dollars(expected['price_per_file'])} a file"
    return f"{counted(expected['rows'], 'file')} for about {price}, in about {length(expected['seconds'])}"


def preview_fault(error: Json) -> str:
    """Return an invalid row of a preview as text: its line, id, message and error code."""
    return row_fault({"line": error["line"], "id": error["id"], "error": error})


def _column(column: Json) -> str:
    """Return a column as text: its name, and what it is used for."""
    name, used = column["name"] or "(no name)", column["field"]
    if used is None:
        return f"{name} (not used)"
    return name if name.casefold() == used else f"{name} as {used}"


def _fact(name: str, value: str) -> str:
    return f"{name:<12} {value}"


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
