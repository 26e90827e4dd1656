"""Plan a run: split the manifest into chunks of items or, for a redrive, select the chunks with unfinished items.

A row becomes an item with the same validation and routing as a job.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from herald.auth.caller import Caller
from herald.auth.quotas import Quotas
from herald.batches.archive import EXPECTED_ARCHIVE_BYTES
from herald.batches.batch import Batch, BatchState
from herald.batches.batch_files import BatchFiles, read_ahead
from herald.batches.batch_ports import BatchTable, Objects, Run
from herald.batches.batch_request import Order
from herald.batches.items import ChunkNote, Item, ItemRoute, Tally
from herald.batches.manifest import read_rows
from herald.batches.manifest_form import ManifestForm
from herald.batches.manifest_records import ManifestLimits
from herald.batches.rows import Row, RowError, Template, check_length, row_text
from herald.clock import Clock
from herald.errors import GpuNotDeployed, InvalidInput, InvalidManifest, TooMany, UnknownLexicon
from herald.jobs.completion import to_job_error
from herald.jobs.job import JobError
from herald.jobs.job_price import file_bytes
from herald.jobs.job_request import text_length
from herald.jobs.job_service import ServiceConfig
from herald.jobs.lexicon_service import Chosen, LexiconService
from herald.jobs.resolve import Resolver, check_readable, check_speakable
from herald.jobs.script import Script, audio_key
from herald.jobs.text_formats import format_of
from herald.pricing.pace import pace_of

MOST_SECONDS = 270.0
"""Most expected seconds of one processor for a chunk: a third of its 15 minutes."""
_SHORT_TEXT, _SHORT_DOCUMENT = "a", "<speak>a</speak>"
_MOST_RESOLUTIONS = 256

type _Resolution = tuple[Script, ItemRoute]


@dataclass(frozen=True, kw_only=True)
class ItemPlanner:
    """Plans the items of one batch. Each combination of voice and format is resolved once, not for every row."""

    order: Order
    tenant: str
    resolver: Resolver
    max_characters: int
    lexicons: Sequence[Chosen] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns that the manifest must have."""
        return self._template.fields if self._template else ("text",)

    def check(self) -> None:
        """Raise InvalidInput if the batch's default voice, format and sample rate are not a valid combination."""
        self._resolved("", "")

    def plan(self, rows: Iterable[Row | RowError]) -> Iterator[list[Item] | RowError]:
        """Yield each chunk of items once it is full, and each error where it occurs.

        Chunks are limited by their items, by the expected time of the synthesis and by the size of an archive. A GPU
        item forms its own chunk, because each is a separate call.
        """
        held: list[Item] = []
        seconds, size = 0.0, 0
        for row in rows:
            item = self.item(row) if isinstance(row, Row) else row
            if isinstance(item, RowError):
                yield item
                continue
            if item.route == "gpu":
                yield [item]
                continue
            voices = [item.voice, *(one.voice for one in item.cast.values())]
            pace = max(
                (pace_of(self.resolver.voices[voice].engine) for voice in voices), key=lambda one: one.processor_seconds
            )
            audio = item.characters / item.speed / pace.characters
            added = audio * pace.processor_seconds
            bytes_added = file_bytes(item, audio) if self.order.delivery == "zip" else 0
            if held and (
                len(held) == self.order.items_per_child
                or seconds + added > MOST_SECONDS
                or size + bytes_added > EXPECTED_ARCHIVE_BYTES
            ):
                yield held
                held, seconds, size = [], 0.0, 0
            held.append(item)
            seconds, size = seconds + added, size + bytes_added
        if held:
            yield held

    def item(self, row: Row) -> Item | RowError:
        """Return the item of a row, or the reason why the row is invalid."""
        voice, response_format = (row.values.get(name, "").strip() for name in ("voice", "format"))
        try:
            text = self._text(row.values)
            self._check_length(text)
            script, route = self._script(text, voice, response_format)
        except InvalidInput as error:
            return row.refused(error)
        return Item(
            line=row.line,
            id=row.id,
            text=text,
            voice=script.lines[0].voice,
            speaker=script.lines[0].speaker,
            response_format=script.response_format,
            sample_rate=script.sample_rate,
            speed=script.speed,
            text_format=script.text_format,
            cast=script.cast,
            pause=script.pause,
            lexicons=script.lexicons,
            route=route,
            audio_key=audio_key(script, self.tenant, self.resolver.voices),
            characters=script.characters,
        )

    def value_error(self, row: Row) -> RowError | None:
        """Return why the values of a row are invalid, or None. Voice, format and letters are not checked."""
        try:
            self._check_length(self._text(row.values))
        except InvalidInput as error:
            return row.refused(error)
        return None

    def _text(self, values: dict[str, str]) -> str:
        return row_text(self._template, values, most=self.max_characters, input_type=self.order.input_type)

    def _check_length(self, text: str) -> None:
        check_length(text_length(text, self.order.input_type), self.max_characters)

    def _script(self, text: str, voice: str, response_format: str) -> _Resolution:
        """Resolve a row as a job would be. Only a text over `longform_characters` can change the route."""
        if len(text) > self.resolver.policy.longform_characters:
            return self._resolve(text, voice, response_format)
        text_format = format_of(text, self.order.text_format, self.order.input_type)
        if text_format == "ssml":
            return self._resolve(text, voice, response_format)
        try:
            script, route = self._resolved(voice, response_format)
        except InvalidInput:
            # Repeat with the real text, so that the row reports the same error as a job with several faults.
            return self._resolve(text, voice, response_format)
        line = script.lines[0]
        info = self.resolver.voices[line.voice]
        check_speakable(text, info, text_format, self.lexicons, line.language)
        check_readable(text, info, text_format, self.lexicons)
        return script.model_copy(
            update={"lines": (line.model_copy(update={"text": text}),), "text_format": text_format}
        ), route

    def _resolve(self, text: str, voice: str, response_format: str) -> _Resolution:
        request = self.order.job(text, voice=voice, response_format=response_format)
        script, decision = self.resolver.resolve(request, waiting=False, lexicons=self.lexicons)
        if decision.route == "kokoro":
            raise GpuNotDeployed(
                f"In a batch, the voice {script.lines[0].voice} needs the GPU, which is not deployed (GpuImage). "
                "On CPU, it speaks single jobs.",
                param="voice",
            )
        return script, "gpu" if decision.route == "gpu" else "queue"

    @cached_property
    def _template(self) -> Template | None:
        return self.order.parsed_template

    @cached_property
    def _resolved(self) -> Callable[[str, str], _Resolution]:
        """Return a cached function from voice and format to the script and route of a short text."""
        return lru_cache(maxsize=_MOST_RESOLUTIONS)(
            lambda voice, response_format: self._resolve(
                _SHORT_DOCUMENT if self.order.input_type == "ssml" else _SHORT_TEXT, voice, response_format
            )
        )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Input of the distributed map: the number of chunks, the object key of their notes, and the concurrency."""

    chunks: int
    key: str
    max_concurrency: int


@dataclass(kw_only=True)
class RunPlanner:
    """Plans the runs of batches. Deterministic: planning a run again gives the same plan."""

    config: ServiceConfig
    table: BatchTable
    objects: Objects
    max_characters: int
    max_concurrency: int
    quotas: Quotas
    lexicons: LexiconService
    clock: Clock
    limits: ManifestLimits = field(default_factory=ManifestLimits)

    def plan(self, run: Run) -> Plan:
        """Plan a run. The plan has no chunks if the batch has ended; an invalid manifest ends it as failed."""
        batch = self.table.change(run.batch, lambda batch: begun(batch, run, self.clock))
        folder = BatchFiles.of(self.objects, batch)
        if batch.ended or batch.redrives != run.run:
            chunks = 0
        elif run.run:
            chunks = folder.put_notes(run.run, _unfinished(folder, batch))
        elif batch.state is BatchState.SPEAKING:  # an earlier attempt completed the plan and died
            chunks = batch.chunks
        else:
            chunks = self._plan_items(batch, folder, run)
        most = min(batch.order.max_concurrency or self.max_concurrency, self.max_concurrency)
        return Plan(chunks=chunks, key=folder.notes_key(run.run), max_concurrency=most)

    def _plan_items(self, batch: Batch, folder: BatchFiles, run: Run) -> int:
        """Write the plan and return its number of chunks. Leaves the batch speaking, or failed."""
        try:
            tally = self._write(batch, folder, run)
            if self._with_plan(batch, tally).state is BatchState.SPEAKING:
                # Counted once per batch; raises TooMany over the quota of the key.
                payer = Caller(tenant=batch.tenant, key=batch.key, characters_a_day=batch.characters_a_day)
                self.quotas.once(batch.id, payer, tally.characters)
        except (InvalidManifest, TooMany, UnknownLexicon) as error:
            fault = to_job_error(error)
            self.table.change(run.batch, lambda batch: failed(batch, fault, self.clock))
            return 0
        planned = self.table.change(run.batch, lambda batch: self._with_plan(batch, tally))
        return planned.chunks if planned.state is BatchState.SPEAKING else 0

    def _write(self, batch: Batch, folder: BatchFiles, run: Run) -> Tally:
        order = folder.order()
        if run.manifest is None:
            raise InvalidManifest("The run was started without a manifest.", code="manifest_missing")
        planner = ItemPlanner(
            order=order,
            tenant=batch.tenant,
            resolver=self.config,
            max_characters=self.max_characters,
            lexicons=[Chosen(one, self.lexicons.content(one)) for one in batch.lexicons],
        )
        blocks = self.objects.read_version(run.manifest)
        form = ManifestForm()
        rows = read_rows(blocks, run.manifest_format, fields=planner.fields, limits=self.limits, form=form)
        tally = Tally()
        with folder.planning() as write:
            for part in planner.plan(rows):
                write(part)
                tally.add(part)
        tally.remarks = form.remarks()
        return tally

    def _with_plan(self, batch: Batch, tally: Tally) -> Batch:
        # Keep a batch that was cancelled meanwhile or planned by another attempt.
        return batch if batch.state is not BatchState.PLANNING else batch.planned(tally, at=self.clock())


def _unfinished(folder: BatchFiles, batch: Batch) -> Iterator[ChunkNote]:
    """Yield the notes of chunks with an item that is not done."""

    def is_unfinished(note: ChunkNote) -> bool:
        results = folder.results(note.chunk, batch.redrives - 1)
        return results is None or any(result.state != "done" for result in results)

    notes = folder.all_notes(batch.chunks)
    return (note for note, unfinished in read_ahead(lambda note: (note, is_unfinished(note)), notes) if unfinished)


def begun(batch: Batch, run: Run, clock: Clock) -> Batch:
    """Return the batch at the start of a run. Idempotent; an ended batch changes only for a new redrive."""
    if run.run > batch.redrives:
        return batch.redriven(at=clock())
    # Unchanged if already begun, so that concurrent starts cause one write.
    return batch.moved(BatchState.PLANNING, at=clock()) if batch.state is BatchState.CREATED else batch


def failed(batch: Batch, error: JobError, clock: Clock) -> Batch:
    """Return the batch as failed, or unchanged if it has ended meanwhile."""
    return batch if batch.ended else batch.moved(BatchState.FAILED, at=clock(), error=error)
