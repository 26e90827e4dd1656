"""The desk for batches: takes them, starts them, tells about them, cancels them, has them spoken again."""

from collections.abc import Callable
from datetime import datetime

from herald.errors import InvalidManifest, KeyReused, Unavailable, UnknownBatch, UnreadableRow, WrongBatchState
from herald.jobs.batches import listing
from herald.jobs.batches.batch import id_for, new_id
from herald.jobs.batches.finishing import Finishing
from herald.jobs.batches.folder import Folder
from herald.jobs.batches.lines import Limits
from herald.jobs.batches.plan import Planner
from herald.jobs.batches.planning import begun
from herald.jobs.batches.ports import BatchPage, BatchTable, Machine, Objects, Pinned, Run, UploadForm
from herald.jobs.batches.record import Record
from herald.jobs.batches.request import BatchRequest, manifest_format
from herald.jobs.batches.states import BatchState
from herald.jobs.caller import Caller
from herald.jobs.content import fingerprint
from herald.jobs.ports import Clock
from herald.jobs.submit import House

_ON_ITS_WAY = frozenset({BatchState.PLANNING, BatchState.SPEAKING})
MOST_BYTES = Limits().total_bytes
"""Of a manifest."""
_ATTEMPTS = 3


class BatchDesk:
    """Takes batches for a tenant. What it has accepted is written down before it says so."""

    def __init__(  # noqa: PLR0913  each a thing of its own
        self,
        *,
        house: House,
        max_characters: int,
        table: BatchTable,
        objects: Objects,
        machine: Machine,
        finishing: Finishing,
        clock: Clock,
    ) -> None:
        self._house = house
        self._max_characters = max_characters
        self._table = table
        self._objects = objects
        self._machine = machine
        self._finishing = finishing
        self._clock = clock

    def submit(self, request: BatchRequest, *, caller: Caller, key: str | None = None) -> Record:
        """Accept a batch, or answer with the one that the tenant's Idempotency-Key `key` stands for.

        It starts at once if it brings its rows or tells where they are.
        """
        request = request.model_copy(update={"priority": caller.tier_for(request.priority)})
        self._planner(request, caller.tenant).check()
        batch = self._new(request, caller, key)
        there = self._table.add(batch)
        if there.fingerprint != batch.fingerprint:
            raise KeyReused("This Idempotency-Key was used for another request. Choose a new one.")
        if there.state is not BatchState.CREATED:
            return there
        # Also by whoever asks again, where this one dies in between.
        folder = Folder.of(self._objects, there)
        folder.put_order(request.order)
        if request.items is not None:
            folder.put_manifest(request.items)
        return self._started(there) if request.items is not None or request.place else there

    def start(self, batch_id: str, *, tenant: str) -> Record:
        """Start a batch whose manifest has been uploaded. Starting twice is the same as once."""
        batch = self.find(batch_id, tenant=tenant)
        return batch if batch.state in _ON_ITS_WAY else self._started(batch)

    def find(self, batch_id: str, *, tenant: str) -> Record:
        """Return a batch of the tenant; UnknownBatch for one that does not exist and for another tenant's alike.

        UnreadableRow for a batch of the tenant that cannot be read.
        """
        try:
            batch = self._table.get(batch_id)
        except UnreadableRow as error:
            if error.tenant == tenant:
                raise
            batch = None
        if batch is None or batch.tenant != tenant:
            raise UnknownBatch("There is no batch of that id.")
        return batch

    def list(self, *, tenant: str, limit: int, cursor: str | None) -> BatchPage:
        """The tenant's batches, newest first."""
        return self._table.page(tenant, limit=limit, cursor=cursor)

    def items(
        self, batch_id: str, *, tenant: str, limit: int, cursor: str | None, state: listing.ItemState | None
    ) -> listing.ItemPage:
        """The items of a batch and the rows that are none, as far as they have come."""
        batch = self.find(batch_id, tenant=tenant)
        return listing.page(Folder.of(self._objects, batch), batch, limit=limit, cursor=cursor, state=state)

    def cancel(self, batch_id: str, *, tenant: str) -> Record:
        """Cancel a batch; what is spoken stays. WrongBatchState for one that has ended otherwise."""
        self.find(batch_id, tenant=tenant)
        batch = self._changed(batch_id, _cancelled)
        # Nobody works on one that was never started.
        return batch if batch.begun_at or batch.told else self._finishing.tell(batch)

    def redrive(self, batch_id: str, *, tenant: str) -> Record:
        """Speak again what failed or was left; WrongBatchState where there is nothing of that kind."""
        batch = self.find(batch_id, tenant=tenant)
        again = batch.redriven(at=self._clock())
        run = Run(batch=batch.id, tenant=tenant, run=again.redrives)
        self._machine.start(run)
        return self._table.change(batch_id, lambda batch: begun(batch, run, self._clock))

    def upload_form(self, batch: Record, seconds: int) -> UploadForm | None:
        """Return the form that uploads the manifest of a batch; None once the batch has started."""
        if batch.state is not BatchState.CREATED or batch.place:
            return None
        folder = Folder.of(self._objects, batch)
        return folder.upload_form(seconds=seconds, most_bytes=MOST_BYTES, written=batch.manifest_format)

    def report_links(self, batch: Record, seconds: int) -> dict[str, str] | None:
        """Where the report is; None as long as there is none."""
        return Folder.of(self._objects, batch).report_links(seconds) if batch.has_report else None

    def _changed(self, batch_id: str, how: Callable[[Record, datetime], Record]) -> Record:
        return self._table.change(batch_id, lambda batch: how(batch, self._clock()))

    def _planner(self, request: BatchRequest, tenant: str) -> Planner:
        house = self._house
        return Planner(
            order=request.order,
            tenant=tenant,
            names=house.names,
            voices=house.voices,
            policy=house.policy,
            max_characters=self._max_characters,
        )

    def _new(self, request: BatchRequest, caller: Caller, key: str | None) -> Record:
        now = self._clock()
        return Record(
            id=id_for(caller.tenant, key) if key else new_id(now),
            tenant=caller.tenant,
            key=caller.key,
            characters_a_day=caller.characters_a_day,
            # The template may be too long for a row; the order's file has it.
            order=request.order.model_copy(update={"template": None}),
            fingerprint=fingerprint(request),
            place=request.place,
            manifest_format="jsonl" if request.items is not None else request.manifest_format,
            created_at=now,
            updated_at=now,
            expires_at=now + self._house.retention,
        )

    def _started(self, batch: Record) -> Record:
        """Begin the execution first: a batch that says it is being planned is."""
        batch.moved(BatchState.PLANNING, at=self._clock())  # WrongBatchState where it has ended
        pinned = self._pinned(batch)
        name = batch.place.key if batch.place else None
        written = batch.manifest_format or manifest_format(name, pinned.content_type)
        run = Run(batch=batch.id, tenant=batch.tenant, manifest=pinned, manifest_format=written)
        execution = self._machine.start(run)
        return self._table.change(batch.id, lambda batch: _planning(begun(batch, run, self._clock), execution))

    def _pinned(self, batch: Record) -> Pinned:
        place, folder = batch.place, Folder.of(self._objects, batch)
        if place:
            return _checked(self._objects.pin(place.key, place.bucket), "is at that address, or it may not be read")
        return folder.pin() or self._uploaded(folder)

    def _uploaded(self, folder: Folder) -> Pinned:
        """Return the upload, copied to where a later upload does not replace it."""
        for _ in range(_ATTEMPTS):
            uploaded = _checked(folder.uploaded(), "is uploaded yet: send it with the form in `upload` first")
            if kept := folder.keep_upload(uploaded):
                return kept
        raise Unavailable("The manifest is being uploaded again. Start the batch once its upload is complete.")


def _checked(pinned: Pinned | None, why_missing: str) -> Pinned:
    """Return a manifest of an allowed size; InvalidManifest otherwise."""
    if pinned is None:
        raise InvalidManifest(f"No manifest {why_missing}.", param="manifest", code="manifest_missing")
    if not pinned.bytes:
        raise InvalidManifest("The manifest is empty.", param="manifest", code="manifest_empty")
    if pinned.bytes > MOST_BYTES:
        why = f"The manifest is over {MOST_BYTES} bytes. Send it in parts."
        raise InvalidManifest(why, param="manifest", code="manifest_too_large")
    return pinned


def _planning(batch: Record, execution: str) -> Record:
    """A batch whose execution is known; one that is further already stays as it is."""
    return batch.model_copy(update={"execution": execution}) if batch.state is BatchState.PLANNING else batch


def _cancelled(batch: Record, at: datetime) -> Record:
    if batch.state is BatchState.CANCELLED:
        return batch
    if batch.ended:
        raise WrongBatchState(f"The batch is {batch.state.value}: it is too late to cancel it.")
    return batch.moved(BatchState.CANCELLED, at=at)
