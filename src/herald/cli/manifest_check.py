"""Check a manifest before it is sent: the deployment previews it; of a long one, every row is also read here."""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from herald.batches.batch_request import Order
from herald.batches.manifest import read_rows
from herald.batches.manifest_form import ENCODINGS, ManifestForm
from herald.batches.rows import Row, RowError, invalid_rows, row_text
from herald.cli.api_client import BATCHES, Api, Json
from herald.errors import InvalidInput, InvalidManifest
from herald.jobs.completion import to_job_error

PREVIEW = f"{BATCHES}/preview"
SAMPLE_BYTES = 1_000_000
"""Bytes that the deployment previews; even, so that a character of UTF-16 is not cut."""
_MOST_ERRORS = 1_000
_LONGEST_TEXT = 100_000
"""Characters of a text in any deployment."""
_BLOCK = 1 << 20
_TOLERATED = float(Order.model_fields["tolerated_failure_percent"].default)


@dataclass(kw_only=True)
class WholeManifest:
    """What reading every row of a manifest found, without voices and languages, which the deployment knows."""

    form: ManifestForm = field(default_factory=ManifestForm)
    rows: int = 0
    bad_lines: set[int] = field(default_factory=set)
    errors: list[Json] = field(default_factory=list)
    """The first _MOST_ERRORS."""
    sample: list[str] = field(default_factory=list)
    """The first rows as lines of JSONL, as many as the deployment previews; a line has the number of its row."""
    sample_bytes: int = 0
    error: Json | None = None

    def show(self, row: Row) -> None:
        """Add a valid row to the sample while there is room."""
        line = json.dumps(row.values, ensure_ascii=False)
        gap = [""] * (row.line - 1 - len(self.sample))
        self.sample_bytes += len(line.encode()) + len(gap) + 1
        if self.sample_bytes <= SAMPLE_BYTES:
            self.sample += [*gap, line]

    def refuse(self, error: RowError) -> None:
        """Add an invalid row."""
        self.bad_lines.add(error.line)
        if len(self.errors) < _MOST_ERRORS:
            self.errors.append(error.model_dump())


def preview(api: Api, manifest: Path, order: Json) -> Json:
    """Return the API's preview of a local manifest; of a long one, with the row errors of the whole file."""
    with manifest.open("rb") as opened:
        head = opened.read(SAMPLE_BYTES + 1)
    request = order | {"sample_base64": b64encode(head[:SAMPLE_BYTES]).decode()}
    if len(head) <= SAMPLE_BYTES:
        return api.post(PREVIEW, request)
    whole = read_whole(manifest, order)
    request |= {"is_beginning": True, "rows": max(1, whole.rows)}
    if whole.form.format == "xlsx":  # a part of a workbook cannot be read: the sample has its first valid rows
        sample = "\n".join(whole.sample).encode()
        request |= {"manifest_format": "jsonl", "sample_base64": b64encode(sample).decode()}
        request |= {"is_beginning": False, "rows": max(1, whole.rows - len(whole.bad_lines))}
    return merged(api.post(PREVIEW, request), whole, order)


def read_whole(manifest: Path, order: Json) -> WholeManifest:
    """Read every row of a manifest as planning does; raise InvalidInput for an invalid template."""
    found = WholeManifest()
    input_type = order.get("input_type")
    template = Order(name="-", template=order.get("template"), input_type=input_type).parsed_template
    fields = template.fields if template else ("text",)
    try:
        for row in read_rows(_blocks(manifest), order.get("manifest_format"), fields=fields, form=found.form):
            found.rows += 1
            if isinstance(row, RowError):
                found.refuse(row)
                continue
            try:
                row_text(template, row.values, most=_LONGEST_TEXT, input_type=input_type)
                if found.form.format == "xlsx":
                    found.show(row)
            except InvalidInput as error:
                found.refuse(row.refused(error))
    except InvalidManifest as error:
        found.error = to_job_error(error).model_dump()
    return found


def merged(shown: Json, whole: WholeManifest, order: Json) -> Json:
    """Return the preview of the beginning of a manifest with what is known of the whole."""
    errors = {one["line"]: one for one in [*whole.errors, *shown["errors"]]}
    row_errors = len(whole.bad_lines.union(errors))
    error = whole.error or shown["error"]
    if error and error["code"] in {"too_many_failures", "manifest_empty"} and whole.rows:  # of the beginning
        error = None
    tolerated = order.get("tolerated_failure_percent", _TOLERATED)
    if error is None and row_errors * 100 > tolerated * whole.rows:
        message = f"{invalid_rows(whole.rows, row_errors)}; the batch tolerates {tolerated:g} %."
        error = {"code": "too_many_failures", "message": message}
    fields = {at: name for name, at in whole.form.used.items()}
    return shown | {
        "format": whole.form.format,
        "encoding": ENCODINGS[whole.form.encoding],
        "separator": whole.form.separator if whole.form.format == "csv" else None,
        "columns": [{"name": name, "field": fields.get(at)} for at, name in enumerate(whole.form.columns)],
        "remarks": whole.form.remarks(),
        "rows": whole.rows,
        "row_errors": row_errors,
        "errors": [errors[line] for line in sorted(errors)][:_MOST_ERRORS],
        "error": error,
    }


def _blocks(manifest: Path) -> Iterator[bytes]:
    with manifest.open("rb") as opened:
        while block := opened.read(_BLOCK):
            yield block
