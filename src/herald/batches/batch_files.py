"""The files of one batch, under batches/<tenant>/<batch>/ in the audio bucket, and their formats."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from herald.batches.batch import Batch
from herald.batches.batch_ports import Objects, ObjectVersion, UploadForm
from herald.batches.batch_request import Order
from herald.batches.chunking import PlanWriter, json_lines
from herald.batches.items import NOTE_BYTES, ChunkNote, Item, ItemResult, UnreadableItem
from herald.batches.rows import XLSX_TYPE, ManifestFormat, RowError
from herald.batches.shared_sentences import PackNote, pack_key
from herald.errors import BrokenInstallation, UnreadableRow
from herald.jobs.job import JobError
from herald.jobs.script import check_tenant

UPLOADS = "uploads/"
"""Prefix of uploaded manifests whose batches have not been started."""
UPLOAD_TYPES: dict[ManifestFormat, str] = {"csv": "text/csv", "jsonl": "application/jsonl", "xlsx": XLSX_TYPE}
_BLOCK = 1 << 20
_LONGEST_REASON = 200
_LONGEST_ID = 200
_READS_AT_ONCE = 16
_NOTES_AT_ONCE = 1_000
_SENTENCES = "sentences.jsonl"
_JSONL = "application/x-ndjson"
REPORTS = {"csv": "results.csv", "jsonl": "results.jsonl", "summary": "summary.json"}
_MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": _JSONL, "summary": "application/json"}


@dataclass(frozen=True)
class BatchFiles:
    """Reads and writes the files of one batch."""

    objects: Objects
    tenant: str
    batch: str

    @classmethod
    def of(cls, objects: Objects, batch: Batch) -> "BatchFiles":
        """Return the folder of a batch."""
        return cls(objects, batch.tenant, batch.id)

    def key(self, name: str) -> str:
        """Return the object key of a file in the folder."""
        return f"batches/{check_tenant(self.tenant)}/{self.batch}/{name}"

    # --- request ---

    def put_order(self, order: Order) -> None:
        """Write the complete order; its template may be too long for a table row."""
        self.objects.write(self.key("order.json"), order.model_dump_json().encode())

    def order(self) -> Order:
        """Return the order; raise BrokenInstallation if its file is missing."""
        if (body := self.objects.read(self.key("order.json"))) is None:
            raise BrokenInstallation("The batch's order.json is missing: the file was deleted before planning.")
        return Order.model_validate_json(body)

    def put_manifest(self, rows: Iterable[dict[str, str]]) -> None:
        """Write the rows of a request as a JSONL manifest."""
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        self.objects.write(self.key("manifest"), "".join(lines).encode("utf-8", "surrogatepass"))

    def manifest_version(self) -> ObjectVersion | None:
        """Return the manifest written by `put_manifest`, or None."""
        return self.objects.version_of(self.key("manifest"))

    # --- upload ---

    @property
    def upload_key(self) -> str:
        """Object key of the upload. It is outside the folder because unstarted uploads are deleted after a day."""
        return f"{UPLOADS}{check_tenant(self.tenant)}/{self.batch}/manifest"

    def upload_form(self, *, seconds: int, most_bytes: int, written: ManifestFormat | None) -> UploadForm:
        """Return a form that uploads up to `most_bytes` for `seconds`. The caller may change its Content-Type."""
        return self.objects.upload_form(
            self.upload_key, seconds=seconds, most_bytes=most_bytes, content_type=UPLOAD_TYPES[written or "csv"]
        )

    def uploaded(self) -> ObjectVersion | None:
        """Return the current version of the upload, or None."""
        return self.objects.version_of(self.upload_key)

    def keep_upload(self, uploaded: ObjectVersion) -> ObjectVersion | None:
        """Copy this version of the upload into the folder, so that later uploads cannot change it.

        Return the copy, or None if the upload has been replaced. The copy's key contains the version: concurrent starts
        with different uploads write different files, and the first execution decides which one is read.
        """
        version = "".join(letter for letter in uploaded.etag if letter.isalnum() or letter == "-")
        return self.objects.copy(uploaded, self.key(f"manifest-{version}"))

    # --- plan ---

    @contextmanager
    def planning(self) -> Iterator[PlanWriter]:
        """Yield a writer of the parts of a plan. It replaces an earlier plan."""
        with (
            self.objects.writing(self.key("items.jsonl"), _JSONL) as items,
            self.objects.writing(self.notes_key(0), _JSONL) as notes,
            self.objects.writing(self.key("row_errors.jsonl"), _JSONL) as errors,
        ):
            yield PlanWriter(self.tenant, self.batch, items=items, notes=notes, errors=errors)

    def put_sentences(self, packs: Sequence[Sequence[Item]]) -> tuple[PackNote, ...]:
        """Write the sentences that several items share; return the notes of their packs."""
        notes, body = list[PackNote](), b""
        for pack in packs:
            lines = json_lines(pack)
            notes.append(
                PackNote(
                    batch=self.batch,
                    tenant=self.tenant,
                    pack=len(notes),
                    key=pack_key(pack),
                    start=len(body),
                    size=len(lines),
                )
            )
            body += lines
        if body:
            self.objects.write(self.key(_SENTENCES), body)
        return (*notes,)

    def sentences(self, note: PackNote) -> list[Item]:
        """Return the sentences of a pack."""
        body = self.objects.read(self.key(_SENTENCES), note.start, note.size) or b""
        return [Item.model_validate_json(line) for line in body.split(b"\n") if line]

    def notes_key(self, run: int) -> str:
        """Return the object key of a run's chunk notes."""
        return self.key(f"chunks-{run}.jsonl" if run else "chunks.jsonl")

    def put_notes(self, run: int, notes: Iterable[ChunkNote]) -> int:
        """Write the chunk notes of a run; return their number."""
        count = 0
        with self.objects.writing(self.notes_key(run), _JSONL) as write:
            for note in notes:
                write(note.model_copy(update={"run": run}).line())
                count += 1
        return count

    def notes(self, first: int, count: int) -> list[ChunkNote]:
        """Return the notes of `count` chunks, starting at number `first`."""
        body = self.objects.read(self.notes_key(0), first * NOTE_BYTES, count * NOTE_BYTES) if count else None
        return [ChunkNote.model_validate_json(line) for line in (body or b"").split(b"\n") if line]

    def all_notes(self, chunks: int) -> Iterator[ChunkNote]:
        """Yield the notes of the first `chunks` chunks of the plan."""
        for first in range(0, chunks, _NOTES_AT_ONCE):
            yield from self.notes(first, min(_NOTES_AT_ONCE, chunks - first))

    def first_item(self) -> Item | None:
        """Return the first item of the plan, or None if there is none, or it is unreadable."""
        line, _, _ = (self.objects.read(self.key("items.jsonl"), 0, _BLOCK) or b"").partition(b"\n")
        try:
            return Item.model_validate_json(line)
        except ValidationError:
            return None

    def items(self, note: ChunkNote) -> list[Item]:
        """Return the items of a chunk, with an UnreadableItem in place of each unreadable one.

        Raise BrokenInstallation if the file is missing.
        """
        body = self.objects.read(self.key("items.jsonl"), note.start, note.size)
        if body is None or len(body) != note.size:
            raise BrokenInstallation(
                "The items of a chunk are missing: the batch's items.jsonl was deleted before the batch ended."
            )

        def stand_in(line: int, row_id: str, error: UnreadableRow) -> Item:
            return UnreadableItem.at(line, row_id, error, note.route)

        return [*self._lines(Item, body, stand_in)]

    def row_errors(self, start: int = 0) -> Iterator[tuple[int, RowError]]:
        """Yield row errors from byte `start` on, each with the byte offset at which the next one begins."""

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
        """Return whether `place` is the byte offset of a row error or of the end of the file."""
        return place == 0 or self.objects.read(self.key("row_errors.jsonl"), place - 1, 1) == b"\n"

    # --- results ---

    def put_results(self, note: ChunkNote, results: Iterable[ItemResult]) -> bool:
        """Write the results of a chunk's run, unless they exist; return whether they were written."""
        return self.objects.write_once(self._results_key(note.chunk, note.run), json_lines(results))

    def has_results(self, note: ChunkNote) -> bool:
        """Return whether the chunk's run has results."""
        return self.objects.version_of(self._results_key(note.chunk, note.run)) is not None

    def results(self, chunk: int, run: int) -> list[ItemResult] | None:
        """Return a chunk's results as of a run: those of the latest run up to `run`, or None.

        An unreadable result counts as a failure with the code unreadable_row.
        """
        for earlier in range(run, -1, -1):
            if body := self.objects.read(self._results_key(chunk, earlier)):
                return [*self._lines(ItemResult, body, _failed_line)]
        return None

    def put_partial(self, note: ChunkNote, results: Iterable[ItemResult]) -> None:
        """Write the results of an unfinished attempt for the next one."""
        self.objects.write(self._partial_key(note), json_lines(results))

    def partial(self, note: ChunkNote) -> list[ItemResult]:
        """Return the results of earlier attempts of the chunk's run that did not finish."""
        body = self.objects.read(self._partial_key(note)) or b""
        return [*self._lines(ItemResult, body, _failed_line)]

    def _partial_key(self, note: ChunkNote) -> str:
        return self.key(f"results/{note.run}/{note.chunk:06d}-partial.jsonl")

    def _results_key(self, chunk: int, run: int) -> str:
        return self.key(f"results/{run}/{chunk:06d}.jsonl")

    def _lines[Model: BaseModel](
        self, model: type[Model], body: bytes, stand_in: Callable[[int, str, UnreadableRow], Model]
    ) -> Iterator[Model]:
        """Parse the lines of a file; report each unreadable line and yield `stand_in` in its place."""
        last = 0
        for line in filter(None, body.split(b"\n")):
            try:
                read = model.model_validate_json(line)
            except ValidationError as error:
                fields = sorted({str(fault["loc"][0]) for fault in error.errors(include_input=False) if fault["loc"]})
                reason = f"{model.__name__}: {', '.join(fields)[:_LONGEST_REASON]}"
                unreadable = UnreadableRow("item", f"{self.batch}#{last}", reason, tenant=self.tenant)
                self.objects.report(unreadable)
                read = stand_in(*_identity_of(line, last), unreadable)
            last = read.line if isinstance(read, Item | ItemResult | RowError) else last
            yield read

    # --- report ---

    def put_report(self, kind: str, pieces: Iterable[bytes]) -> None:
        """Write one file of the report; `kind` is a key of REPORTS."""
        with self.objects.writing(self.key(f"report/{REPORTS[kind]}"), _MEDIA_TYPES[kind]) as write:
            for piece in pieces:
                write(piece)

    def report_links(self, seconds: int) -> dict[str, str]:
        """Return presigned links to the report's files that work for `seconds`, as {"csv_url": ...}."""
        return {
            f"{kind}_url": self.objects.link(self.key(f"report/{name}"), file_name=name, seconds=seconds)
            for kind, name in REPORTS.items()
        }


def read_ahead[Argument, Result](
    call: Callable[[Argument], Result], arguments: Iterable[Argument], at_once: int = _READS_AT_ONCE
) -> Iterator[Result]:
    """Yield `call(argument)` for each argument, in order.

    `at_once` threads make the calls, at most 2 * `at_once` of them ahead of the consumer. An exception of a call is
    raised when its result is due.
    """
    pending: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(at_once) as pool:
        for argument in arguments:
            pending.append(pool.submit(call, argument))
            if len(pending) == 2 * at_once:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _failed_line(line: int, row_id: str, error: UnreadableRow) -> ItemResult:
    """Return the result that replaces an unreadable one."""
    reason = JobError(code=error.code, message=error.message)
    return ItemResult(line=line, id=row_id, state="failed", characters=0, error=reason)


def _identity_of(line: bytes, last: int) -> tuple[int, str]:
    """Return the line number and id in an unreadable line, or `last` and "" if they cannot be read."""
    try:
        fields = json.loads(line)
        number, row_id = fields.get("line"), fields.get("id")
    except (ValueError, RecursionError, AttributeError):
        return last, ""
    is_plausible = isinstance(number, int) and last <= number < 1 << 53
    return number if is_plausible else last, row_id if isinstance(row_id, str) and len(row_id) <= _LONGEST_ID else ""
