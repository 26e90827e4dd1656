"""Record the AWS calls of a process as JSON lines, for tests/iam to evaluate against the caller's role.

Calls are recorded only if HERALD_RECORD_CALLS names a file. Functions execute this file by itself with their own boto3,
so it must not import the project. Lines contain only what IAM evaluates, and no customer data.
"""

import json
import os
from typing import Any

type Json = dict[str, Any]

VARIABLE = "HERALD_RECORD_CALLS"
KEPT = frozenset({
    "Bucket", "CopySource", "EndpointName", "FunctionName", "IndexName", "Key", "KeyConditionExpression",
    "MetadataDirective", "Prefix", "QueueUrl", "RequestItems", "SecretId", "TableName", "Tagging", "TaggingDirective",
    "TopicArn", "TransactItems", "executionArn", "stateMachineArn",
})  # fmt: skip
"""Recorded parameters; `relevant` adds parts of entries, items and values."""
MISSING = 404


def file() -> str | None:
    """Return the file for recorded calls, or None."""
    return os.environ.get(VARIABLE)


def write(service: str, operation: str, parameters: Json, *, principal: str, **more: object) -> None:
    """Record a call, if recording is on."""
    note(principal=principal, service=service, operation=operation, parameters=parameters, **more)


def note(**line: object) -> None:
    """Append a line, if recording is on; a single write keeps lines of several processes apart."""
    if path := file():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, (json.dumps(line, default=str) + "\n").encode())
        finally:
            os.close(descriptor)


def install(principal: str) -> None:
    """Record the botocore calls of all clients created later in this process."""
    if not file():
        return
    import botocore.handlers  # noqa: PLC0415  the function's own botocore

    def before(params: Json, model: Any, context: Json, **_: object) -> None:  # noqa: ANN401
        if model.name == "CreateBucket" and context.get("is_presign_request"):
            return  # used by botocore to find a form's address; `sign` records the form
        call = (model.service_model.service_name, model.name, relevant(params))
        context["herald_call"] = call
        write(*call, principal=principal)

    def after(http_response: Any, context: Json, **_: object) -> None:  # noqa: ANN401
        # S3 returns 404 only to callers with permission to list the bucket, otherwise 403.
        if http_response.status_code == MISSING and "herald_call" in context:
            write(*context["herald_call"], principal=principal, missing=True)

    def sign(request: Any, operation_name: str, signature_version: Any, **_: object) -> None:  # noqa: ANN401
        # A presigned POST: S3 checks the signer's permission to write the object.
        if str(signature_version).endswith("presign-post"):
            fields = request.context["s3-presign-post-fields"]
            write("s3", operation_name, {"Key": fields["key"], "url": request.url}, principal=principal)

    handlers = (("before-parameter-build", before), ("after-call.s3", after), ("before-sign.s3", sign))
    botocore.handlers.BUILTIN_HANDLERS += list(handlers)


def relevant(parameters: Json) -> Json:
    """Return the parameters of a call that IAM can evaluate."""
    kept = {name: value for name, value in parameters.items() if name in KEPT}
    if "id" in parameters.get("Item", {}):  # other templates, of tests, have tables with other keys
        kept["Key"] = {"id": parameters["Item"]["id"]}
    if "Delete" in parameters:
        kept["Delete"] = {"Objects": [{"Key": one["Key"]} for one in parameters["Delete"]["Objects"]]}
    if "Entries" in parameters:
        kept["Entries"] = [{"EventBusName": one.get("EventBusName")} for one in parameters["Entries"]]
    if "TransactItems" in parameters:
        kept["TransactItems"] = [{kind: relevant(one[kind]) for kind in one} for one in parameters["TransactItems"]]
    if "RequestItems" in parameters:
        items = parameters["RequestItems"].items()
        kept["RequestItems"] = {table: {"Keys": [key.get("id") for key in one["Keys"]]} for table, one in items}
    if "KeyConditionExpression" in parameters:
        kept["values"] = parameters.get("ExpressionAttributeValues")
    return kept


if __name__ == "calls":  # executed by a function's worker
    install(os.environ["AWS_LAMBDA_FUNCTION_NAME"])
