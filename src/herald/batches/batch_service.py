"""The batch service: submit, start, find, list, cancel and redrive batches."""

from dataclasses import dataclass

from herald.auth.caller import Caller
from herald.batches.batch import Batch, BatchState, key_id, new_id
from herald.batches.batch_files import BatchFiles
from herald.batches.batch_ports import BatchPage, BatchTable, Machine, Objects, ObjectVersion, Run, UploadForm
from herald.batches.batch_request import BatchRequest, manifest_format
from herald.batches.finalizer import Finalizer
from herald.batches.item_results import ItemPage, page_of
from herald.batches.manifest_records import ManifestLimits
from herald.batches.planner import ItemPlanner
from herald.batches.report import ItemState
from herald.batches.run_planner import begun
from herald.clock import Clock
from herald.errors import (
    IdempotencyKeyReused,
    InvalidManifest,
    Unavailable,
    UnknownBatch,
    UnreadableRow,
    WrongBatchState,
)
from herald.jobs.job_service import ServiceConfig
from herald.jobs.lexicon_service import LexiconService
from herald.jobs.script import fingerprint

MOST_BYTES = ManifestLimits().total_bytes
"""Size limit of a manifest, in bytes."""
_ATTEMPTS = 3


@dataclass(kw_only=True)
class BatchService:
    """Batch operations on behalf of a tenant. A batch is persisted before it is acknowledged."""

    config: ServiceConfig
    max_characters: int
    table: BatchTable
    objects: Objects
    machine: Machine
    finalizer: Finalizer
    lexicons: LexiconService
    clock: Clock

    def submit(self, request: BatchRequest, *, caller: Caller, key: str | None = None) -> Batch:
        """Accept a batch and return it, or return the batch that already has the Idempotency-Key `key`.

        The batch starts at once if the request contains items or names a manifest in S3.

        Raise IdempotencyKeyReused if the key was used for a different request, and InvalidInput if voice, format and
        sample rate are not a valid combination.
        """
        if request.webhook_url is not None:
            self.config.webhooks.check(request.webhook_url)
        request = request.model_copy(update={"priority": caller.tier_for(request.priority)})
        lexicons = self.lexicons.chosen(caller.tenant, request.lexicons)
        ItemPlanner(
            order=request.order,
            tenant=caller.tenant,
            resolver=self.config.for_tenant(caller.tenant),
            max_characters=self.max_characters,
            lexicons=lexicons,
        ).check()
        now = self.clock()
        batch = Batch(
            id=new_id(now),
            tenant=caller.tenant,
            key=caller.key,
            characters_a_day=caller.characters_a_day,
            # A template may be too long for a table row; it is stored in the order's file.
            order=request.order.model_copy(update={"template": None}),
            fingerprint=fingerprint(request),
            lexicons=tuple(chosen.reference for chosen in lexicons),
            place=request.place,
            manifest_format="jsonl" if request.items is not None else request.manifest_format,
            created_at=now,
            updated_at=now,
            expires_at=now + self.config.retention,
        )
        if key:
            batch = batch.model_copy(update={"id": self.table.claim_key(key_id(caller.tenant, key), batch)})
        stored = self.table.add(batch)
        if stored.fingerprint != batch.fingerprint:
            raise IdempotencyKeyReused("This Idempotency-Key was used for another request. Choose a new one.")
        if stored.state is not BatchState.CREATED:
            return stored
        # A retry repeats these writes too, in case the first attempt died between them.
        folder = BatchFiles.of(self.objects, stored)
        folder.put_order(request.order)
        if request.items is not None:
            folder.put_manifest(request.items)
        return self._start(stored) if request.items is not None or request.place else stored

    def start(self, batch_id: str, *, tenant: str) -> Batch:
        """Start a batch with an uploaded manifest. Idempotent.

        Raise InvalidManifest if the manifest is missing, empty or too large, and WrongBatchState if the batch has
        ended.
        """
        batch = self.find(batch_id, tenant=tenant)
        if batch.state is BatchState.SPEAKING or not batch.published:
            # Its execution is in progress, unless an outage outlasted all attempts to finish the batch.
            self.machine.start(Run(batch=batch.id, tenant=tenant, run=batch.redrives))
            return batch
        return batch if batch.state is BatchState.PLANNING else self._start(batch)

    def find(self, batch_id: str, *, tenant: str) -> Batch:
        """Return a batch of the tenant.

        Raise UnknownBatch if it does not exist or belongs to another tenant, and UnreadableRow if it is unreadable.
        """
        try:
            batch = self.table.get(batch_id)
        except UnreadableRow as error:
            if error.tenant == tenant:
                raise
            batch = None
        if batch is None or batch.tenant != tenant:
            raise UnknownBatch("There is no batch with that id.")
        return batch

    def list(self, *, tenant: str, limit: int, cursor: str | None) -> BatchPage:
        """Return a page of the tenant's batches, newest first. Raise InvalidCursor for an invalid `cursor`."""
        return self.table.page(tenant, limit=limit, cursor=cursor)

    def items(self, batch_id: str, *, tenant: str, limit: int, cursor: str | None, state: ItemState | None) -> ItemPage:
        """Return a page of a batch's items with their current state, followed by its invalid rows."""
        batch = self.find(batch_id, tenant=tenant)
        return page_of(BatchFiles.of(self.objects, batch), batch, limit=limit, cursor=cursor, state=state)

    def cancel(self, batch_id: str, *, tenant: str) -> Batch:
        """Cancel a batch; finished files are kept. Raise WrongBatchState if it is done or failed."""
        self.find(batch_id, tenant=tenant)

        def cancelled(batch: Batch) -> Batch:
            if batch.state is BatchState.CANCELLED:
                return batch
            if batch.ended:
                raise WrongBatchState(f"The batch is {batch.state.value} and can no longer be cancelled.")
            return batch.moved(BatchState.CANCELLED, at=self.clock())

        batch = self.table.change(batch_id, cancelled)
        # The state machine publishes the end of a started batch; a batch that was never started has no execution.
        return batch if batch.begun_at or batch.published else self.finalizer.publish(batch)

    def redrive(self, batch_id: str, *, tenant: str) -> Batch:
        """Retry the failed and cancelled items. Raise WrongBatchState if the batch cannot be redriven."""
        batch = self.find(batch_id, tenant=tenant)
        run = Run(batch=batch.id, tenant=tenant, run=batch.redriven(at=self.clock()).redrives)
        self.machine.start(run)
        redriven = self.table.change(batch_id, lambda batch: begun(batch, run, self.clock))
        # An execution that an earlier request started may have failed just before the change.
        self.machine.start(run)
        return redriven

    def upload_form(self, batch: Batch, seconds: int) -> UploadForm | None:
        """Return the form to upload the manifest, valid for `seconds`.

        None once the batch has started, or if its manifest is in the caller's bucket.
        """
        if batch.state is not BatchState.CREATED or batch.place:
            return None
        folder = BatchFiles.of(self.objects, batch)
        return folder.upload_form(seconds=seconds, most_bytes=MOST_BYTES, written=batch.manifest_format)

    def report_links(self, batch: Batch, seconds: int) -> dict[str, str] | None:
        """Return links to the report that work for `seconds`, or None before the report is written."""
        return BatchFiles.of(self.objects, batch).report_links(seconds) if batch.has_report else None

    def _start(self, batch: Batch) -> Batch:
        """Start the execution, then record it, so that a batch in state PLANNING always has an execution."""
        batch.moved(BatchState.PLANNING, at=self.clock())  # raises WrongBatchState if the batch has ended
        place, folder = batch.place, BatchFiles.of(self.objects, batch)
        if place:
            found = self.objects.version_of(place.key, place.bucket)
            pinned = _check_manifest(found, "was found there, or Herald may not read it")
        else:
            pinned = folder.manifest_version() or _keep_upload(folder)
        written = batch.manifest_format or manifest_format(place.key if place else None, pinned.content_type)
        run = Run(batch=batch.id, tenant=batch.tenant, manifest=pinned, manifest_format=written)
        execution = self.machine.start(run)

        def planning(batch: Batch) -> Batch:
            started = begun(batch, run, self.clock)
            is_planning = started.state is BatchState.PLANNING  # else, it is past planning
            return started.model_copy(update={"execution": execution}) if is_planning else started

        return self.table.change(batch.id, planning)


def _keep_upload(folder: BatchFiles) -> ObjectVersion:
    """Copy the upload, so that a later upload cannot replace it, and return the copy."""
    for _ in range(_ATTEMPTS):
        uploaded = _check_manifest(folder.uploaded(), "has been uploaded: send it with the form in `upload` first")
        if kept := folder.keep_upload(uploaded):
            return kept
    raise Unavailable("The manifest is being uploaded again. Start the batch once its upload is complete.")


def _check_manifest(pinned: ObjectVersion | None, why_missing: str) -> ObjectVersion:
    """Return the manifest; raise InvalidManifest if it is missing, empty or too large."""
    if pinned is None:
        raise InvalidManifest(f"No manifest {why_missing}.", param="manifest", code="manifest_missing")
    if not pinned.bytes:
        raise InvalidManifest("The manifest is empty.", param="manifest", code="manifest_empty")
    if pinned.bytes > MOST_BYTES:
        message = f"The manifest is over {MOST_BYTES} bytes. Split it into several batches."
        raise InvalidManifest(message, param="manifest", code="manifest_too_large")
    return pinned
