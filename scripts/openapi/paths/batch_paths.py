"""The operations of web/batch_routes.py."""

from http import HTTPStatus

from herald.batches.batch_preview import PreviewRequest
from herald.batches.batch_request import BatchRequest
from herald.web.batch_routes import BatchListQuery, ItemListQuery
from herald.web.batch_schemas import Batch, BatchPreview
from scripts.openapi.examples import BAD_ITEM, BATCH, ITEM, NEW_BATCH, PREVIEW, page
from scripts.openapi.models import BatchList, ItemList, NewBatch
from scripts.openapi.operation import BODY, NO_BODY, QUERY, UNCHANGED, VOICE, Answer, Body, Operation

_STATE = ("unreadable_row", "wrong_batch_state")
_MANIFEST = ("manifest_missing", "manifest_empty", "manifest_too_large", "invalid_manifest")
_UPLOAD = {
    "name": "Reminders",
    "template": "Hello {first_name}, see you on {day}.",
    "deadline": "2099-01-31T12:00:00+01:00",
}
_ITEMS = {
    "name": "Reminders",
    "template": "Hello {first_name}.",
    "items": [{"id": "p1", "first_name": "Ada"}, {"id": "p2", "first_name": "Abe"}],
}
_S3 = {
    "name": "Reminders",
    "template": "Hello {first_name}.",
    "manifest": "s3://my-lists/acme/people.csv",
    "use_case": "reminder",
}
_BEGINNING = {
    "template": "Hello {first_name}, see you on {day}.",
    "sample": "id;First Name;Day;Notes\np1;Ada;3/14;vip\np2;Abe;3/15;\n",
    "is_beginning": True,
    "rows": 5000,
}
_CURRENT = Answer(description="The current batch", model=Batch, example=BATCH)
_RUNNING = Answer(
    status=HTTPStatus.ACCEPTED, description="The current batch", model=Batch, headers=("Location",), example=BATCH
)

BATCHES = (
    Operation(
        method="POST",
        path="/v1/batches",
        id="createBatch",
        tag="Batches",
        scope="batches",
        summary="Synthesize a list of messages, each into one file",
        description=(
            "A batch with items or a manifest in S3 starts at once. "
            "Otherwise the response contains a form that uploads the manifest; start the batch after the upload."
        ),
        parameters=("IdempotencyKey",),
        body=Body(model=BatchRequest, examples={"upload": _UPLOAD, "items": _ITEMS, "s3": _S3}),
        answers=(
            Answer(
                status=HTTPStatus.ACCEPTED,
                description="The batch, stored durably",
                model=NewBatch,
                headers=("Location",),
                example=NEW_BATCH,
            ),
        ),
        codes=(
            *BODY,
            *VOICE,
            *_MANIFEST,
            "bucket_not_allowed",
            "prefix_not_allowed",
            "deadline_passed",
            "invalid_webhook_url",
            "webhook_host_not_allowed",
            "invalid_template",
            "invalid_text",
            "nothing_to_speak",
            "ssml_not_supported",
            "invalid_ssml",
            "text_too_long",
            "invalid_idempotency_key",
            "idempotency_key_reused",
            "unreadable_row",
            "priority_not_allowed",
            "quota_exceeded",
            "wrong_batch_state",
            "unavailable",
        ),
    ),
    Operation(
        method="POST",
        path="/v1/batches/preview",
        id="previewBatch",
        tag="Batches",
        scope="batches",
        summary="Check a list before sending it",
        description=(
            "Reads the manifest, or its beginning, as a batch would: the columns, the first rows as they will be said, "
            "every invalid row, the price and the time. It stores nothing, and is free of charge. A fault of the whole "
            "manifest, such as a missing column, is the field `error` of the response."
        ),
        body=Body(model=PreviewRequest, examples={"beginning": _BEGINNING, "items": _ITEMS}),
        answers=(Answer(description="The preview", model=BatchPreview, example=PREVIEW),),
        codes=(
            *BODY,
            *VOICE,
            "invalid_template",
            "invalid_text",
            "nothing_to_speak",
            "ssml_not_supported",
            "text_too_long",
            "unreadable_row",
            "unavailable",
        ),
    ),
    Operation(
        method="GET",
        path="/v1/batches",
        id="listBatches",
        tag="Batches",
        scope="batches",
        summary="List batches, newest first",
        parameters=("IfNoneMatch",),
        query=BatchListQuery,
        answers=(
            Answer(description="One page", model=BatchList, headers=("ETag",), example=page(BATCH)),
            UNCHANGED,
        ),
        codes=(*QUERY, "invalid_cursor", "unavailable"),
    ),
    Operation(
        method="GET",
        path="/v1/batches/{id}",
        id="getBatch",
        tag="Batches",
        scope="batches",
        summary="Get a batch",
        parameters=("BatchId", "IfNoneMatch"),
        answers=(
            Answer(description="The current batch", model=Batch, headers=("ETag",), example=BATCH),
            UNCHANGED,
        ),
        codes=("not_found", "unreadable_row", "unavailable"),
    ),
    Operation(
        method="DELETE",
        path="/v1/batches/{id}",
        id="cancelBatch",
        tag="Batches",
        scope="batches",
        summary="Cancel a batch; finished items are kept",
        description="Idempotent. Responds with wrong_batch_state if the batch has ended in another state.",
        parameters=("BatchId",),
        answers=(_CURRENT,),
        codes=("not_found", *_STATE, "unavailable"),
    ),
    Operation(
        method="GET",
        path="/v1/batches/{id}/items",
        id="listItems",
        tag="Batches",
        scope="batches",
        summary="List the rows of a batch with their results",
        description=(
            "In the order of the manifest, followed by invalid rows. "
            "With a filter that few rows match, a page may be short or empty and still have a cursor."
        ),
        parameters=("BatchId", "IfNoneMatch"),
        query=ItemListQuery,
        answers=(
            Answer(
                description="One page", model=ItemList, headers=("ETag",), example=page(ITEM, BAD_ITEM, cursor="i0.2")
            ),
            UNCHANGED,
        ),
        codes=(*QUERY, "not_found", "unreadable_row", "invalid_cursor", "unavailable"),
    ),
    Operation(
        method="POST",
        path="/v1/batches/{id}/start",
        id="startBatch",
        tag="Batches",
        scope="batches",
        summary="Start a batch whose manifest has been uploaded",
        description="Idempotent. Responds with manifest_missing if nothing was uploaded. Also finishes a batch that an "
        "outage left without its end.",
        parameters=("BatchId",),
        answers=(_RUNNING,),
        codes=(*NO_BODY, *_MANIFEST, *VOICE, "not_found", *_STATE, "quota_exceeded", "unavailable"),
    ),
    Operation(
        method="POST",
        path="/v1/batches/{id}/redrive",
        id="redriveBatch",
        tag="Batches",
        scope="batches",
        summary="Retry the failed and unprocessed items of a batch",
        description="Restarts the same batch. Responds with wrong_batch_state if nothing failed.",
        parameters=("BatchId",),
        answers=(_RUNNING,),
        codes=(*NO_BODY, "not_found", *_STATE, "quota_exceeded", "unavailable"),
    ),
)
