"""The routes under /v1/batches."""

from datetime import datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from herald.batches.batch import Batch, is_id
from herald.batches.batch_events import Sla
from herald.batches.batch_request import parse_batch_request
from herald.batches.report import ItemState, ReportLine
from herald.errors import UnknownBatch
from herald.jobs.job_request import idempotency_key
from herald.jobs.webhook_message import webhook_id
from herald.runtime.batch_runtime import BatchDependencies
from herald.runtime.container import Dependencies
from herald.web import batch_schemas as shapes
from herald.web.dialect import Endpoint
from herald.web.exchange import Exchange, Reply
from herald.web.http_rules import require_no_fields
from herald.web.schemas import Failure, Webhook

if TYPE_CHECKING:
    from herald.batches.batch_service import BatchService

UPLOAD_SECONDS = 3_600
"""How long after the batch was created an upload may begin."""


class BatchListQuery(BaseModel):
    """The query of GET /v1/batches."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=512, description="`next_cursor` of the previous page.")


class ItemListQuery(BaseModel):
    """The query of GET /v1/batches/{id}/items."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=100, ge=1, le=1_000)
    cursor: str | None = Field(default=None, max_length=64, description="`next_cursor` of the previous page.")
    state: ItemState | None = None


class BatchRoutes:
    """The endpoints under /v1/batches."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self.endpoints: dict[str, Endpoint] = {
            "POST /v1/batches": self.submit,
            "POST /v1/batches/preview": self.preview,
            "GET /v1/batches": self.list_batches,
            "GET /v1/batches/{id}": self.get,
            "DELETE /v1/batches/{id}": self.cancel,
            "GET /v1/batches/{id}/items": self.items,
            "POST /v1/batches/{id}/start": self.start,
            "POST /v1/batches/{id}/redrive": self.redrive,
        }

    @cached_property
    def _batches(self) -> "BatchService":
        return BatchDependencies(self._parts).batch_service

    def submit(self, exchange: Exchange) -> Reply:
        """Accept a batch."""
        settings, headers, now = self._parts.settings, exchange.request.headers, self._parts.clock()
        request = parse_batch_request(
            exchange.body,
            headers,
            tenant=exchange.caller.tenant,
            now=now,
            buckets=settings.manifests_from,
            max_characters=settings.max_job_characters,
        )
        batch = self._batches.submit(request, caller=exchange.caller, key=idempotency_key(headers))
        exchange.about(batch=batch.id)
        form = self._batches.upload_form(batch, UPLOAD_SECONDS)
        expires_at = now + timedelta(seconds=UPLOAD_SECONDS)
        upload = form and shapes.Upload(
            url=form.url, fields=form.fields, max_bytes=form.most_bytes, expires_at=expires_at
        )
        return self._accepted(batch, upload=upload and upload.model_dump(mode="json"))

    def preview(self, exchange: Exchange) -> Reply:
        """Check a sample of a manifest without storing anything."""
        from herald.web.batch_preview_routes import preview  # noqa: PLC0415  the readers of manifests

        return preview(exchange, self._parts)

    def list_batches(self, exchange: Exchange) -> Reply:
        """Return a page of the tenant's batches."""
        query = exchange.query(BatchListQuery)
        page = self._batches.list(tenant=exchange.caller.tenant, limit=query.limit, cursor=query.cursor)
        return self._page(exchange, [self._described(batch) for batch in page.batches], page.cursor)

    def get(self, exchange: Exchange) -> Reply:
        """Return a batch."""
        batch = self._batches.find(batch_id_of(exchange), tenant=exchange.caller.tenant)
        return exchange.conditional(self._described(batch), self._parts)

    def cancel(self, exchange: Exchange) -> Reply:
        """Cancel a batch."""
        return Reply(body=self._described(self._batches.cancel(batch_id_of(exchange), tenant=exchange.caller.tenant)))

    def start(self, exchange: Exchange) -> Reply:
        """Start a batch whose manifest was uploaded."""
        require_no_fields(exchange.body, exchange.request.headers)
        return self._accepted(self._batches.start(batch_id_of(exchange), tenant=exchange.caller.tenant))

    def redrive(self, exchange: Exchange) -> Reply:
        """Process the failed items of a batch again."""
        require_no_fields(exchange.body, exchange.request.headers)
        return self._accepted(self._batches.redrive(batch_id_of(exchange), tenant=exchange.caller.tenant))

    def items(self, exchange: Exchange) -> Reply:
        """Return a page of the rows of a batch."""
        query = exchange.query(ItemListQuery)
        page = self._batches.items(batch_id_of(exchange), tenant=exchange.caller.tenant, **query.model_dump())
        return self._page(exchange, [describe_item(item, self._parts) for item in page.items], page.cursor)

    def _page(self, exchange: Exchange, data: list[dict[str, Any]], cursor: str | None) -> Reply:
        shown = {"object": "list", "data": data, "has_more": cursor is not None, "next_cursor": cursor}
        return exchange.conditional(shown, self._parts)

    def _accepted(self, batch: Batch, **more: object) -> Reply:
        headers = {"Location": f"/v1/batches/{batch.id}"}
        return Reply(status=HTTPStatus.ACCEPTED, body=self._described(batch) | more, headers=headers)

    def _described(self, batch: Batch) -> dict[str, Any]:
        links = self._batches.report_links(batch, self._parts.settings.link_seconds)
        return describe_batch(batch, self._parts.clock(), links)


def batch_id_of(exchange: Exchange) -> str:
    """Return the id of a batch in the path; raise UnknownBatch if it is malformed."""
    if not is_id(exchange.id):
        raise UnknownBatch("There is no batch with that id.")
    exchange.about(batch=exchange.id)
    return exchange.id


def describe_item(item: ReportLine, parts: Dependencies) -> dict[str, Any]:
    """Return a row of a manifest as the API presents it. Its link downloads "p00017.mp3", say, or an archive."""
    link = archive = None
    if item.key and item.member:
        archive = parts.links.link(
            item.key,
            file_name=item.key.rpartition("/")[2],
            seconds=parts.settings.link_seconds,
            disposition="attachment",
        )
    elif item.key:
        name = f"{item.id or item.line}.{item.key.rpartition('.')[2]}"
        link = parts.links.link(item.key, file_name=name, seconds=parts.settings.link_seconds)
    shown = shapes.Item(
        line=item.line,
        id=item.id,
        state=item.state,
        audio_url=link,
        archive_url=archive,
        member=item.member,
        seconds=item.seconds,
        price=item.price_usd,
        error=Failure(code=item.code, message=item.message or "") if item.code else None,
    )
    return shown.model_dump(mode="json")


def describe_batch(batch: Batch, now: datetime, report: dict[str, str] | None) -> dict[str, Any]:
    """Return a batch as the API presents it. All fields are always present; those without a value yet are null."""
    order, done = batch.order, batch.counts.done
    sla = Sla.of(batch, now)
    shown = shapes.Batch(
        id=batch.id,
        name=order.name,
        state=batch.state,
        voice=order.voice,
        response_format=order.response_format,
        use_case=order.use_case,
        retention=order.retention,
        delivery=order.delivery,
        priority=order.priority or "standard",
        metadata=order.metadata,
        webhook_url=order.webhook_url,
        webhook=Webhook.of(order.webhook_url, batch.webhook, webhook_id(batch.id, batch.redrives)),
        deadline=order.deadline,
        tolerated_failure_percent=order.tolerated_failure_percent,
        remarks=[*batch.remarks],
        counts=shapes.Counts(**batch.counts.model_dump()),
        progress=round(batch.progress, 4),
        expected_end=batch.expected_end(now),
        sla=shapes.Sla(verdict=sla.verdict, reason=sla.reason),
        audio_seconds=round(batch.audio_seconds, 3),
        sentences=shapes.Sentences(spoken=batch.sentences_spoken, reused=batch.sentences_reused),
        price=float(batch.price),
        price_per_file=float(batch.price / done) if done else None,
        created_at=batch.created_at,
        begun_at=batch.begun_at,
        ended_at=batch.ended_at,
        expires_at=batch.expires_at,
        report=shapes.Report(**report) if report else None,
        redrives=batch.redrives,
        error=Failure.of(batch.error),
    )
    return shown.model_dump(mode="json")
