"""The files of one batch, all under batches/<tenant>/<batch>/, and what stands in them."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from herald.errors import BrokenInstallation, UnreadableRow
from herald.jobs.batches.items import Chunk, ChunkNote, Item, UnreadableItem
from herald.jobs.batches.ports import Objects, Pinned, UploadForm, Write
from herald.jobs.batches.record import Record
from herald.jobs.batches.report import ItemResult
from herald.jobs.batches.request import Order
from herald.jobs.batches.rows import ManifestFormat, RowError
from herald.jobs.content import check_tenant
from herald.jobs.job import JobError

NOTE_BYTES = 256
"""Of a line of chunks.jsonl, filled up with spaces: so the note of a chunk is found without reading all of them."""
UPLOADS = "uploads/"
"""The folder of manifests whose batches have not been started."""
UPLOAD_TYPES: dict[ManifestFormat, str] = {"csv": "text/csv", "jsonl": "application/jsonl"}
_BLOCK = 1 << 20
_LONGEST_REASON = 200
_LONGEST_ID = 200
_JSONL = "application/x-ndjson"
REPORTS = {"csv": "results.csv", "jsonl": "results.jsonl", "summary": "summary.json"}
_MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": _JSONL, "summary": "application/json"}


class Note(ChunkNote):
    """What a child is told: its chunk, and where the items of that stand in items.jsonl."""

    run: int = 0
    start: int
    size: int

    def line(self) -> bytes:
        """As it stands in chunks.jsonl."""
        return self.model_dump_json().encode().ljust(NOTE_BYTES - 1) + b"\n"


@dataclass(frozen=True)
class Folder:
    """A batch's files."""

    objects: Objects
    tenant: str
    batch: str

    @classmethod
    def of(cls, objects: Objects, batch: Record) -> "Folder":
        """The folder of a batch."""
        return cls(objects, batch.tenant, batch.id)

    def key(self, name: str) -> str:
        """The key of one of its files."""
        return f"batches/{check_tenant(self.tenant)}/{self.batch}/{name}"

    # --- what was asked ---

    def put_order(self, order: Order) -> None:
        """Remember the order whole: a template may be too long for a row."""
        self.objects.write(self.key("order.json"), order.model_dump_json().encode())

    def order(self) -> Order:
        """The order."""
        if (body := self.objects.read(self.key("order.json"))) is None:
            raise BrokenInstallation("The batch's order is gone: its files were deleted before it was planned.")
        return Order.model_validate_json(body)

    def put_manifest(self, rows: Iterable[dict[str, str]]) -> None:
        """Write the rows of a request as a manifest."""
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        self.objects.write(self.key("manifest"), "".join(lines).encode("utf-8", "surrogatepass"))

    def pin(self) -> Pinned | None:
        """Return the manifest that was written from a request's rows, if there is one."""
        return self.objects.pin(self.key("manifest"))

    # --- what was uploaded ---

    @property
    def upload_key(self) -> str:
        """The key of an upload, outside the folder: unless the batch is started, the upload is deleted after a day."""
        return f"{UPLOADS}{check_tenant(self.tenant)}/{self.batch}/manifest"

    def upload_form(self, *, seconds: int, most_bytes: int, written: ManifestFormat | None) -> UploadForm:
        """Return the form that uploads the manifest. The caller may change its Content-Type."""
        return self.objects.upload_form(
            self.upload_key, seconds=seconds, most_bytes=most_bytes, content_type=UPLOAD_TYPES[written or "csv"]
        )

    def uploaded(self) -> Pinned | None:
        """Return the present upload, if there is one."""
        return self.objects.pin(self.upload_key)

    def keep_upload(self, uploaded: Pinned) -> Pinned | None:
        """Copy an upload into the folder, where later uploads change nothing; None where it was replaced meanwhile.

        Two starts that find different uploads write different files, and the first run decides which one is read.
        """
        version = "".join(letter for letter in uploaded.etag if letter.isalnum() or letter == "-")
        return self.objects.copy(uploaded, self.key(f"manifest-{version}"))

    # --- the plan ---

    @contextmanager
    def planning(self) -> Iterator[Callable[[Chunk | RowError], None]]:
        """Write a plan part by part, in place of an earlier one."""
        with (
            self.objects.writing(self.key("items.jsonl"), _JSONL) as items,
            self.objects.writing(self.notes_key(0), _JSONL) as notes,
            self.objects.writing(self.key("row_errors.jsonl"), _JSONL) as errors,
        ):
            yield _Plan(self, items, notes, errors).add

    def notes_key(self, run: int) -> str:
        """Where the notes are of the chunks that a run speaks."""
        return self.key(f"chunks-{run}.jsonl" if run else "chunks.jsonl")

    def put_notes(self, run: int, notes: Iterable[Note]) -> int:
        """Write which chunks a run speaks; return how many."""
        count = 0
        with self.objects.writing(self.notes_key(run), _JSONL) as write:
            for note in notes:
                write(note.model_copy(update={"run": run}).line())
                count += 1
        return count

    def notes(self, first: int, count: int) -> list[Note]:
        """Some of the plan's chunks, from number `first` on."""
        body = self.objects.read(self.notes_key(0), first * NOTE_BYTES, count * NOTE_BYTES) if count else None
        return _all(Note, body or b"")

    def items(self, note: Note) -> list[Item]:
        """Return the items of a chunk; an UnreadableItem stands where one cannot be read."""
        body = self.objects.read(self.key("items.jsonl"), note.start, note.size)
        if body is None or len(body) != note.size:
            raise BrokenInstallation("The items of a chunk are gone: the batch's files were deleted before its end.")

        def stand_in(line: int, row_id: str, error: UnreadableRow) -> Item:
            return UnreadableItem.at(line, row_id, error, note.route)

        return [*self._lines(Item, body, stand_in)]

    def row_errors(self, start: int = 0) -> Iterator[tuple[int, RowError]]:
        """Yield the rows that could not be planned, each with the place in the file where the next one begins."""

        def stand_in(line: int, row_id: str, error: UnreadableRow) -> RowError:
            return RowError(line=line, id=row_id, code=error.code, message=error.message)

        rest = b""
        while body := self.objects.read(self.key("row_errors.jsonl"), start + len(rest), _BLOCK):
            *lines, rest = (rest + body).split(b"\n")
            for line in lines:
                start += len(line) + 1
                for row_error in self._lines(RowError, line, stand_in):
                    yield start, row_error

    def begins_row_error(self, place: int) -> bool:
        """Return whether a row error, or the end of the file, is at a place in the file of row errors."""
        return place == 0 or self.objects.read(self.key("row_errors.jsonl"), place - 1, 1) == b"\n"

    # --- results ---

    def put_results(self, note: Note, results: Iterable[ItemResult]) -> bool:
        """Write what became of a chunk's items in a run, once; tell whether it was now."""
        body = "".join(result.model_dump_json() + "\n" for result in results)
        return self.objects.write_once(self._results_key(note.chunk, note.run), body.encode())

    def has_results(self, note: Note) -> bool:
        """Whether a chunk was spoken in its run."""
        return self.objects.pin(self._results_key(note.chunk, note.run)) is not None

    def results(self, chunk: int, run: int) -> list[ItemResult] | None:
        """Return what became of a chunk's items by the end of a run, or None if nothing has yet.

        A result that cannot be read is a failure with the code unreadable_row.
        """

        def stand_in(line: int, row_id: str, error: UnreadableRow) -> ItemResult:
            why = JobError(code=error.code, message=error.message)
            return ItemResult(line=line, id=row_id, state="failed", characters=0, error=why)

        for earlier in range(run, -1, -1):
            if body := self.objects.read(self._results_key(chunk, earlier)):
                return [*self._lines(ItemResult, body, stand_in)]
        return None

    def _results_key(self, chunk: int, run: int) -> str:
        return self.key(f"results/{run}/{chunk:06d}.jsonl")

    def _lines[Model: BaseModel](
        self, model: type[Model], body: bytes, stand_in: Callable[[int, str, UnreadableRow], Model]
    ) -> Iterator[Model]:
        """Read the lines of a file, with a stand-in, and a report, for each that cannot be read."""
        last = 0
        for line in filter(None, body.split(b"\n")):
            try:
                read = model.model_validate_json(line)
            except ValidationError as error:
                fields = sorted({str(one["loc"][0]) for one in error.errors(include_input=False) if one["loc"]})
                reason = f"{model.__name__}: {', '.join(fields)[:_LONGEST_REASON]}"
                unreadable = UnreadableRow("item", f"{self.batch}#{last}", reason, tenant=self.tenant)
                self.objects.report(unreadable)
                number, row_id = _place_of(line, last)
                read = stand_in(number, row_id, unreadable)
            last = read.line if isinstance(read, Item | ItemResult | RowError) else last
            yield read

    # --- the report ---

    def put_report(self, kind: str, pieces: Iterable[bytes]) -> None:
        """Write a part of the report, one of REPORTS."""
        with self.objects.writing(self.key(f"report/{REPORTS[kind]}"), _MEDIA_TYPES[kind]) as write:
            for piece in pieces:
                write(piece)

    def report_links(self, seconds: int) -> dict[str, str]:
        """Where anybody can have the report for some time."""
        return {
            f"{kind}_url": self.objects.link(self.key(f"report/{name}"), file_name=name, seconds=seconds)
            for kind, name in REPORTS.items()
        }


class _Plan:
    """Writes a plan's parts, and knows how far it came."""

    def __init__(self, folder: Folder, items: Write, notes: Write, errors: Write) -> None:
        self._folder = folder
        self._items, self._notes, self._errors = items, notes, errors
        self._written = 0

    def add(self, part: Chunk | RowError) -> None:
        if isinstance(part, RowError):
            self._errors(part.model_dump_json().encode() + b"\n")
            return
        body = "".join(item.model_dump_json() + "\n" for item in part.items).encode()
        note = part.note(batch=self._folder.batch, tenant=self._folder.tenant)
        self._notes(Note(**dict(note), start=self._written, size=len(body)).line())
        self._items(body)
        self._written += len(body)


def _all[Model: BaseModel](model: type[Model], body: bytes) -> list[Model]:
    return [model.model_validate_json(line) for line in body.split(b"\n") if line]


def _place_of(line: bytes, last: int) -> tuple[int, str]:
    """Return line number and id as a line that cannot be read says; the line before and no id where it does not."""
    try:
        said = json.loads(line)
        number, row_id = said.get("line"), said.get("id")
    except (ValueError, RecursionError, AttributeError):
        return last, ""
    known = isinstance(number, int) and last <= number < 1 << 53
    return number if known else last, row_id if isinstance(row_id, str) and len(row_id) <= _LONGEST_ID else ""
