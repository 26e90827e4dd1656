"""Record the AWS calls of a process, one JSON line each, for tests/iam to evaluate against the caller's role.

Nothing is recorded unless HERALD_RECORD_CALLS names a file. Functions run this file by itself, on their own Python and
with their own boto3, so it imports nothing of the project. Lines hold what IAM looks at, and no customer's data.
"""

import json
import os
from typing import Any

type Json = dict[str, Any]

VARIABLE = "HERALD_RECORD_CALLS"
KEPT = frozenset({
    "Bucket", "CopySource", "EndpointName", "FunctionName", "IndexName", "Key", "KeyConditionExpression",
    "MetadataDirective", "Prefix", "QueueUrl", "RequestItems", "SecretId", "TableName", "Tagging", "TaggingDirective",
    "TopicArn", "TransactItems", "stateMachineArn",
})  # fmt: skip
"""Parameters that are recorded. Of entries, items and values, only those below are."""
MISSING = 404


def file() -> str | None:
    """Return where calls are recorded, or None."""
    return os.environ.get(VARIABLE)


def write(service: str, operation: str, parameters: Json, *, principal: str, **more: object) -> None:
    """Record a call, if calls are recorded here."""
    note(principal=principal, service=service, operation=operation, parameters=parameters, **more)


def note(**line: object) -> None:
    """Append a line, if calls are recorded here: in one write, so that those of several processes do not mix."""
    if path := file():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, (json.dumps(line, default=str) + "\n").encode())
        finally:
            os.close(descriptor)


def install(principal: str) -> None:
    """Record every call that botocore makes from now on in this process, by clients not made yet."""
    if not file():
        return
    import botocore.handlers  # noqa: PLC0415  functions have their own

    def before(params: Json, model: Any, context: Json, **_: object) -> None:  # noqa: ANN401
        if model.name == "CreateBucket" and context.get("is_presign_request"):
            return  # botocore finds a form's address so; `sign` records the form
        asked = (model.service_model.service_name, model.name, relevant(params))
        context["herald_call"] = asked
        write(*asked, principal=principal)

    def after(http_response: Any, context: Json, **_: object) -> None:  # noqa: ANN401
        # S3 answers 404 only to those who may list the bucket, and 403 to others.
        if http_response.status_code == MISSING and "herald_call" in context:
            write(*context["herald_call"], principal=principal, missing=True)

    def sign(request: Any, operation_name: str, signature_version: Any, **_: object) -> None:  # noqa: ANN401
        # A form for an upload: S3 asks whether its signer may write the object.
        if str(signature_version).endswith("presign-post"):
            fields = request.context["s3-presign-post-fields"]
            write("s3", operation_name, {"Key": fields["key"], "url": request.url}, principal=principal)

    handlers = (("before-parameter-build", before), ("after-call.s3", after), ("before-sign.s3", sign))
    botocore.handlers.BUILTIN_HANDLERS += list(handlers)


def relevant(parameters: Json) -> Json:
    """Return what IAM may look at of the parameters of a call."""
    kept = {name: value for name, value in parameters.items() if name in KEPT}
    if "id" in parameters.get("Item", {}):  # other templates, of tests, have tables with other keys
        kept["Key"] = {"id": parameters["Item"]["id"]}
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


if __name__ == "calls":  # a function's worker runs this file
    install(os.environ["AWS_LAMBDA_FUNCTION_NAME"])
