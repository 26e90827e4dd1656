"""What IAM is asked when a recorded call reaches AWS: actions, resources and condition keys.

The service authorization reference says which action an operation needs:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from tests.template.physical import ACCOUNT

REGION = "us-east-1"
ANY = "*"
LEADING_KEYS = "dynamodb:LeadingKeys"
SIMPLE = {
    # service, operation: action, parameter with the resource
    ("lambda", "Invoke"): ("lambda:InvokeFunction", "FunctionName"),
    ("stepfunctions", "StartExecution"): ("states:StartExecution", "stateMachineArn"),
    ("stepfunctions", "DescribeExecution"): ("states:DescribeExecution", "executionArn"),
    ("stepfunctions", "SendTaskSuccess"): ("states:SendTaskSuccess", None),
    ("stepfunctions", "SendTaskFailure"): ("states:SendTaskFailure", None),
    ("stepfunctions", "SendTaskHeartbeat"): ("states:SendTaskHeartbeat", None),
    ("sagemaker-runtime", "InvokeEndpointAsync"): ("sagemaker:InvokeEndpointAsync", "EndpointName"),
    ("secretsmanager", "GetSecretValue"): ("secretsmanager:GetSecretValue", "SecretId"),
    ("sns", "Publish"): ("sns:Publish", "TopicArn"),
}
RESOURCES = {
    "FunctionName": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{}}",
    "EndpointName": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/{{}}",
    # Secrets Manager ends its names with six characters of its own.
    "SecretId": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{{}}-Ab1Cd2",
}
OBJECTS = {
    "AbortMultipartUpload": ["s3:AbortMultipartUpload"],
    "CompleteMultipartUpload": ["s3:PutObject"],
    "CopyObject": ["s3:PutObject"],
    "CreateMultipartUpload": ["s3:PutObject"],
    "DeleteObject": ["s3:DeleteObject"],
    "GetObject": ["s3:GetObject"],
    "GetObjectTagging": ["s3:GetObjectTagging"],
    "HeadObject": ["s3:GetObject"],
    "PutObject": ["s3:PutObject"],
    "PutObjectTagging": ["s3:PutObjectTagging"],
    "UploadPart": ["s3:PutObject"],
    "UploadPartCopy": ["s3:PutObject"],
}
ITEMS = {"Put": "dynamodb:PutItem", "Update": "dynamodb:UpdateItem", "Delete": "dynamodb:DeleteItem"}
ITEMS |= {"ConditionCheck": "dynamodb:ConditionCheckItem", "Get": "dynamodb:GetItem"}


class Unknown(ValueError):
    """A call whose permissions are not listed here."""


@dataclass(frozen=True)
class Request:
    """One question to IAM."""

    principal: str
    action: str
    resource: str
    context: dict[str, list[str]] = field(default_factory=dict)

    def as_json(self):
        """Return what the simulator reads."""
        return {"role": self.principal, "action": self.action, "resource": self.resource, "context": self.context}


def requests_of(call):
    """Return all that IAM is asked for one recorded call. Every request must be allowed."""
    service, operation, parameters = call["service"], call["operation"], call["parameters"]
    if (service, operation) in SIMPLE:
        found = _simple(service, operation, parameters)
    elif service == "s3":
        found = _s3(operation, parameters, missing=call.get("missing", False))
    elif service == "dynamodb":
        found = _dynamodb(operation, parameters)
    elif service == "sqs":
        found = [(f"sqs:{operation.removesuffix('Batch')}", _queue(parameters["QueueUrl"]), {})]
    elif (service, operation) == ("events", "PutEvents"):
        found = [("events:PutEvents", _bus(one["EventBusName"]), {}) for one in parameters["Entries"]]
    else:
        raise Unknown(f"{service} {operation}: add what it asks of IAM to tests/iam/requests.py")
    return [Request(call["principal"], *one) for one in found]


def _simple(service, operation, parameters):
    action, parameter = SIMPLE[service, operation]
    value = parameters[parameter] if parameter else ANY
    if value != ANY and not value.startswith("arn:"):
        # In the template, the name of a secret already has the end that Secrets Manager adds.
        value = RESOURCES[parameter].format(value.removesuffix("-Ab1Cd2"))
    return [(action, value, {})]


def _s3(operation, parameters, *, missing):
    bucket = parameters.get("Bucket") or _bucket_of(parameters["url"])
    if operation in ("ListObjectsV2", "HeadBucket"):
        return [("s3:ListBucket", f"arn:aws:s3:::{bucket}", {})]
    if operation == "DeleteObjects":
        keys = [one["Key"] for one in parameters["Delete"]["Objects"]]
        return [("s3:DeleteObject", f"arn:aws:s3:::{bucket}/{key}", {}) for key in keys]
    if operation not in OBJECTS:
        raise Unknown(f"s3 {operation}: add what it asks of IAM to tests/iam/requests.py")
    key = f"arn:aws:s3:::{bucket}/{parameters['Key']}"
    found = [(action, key, {}) for action in OBJECTS[operation]]
    if "Tagging" in parameters and operation != "PutObjectTagging":
        found.append(("s3:PutObjectTagging", key, {}))
    if source := parameters.get("CopySource"):
        found += _copied(operation, source, key, parameters)
    if missing:
        found.append(("s3:ListBucket", f"arn:aws:s3:::{bucket}", {}))
    return found


def _copied(operation, source, key, parameters):
    name = unquote(source) if isinstance(source, str) else f"{source['Bucket']}/{source['Key']}"
    read = f"arn:aws:s3:::{name.lstrip('/').partition('?')[0]}"
    found = [("s3:GetObject", read, {})]
    if operation == "CopyObject" and parameters.get("TaggingDirective", "COPY") == "COPY":
        # The tags are copied too, where there are any.
        found += [("s3:GetObjectTagging", read, {}), ("s3:PutObjectTagging", key, {})]
    return found


def _bucket_of(url):
    """Return the bucket of the address that a form is sent to."""
    parts = urlsplit(url)
    path = parts.path.strip("/").partition("/")[0]
    return path or parts.netloc.partition(".")[0]


def _dynamodb(operation, parameters):
    if operation == "TransactWriteItems":
        return _transaction(parameters["TransactItems"])
    if operation == "BatchGetItem":
        return [
            ("dynamodb:BatchGetItem", _table(table), {LEADING_KEYS: [*map(_text, items["Keys"])]})
            for table, items in parameters["RequestItems"].items()
        ]
    table = _table(parameters["TableName"])
    if operation in ("GetItem", "PutItem", "UpdateItem", "DeleteItem"):
        return [(f"dynamodb:{operation}", table, {LEADING_KEYS: [_text(parameters["Key"]["id"])]})]
    if operation == "Query":
        resource = f"{table}/index/{parameters['IndexName']}" if "IndexName" in parameters else table
        return [("dynamodb:Query", resource, {LEADING_KEYS: [_queried(parameters)]})]
    raise Unknown(f"dynamodb {operation}: add what it asks of IAM to tests/iam/requests.py")


def _transaction(items):
    """Return what a transaction asks: each item with its own key, and with all keys of its table.

    AWS does not document which of the two LeadingKeys holds, so both must be allowed.
    """
    written = [(kind, one) for item in items for kind, one in item.items()]
    keys = {}
    for _, one in written:
        keys.setdefault(one["TableName"], []).append(_text(one["Key"]["id"]))
    return [
        (ITEMS[kind], _table(one["TableName"]), {LEADING_KEYS: values})
        for kind, one in written
        for values in ([_text(one["Key"]["id"])], keys[one["TableName"]])
    ]


def _queried(parameters):
    """Return the partition key of a query: the value in the first equation of its condition."""
    found = re.match(r"\s*\(?\s*[#\w]+\s*=\s*(:\w+)", parameters["KeyConditionExpression"])
    if not found:
        raise Unknown(f"a query whose condition begins without an equation: {parameters['KeyConditionExpression']}")
    return _text(parameters["values"][found[1]])


def _text(value):
    """Return the plain value of an attribute."""
    return str(next(iter(value.values()))) if isinstance(value, dict) else str(value)


def _table(name):
    return name if name.startswith("arn:") else f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"


def _queue(url):
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}"


def _bus(name):
    return name if name.startswith("arn:") else f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{name}"
