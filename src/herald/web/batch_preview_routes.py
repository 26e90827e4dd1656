"""POST /v1/batches/preview, loaded with its first request: it needs the readers of manifests and the planner."""

from typing import Any

from herald.batches.batch_preview import MOST_SHOWN, BatchPreview, Previewer, parse_preview_request
from herald.batches.manifest_form import ENCODINGS
from herald.runtime.container import Dependencies
from herald.web import batch_schemas as shapes
from herald.web.exchange import Exchange, Reply
from herald.web.schemas import Failure


def preview(exchange: Exchange, parts: Dependencies) -> Reply:
    """Check a sample of a manifest without storing anything."""
    most = parts.settings.max_job_characters
    request = parse_preview_request(exchange.body, exchange.request.headers, max_characters=most)
    previewer = Previewer(
        resolver=parts.service_config.for_tenant(exchange.caller.tenant),
        max_characters=most,
        max_concurrency=parts.settings.batch_concurrency,
        prices=parts.prices,
    )
    lexicons = parts.lexicons.chosen(exchange.caller.tenant, request.lexicons)
    shown = previewer.preview(request, tenant=exchange.caller.tenant, lexicons=lexicons)
    exchange.log("previewed", rows=shown.rows, row_errors=shown.row_errors)
    return Reply(body=describe_preview(shown))


def describe_preview(shown: BatchPreview) -> dict[str, Any]:
    """Present a preview."""
    form, expected = shown.form, shown.forecast
    fields = {at: name for name, at in form.used.items()}
    estimate = expected and shapes.PreviewEstimate(
        rows=expected.rows,
        characters=expected.characters,
        audio_seconds=round(expected.audio_seconds, 1),
        price=float(expected.price),
        price_per_file=float(expected.price / expected.rows),
        seconds=round(expected.seconds, 1),
    )
    return shapes.BatchPreview(
        format=form.format,
        encoding=ENCODINGS[form.encoding],
        separator=form.separator if form.format == "csv" else None,
        columns=[shapes.PreviewColumn(name=name, field=fields.get(at)) for at, name in enumerate(form.columns)],
        remarks=shown.remarks,
        rows=shown.rows,
        row_errors=shown.row_errors,
        errors=[
            shapes.PreviewError(code=row.code, message=row.message, line=row.line, id=row.id) for row in shown.errors
        ],
        examples=[
            shapes.PreviewExample(
                line=example.item.line,
                id=example.item.id,
                text=example.item.text[:MOST_SHOWN],
                spoken=example.spoken,
                voice=example.item.voice,
                response_format=example.item.response_format,
                characters=example.item.characters,
            )
            for example in shown.examples
        ],
        estimate=estimate,
        error=Failure.of(shown.error),
    ).model_dump(mode="json")
