"""What handlers/batches.py answers."""

from http import HTTPStatus

from herald.handlers.batches import BatchListQuery, ItemListQuery
from herald.handlers.openapi.examples import BAD_ITEM, BATCH, ITEM, NEW_BATCH, page
from herald.handlers.openapi.operation import BODY, NO_BODY, QUERY, UNCHANGED, VOICE, Answer, Body, Operation
from herald.handlers.shapes.batches import Batch, BatchList, ItemList, NewBatch
from herald.jobs.batches.request import BatchRequest

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
_NOW = Answer(description="The batch as it is now", model=Batch, example=BATCH)
_GOES_ON = Answer(
    status=HTTPStatus.ACCEPTED, description="The batch as it is now", model=Batch, headers=("Location",), example=BATCH
)

BATCHES = (
    Operation(
        method="POST",
        path="/v1/batches",
        id="createBatch",
        tag="Batches",
        scope="batches",
        summary="Have a list of messages spoken, each into a file",
        description=(
            "With items or a manifest in S3 it starts at once. "
            "Without, the answer has a form that uploads the manifest; start the batch then."
        ),
        parameters=("IdempotencyKey",),
        body=Body(model=BatchRequest, examples={"upload": _UPLOAD, "items": _ITEMS, "s3": _S3}),
        answers=(
            Answer(
                status=HTTPStatus.ACCEPTED,
                description="The batch; it is written down",
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
            "invalid_template",
            "invalid_text",
            "nothing_to_speak",
            "ssml_not_supported",
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
        summary="Tell how a batch stands",
        parameters=("BatchId", "IfNoneMatch"),
        answers=(
            Answer(description="The batch as it is now", model=Batch, headers=("ETag",), example=BATCH),
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
        summary="Cancel a batch; what is spoken stays",
        description="Cancelling twice is the same as once. A batch that has ended otherwise answers wrong_batch_state.",
        parameters=("BatchId",),
        answers=(_NOW,),
        codes=("not_found", *_STATE, "unavailable"),
    ),
    Operation(
        method="GET",
        path="/v1/batches/{id}/items",
        id="listItems",
        tag="Batches",
        scope="batches",
        summary="List the rows of a batch, with what became of each",
        description=(
            "In the order of the manifest, the rows that cannot be spoken last. "
            "A filter that few rows pass can give a short page, or an empty one, with a cursor."
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
        description="Starting twice is the same as once. Without an upload it answers manifest_missing.",
        parameters=("BatchId",),
        answers=(_GOES_ON,),
        codes=(*NO_BODY, *_MANIFEST, *VOICE, "not_found", *_STATE, "quota_exceeded", "unavailable"),
    ),
    Operation(
        method="POST",
        path="/v1/batches/{id}/redrive",
        id="redriveBatch",
        tag="Batches",
        scope="batches",
        summary="Speak again what failed or was left",
        description="The same batch, which speaks once more. Where nothing failed it answers wrong_batch_state.",
        parameters=("BatchId",),
        answers=(_GOES_ON,),
        codes=(*NO_BODY, "not_found", *_STATE, "quota_exceeded", "unavailable"),
    ),
)
