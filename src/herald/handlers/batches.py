"""The paths of the API that take batches and tell about them."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field

from herald.errors import UnknownBatch
from herald.handlers.batch_parts import BatchParts
from herald.handlers.http import HttpFunction, body_of, headers_of, tenant_of
from herald.handlers.jobs import LINK_SECONDS, time_of
from herald.handlers.parts import Parts
from herald.jobs.batches.batch import is_id
from herald.jobs.batches.desk import BatchDesk
from herald.jobs.batches.listing import ItemState, ItemView
from herald.jobs.batches.record import Record
from herald.jobs.batches.request import parse_batch_request
from herald.jobs.batches.sla import Sla
from herald.jobs.body import validated
from herald.jobs.request import idempotency_key

UPLOAD_SECONDS = 3_600
"""How long an upload may begin after the batch was asked for."""


class BatchListQuery(BaseModel):
    """The query of GET /v1/batches."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=512)


class ItemListQuery(BaseModel):
    """The query of GET /v1/batches/{id}/items."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=100, ge=1, le=1_000)
    cursor: str | None = Field(default=None, max_length=64)
    state: ItemState | None = None


class BatchPaths:
    """The paths under /v1/batches, for a function that has an HTTP API."""

    def __init__(self, function: HttpFunction, parts: Parts) -> None:
        self._app = function.app
        self._parts = parts
        self._app.post("/v1/batches")(self._submit)
        self._app.get("/v1/batches")(self._list)
        self._app.get("/v1/batches/<batch_id>")(self._get)
        self._app.delete("/v1/batches/<batch_id>")(self._cancel)
        self._app.get("/v1/batches/<batch_id>/items")(self._items)
        self._app.post("/v1/batches/<batch_id>/start")(self._start)
        self._app.post("/v1/batches/<batch_id>/redrive")(self._redrive)

    @cached_property
    def _desk(self) -> BatchDesk:
        return BatchParts(self._parts).desk

    @property
    def _tenant(self) -> str:
        return tenant_of(self._app.current_event)

    def _submit(self) -> Response[Any]:
        event, settings = self._app.current_event, self._parts.settings
        headers, now = headers_of(event), self._parts.clock()
        request = parse_batch_request(
            body_of(event),
            headers,
            now=now,
            buckets=settings.manifests_from,
            max_characters=settings.max_job_characters,
        )
        batch = self._desk.submit(request, tenant=self._tenant, key=idempotency_key(headers))
        url = self._desk.upload_link(batch, UPLOAD_SECONDS)
        until = now + timedelta(seconds=UPLOAD_SECONDS) if url else None
        return self._accepted(batch, upload_url=url, upload_expires_at=time_of(until))

    def _list(self) -> dict[str, Any]:
        query = validated(BatchListQuery, dict(self._app.current_event.query_string_parameters))
        page = self._desk.list(tenant=self._tenant, limit=query.limit, cursor=query.cursor)
        return _page([self._described(batch) for batch in page.batches], page.cursor)

    def _get(self, batch_id: str) -> dict[str, Any]:
        return self._described(self._desk.find(_checked(batch_id), tenant=self._tenant))

    def _cancel(self, batch_id: str) -> dict[str, Any]:
        return self._described(self._desk.cancel(_checked(batch_id), tenant=self._tenant))

    def _start(self, batch_id: str) -> Response[Any]:
        return self._accepted(self._desk.start(_checked(batch_id), tenant=self._tenant))

    def _redrive(self, batch_id: str) -> Response[Any]:
        return self._accepted(self._desk.redrive(_checked(batch_id), tenant=self._tenant))

    def _items(self, batch_id: str) -> dict[str, Any]:
        query = validated(ItemListQuery, dict(self._app.current_event.query_string_parameters))
        page = self._desk.items(_checked(batch_id), tenant=self._tenant, **query.model_dump())
        return _page([self._item(item) for item in page.items], page.cursor)

    def _item(self, item: ItemView) -> dict[str, Any]:
        return {
            "line": item.line,
            "id": item.id,
            "state": item.state,
            "audio_url": self._link(item.key, item.id or str(item.line)) if item.key else None,
            "seconds": item.seconds,
            "price": float(item.price) if item.price is not None else None,
            "error": item.error.model_dump() if item.error else None,
        }

    def _link(self, key: str, name: str) -> str:
        """Named for the row: "p00017.mp3"."""
        return self._parts.audio.link(key, file_name=f"{name}.{key.rpartition('.')[2]}", seconds=LINK_SECONDS)

    def _accepted(self, batch: Record, **more: Any) -> Response[Any]:  # noqa: ANN401  whatever JSON holds
        return Response(
            status_code=202,
            content_type="application/json",
            body=self._described(batch) | more,
            headers={"Location": f"/v1/batches/{batch.id}"},
        )

    def _described(self, batch: Record) -> dict[str, Any]:
        return describe_batch(batch, self._parts.clock(), self._desk.report_links(batch, LINK_SECONDS))


def _checked(batch_id: str) -> str:
    if not is_id(batch_id):
        raise UnknownBatch("There is no batch of that id.")
    return batch_id


def _page(data: list[dict[str, Any]], cursor: str | None) -> dict[str, Any]:
    return {"object": "list", "data": data, "has_more": cursor is not None, "next_cursor": cursor}


def describe_batch(batch: Record, now: datetime, report: dict[str, str] | None) -> dict[str, Any]:
    """A batch as the API shows it: always the same fields, null where there is nothing yet."""
    order = batch.order
    return {
        "id": batch.id,
        "object": "batch",
        "name": order.name,
        "state": batch.state.value,
        "voice": order.voice,
        "response_format": order.response_format,
        "use_case": order.use_case,
        "retention": order.retention,
        "priority": order.priority,
        "metadata": order.metadata,
        "deadline": time_of(order.deadline),
        "tolerated_failure_percent": order.tolerated_failure_percent,
        "counts": batch.counts.model_dump(),
        "progress": round(batch.progress, 4),
        "expected_end": time_of(batch.expected_end(now)),
        "sla": Sla.of(batch, now).model_dump(),
        "audio_seconds": round(batch.audio_seconds, 3),
        "sentences": {"spoken": batch.sentences_spoken, "reused": batch.sentences_reused},
        "price": float(batch.price),
        "price_per_file": float(batch.price / batch.counts.done) if batch.counts.done else None,
        "created_at": time_of(batch.created_at),
        "begun_at": time_of(batch.begun_at),
        "ended_at": time_of(batch.ended_at),
        "expires_at": time_of(batch.expires_at),
        "report": report,
        "redrives": batch.redrives,
        "error": batch.error.model_dump() if batch.error else None,
    }
