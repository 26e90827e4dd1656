"""The routes under /v1/batches."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field

from herald.batches.batch import is_id
from herald.batches.batch_ports import UploadForm
from herald.batches.batch_record import Record
from herald.batches.batch_request import parse_batch_request
from herald.batches.batch_service import MOST_BYTES, BatchService
from herald.batches.item_listing import ItemState, ItemView
from herald.batches.sla import Sla
from herald.errors import UnknownBatch
from herald.jobs.body import validated
from herald.jobs.job_request import idempotency_key
from herald.runtime.batch_container import BatchDependencies
from herald.runtime.container import Dependencies
from herald.web import batch_schemas as shapes
from herald.web.etags import conditional
from herald.web.http import HttpFunction, body_of, headers_of
from herald.web.request_limits import expect_nothing
from herald.web.schemas import Failure

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


class BatchPaths:
    """Adds the routes under /v1/batches to a function."""

    def __init__(self, function: HttpFunction, parts: Dependencies) -> None:
        self._app = function.app
        self._function = function
        self._parts = parts
        self._app.post("/v1/batches")(self._submit)
        self._app.get("/v1/batches")(self._list)
        self._app.get("/v1/batches/<batch_id>")(self._get)
        self._app.delete("/v1/batches/<batch_id>")(self._cancel)
        self._app.get("/v1/batches/<batch_id>/items")(self._items)
        self._app.post("/v1/batches/<batch_id>/start")(self._start)
        self._app.post("/v1/batches/<batch_id>/redrive")(self._redrive)

    @cached_property
    def _desk(self) -> BatchService:
        return BatchDependencies(self._parts).desk

    @property
    def _tenant(self) -> str:
        return self._function.caller.tenant

    def _submit(self) -> Response[Any]:
        event, settings = self._app.current_event, self._parts.settings
        headers, now = headers_of(event), self._parts.clock()
        request = parse_batch_request(
            body_of(event),
            headers,
            tenant=self._tenant,
            now=now,
            buckets=settings.manifests_from,
            max_characters=settings.max_job_characters,
        )
        batch = self._desk.submit(request, caller=self._function.caller, key=idempotency_key(headers))
        self._function.about(batch=batch.id)
        form = self._desk.upload_form(batch, UPLOAD_SECONDS)
        return self._accepted(batch, upload=form and _upload(form, now))

    def _list(self) -> Response[Any]:
        query = validated(BatchListQuery, dict(self._app.current_event.query_string_parameters))
        page = self._desk.list(tenant=self._tenant, limit=query.limit, cursor=query.cursor)
        return self._read(_page([self._described(batch) for batch in page.batches], page.cursor))

    def _get(self, batch_id: str) -> Response[Any]:
        return self._read(self._described(self._desk.find(self._checked(batch_id), tenant=self._tenant)))

    def _cancel(self, batch_id: str) -> dict[str, Any]:
        return self._described(self._desk.cancel(self._checked(batch_id), tenant=self._tenant))

    def _start(self, batch_id: str) -> Response[Any]:
        self._expect_nothing()
        return self._accepted(self._desk.start(self._checked(batch_id), tenant=self._tenant))

    def _redrive(self, batch_id: str) -> Response[Any]:
        self._expect_nothing()
        return self._accepted(self._desk.redrive(self._checked(batch_id), tenant=self._tenant))

    def _items(self, batch_id: str) -> Response[Any]:
        query = validated(ItemListQuery, dict(self._app.current_event.query_string_parameters))
        page = self._desk.items(self._checked(batch_id), tenant=self._tenant, **query.model_dump())
        return self._read(_page([self._item(item) for item in page.items], page.cursor))

    def _read(self, shown: dict[str, Any]) -> Response[Any]:
        headers, parts = headers_of(self._app.current_event), self._parts
        return conditional(shown, headers, now=parts.clock(), link_seconds=parts.settings.link_seconds)

    def _expect_nothing(self) -> None:
        expect_nothing(body_of(self._app.current_event), headers_of(self._app.current_event))

    def _item(self, item: ItemView) -> dict[str, Any]:
        shown = shapes.Item(
            line=item.line,
            id=item.id,
            state=item.state,
            audio_url=self._link(item.key, item.id or str(item.line)) if item.key else None,
            seconds=item.seconds,
            price=float(item.price) if item.price is not None else None,
            error=Failure.of(item.error),
        )
        return shown.model_dump(mode="json")

    def _link(self, key: str, name: str) -> str:
        """Return a link that downloads a file under the name of its row, such as "p00017.mp3"."""
        seconds = self._parts.settings.link_seconds
        return self._parts.links.link(key, file_name=f"{name}.{key.rpartition('.')[2]}", seconds=seconds)

    def _accepted(self, batch: Record, **more: Any) -> Response[Any]:  # noqa: ANN401  whatever JSON holds
        return Response(
            status_code=202,
            content_type="application/json",
            body=self._described(batch) | more,
            headers={"Location": f"/v1/batches/{batch.id}"},
        )

    def _described(self, batch: Record) -> dict[str, Any]:
        links = self._desk.report_links(batch, self._parts.settings.link_seconds)
        return describe_batch(batch, self._parts.clock(), links)

    def _checked(self, batch_id: str) -> str:
        if not is_id(batch_id):
            raise UnknownBatch("There is no batch with that id.")
        self._function.about(batch=batch_id)
        return batch_id


def _upload(form: UploadForm, now: datetime) -> dict[str, Any]:
    shown = shapes.Upload(
        url=form.url,
        fields=form.fields,
        max_bytes=MOST_BYTES,
        expires_at=now + timedelta(seconds=UPLOAD_SECONDS),
    )
    return shown.model_dump(mode="json")


def _page(data: list[dict[str, Any]], cursor: str | None) -> dict[str, Any]:
    return {"object": "list", "data": data, "has_more": cursor is not None, "next_cursor": cursor}


def describe_batch(batch: Record, now: datetime, report: dict[str, str] | None) -> dict[str, Any]:
    """Return a batch as the API presents it. All fields are always present; those without a value yet are null."""
    return _shown(batch, now, report).model_dump(mode="json")


def _shown(batch: Record, now: datetime, report: dict[str, str] | None) -> shapes.Batch:
    order, done = batch.order, batch.counts.done
    sla = Sla.of(batch, now)
    return shapes.Batch(
        id=batch.id,
        name=order.name,
        state=batch.state,
        voice=order.voice,
        response_format=order.response_format,
        use_case=order.use_case,
        retention=order.retention,
        priority=order.priority or "standard",
        metadata=order.metadata,
        deadline=order.deadline,
        tolerated_failure_percent=order.tolerated_failure_percent,
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
