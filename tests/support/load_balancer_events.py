"""Events of an Application Load Balancer, and its rules for the responses of functions.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
"""

import json
import re
from base64 import b64decode, b64encode
from http import HTTPStatus

AS_TEXT = re.compile(r"text/.*|application/(json|javascript|xml)")
"""Bodies of these types are sent as text, unless they have a Content-Encoding."""
LARGEST = 1_000_000
"""Bytes of a request's body, and of the JSON of a response: "1 MB", in its smaller reading."""
TARGET_GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/herald/6d0ecf831eec9f09"


def event_of(method, path, headers, body=b""):
    """Return the event of a request, with path and query as sent. A header with a list was sent several times."""
    path, _, query = path.partition("?")
    values = {}
    for name, _, value in (pair.partition("=") for pair in query.split("&") if pair):
        values.setdefault(name, []).append(value)
    given = {name.lower(): [value] if isinstance(value, str) else list(value) for name, value in headers.items()}
    (content_type, *_) = given.get("content-type", [""])
    as_text = AS_TEXT.match(content_type.lower()) and "content-encoding" not in given
    return {
        "requestContext": {"elb": {"targetGroupArn": TARGET_GROUP}},
        "httpMethod": method,
        "path": path,
        "multiValueQueryStringParameters": values,
        "multiValueHeaders": given
        | {"x-forwarded-for": ["203.0.113.7"], "x-forwarded-port": ["443"], "x-forwarded-proto": ["https"]},
        "body": body.decode(errors="replace") if as_text else b64encode(body).decode(),
        "isBase64Encoded": not as_text and body != b"",
    }


def sent(answer):
    """Return what a client gets: status, headers and body. Fail where the load balancer would respond 502."""
    assert len(json.dumps(answer)) <= LARGEST
    assert answer.keys() == {"statusCode", "statusDescription", "multiValueHeaders", "body", "isBase64Encoded"}
    status = HTTPStatus(answer["statusCode"])
    assert answer["statusDescription"] == f"{status.value} {status.phrase}"
    for name, values in answer["multiValueHeaders"].items():
        assert re.fullmatch(r"[A-Za-z0-9-]+", name)
        assert [value for value in values if isinstance(value, str)] == values != []
    body = answer["body"]
    content = b64decode(body, validate=True) if answer["isBase64Encoded"] else body.encode()
    return int(status), {name: ", ".join(values) for name, values in answer["multiValueHeaders"].items()}, content
