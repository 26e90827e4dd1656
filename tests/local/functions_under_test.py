"""Code of the functions for testing the patches; deployed inline, so without imports of the project."""

import base64
import importlib
import os
import sys

calls = 0


def handler(event, context):  # noqa: C901, PLR0911
    global calls  # noqa: PLW0603
    calls += 1
    wish = event.get("wish") or event.get("headers", {}).get("wish")
    if wish == "nothing":
        return None
    if wish == "lines":
        sys.stdout.write("first\n")
        sys.stdout.write("last, without an end of line")
        return None
    if wish == "fail":
        raise ValueError("a secret")
    if wish == "characters":
        return "x" * event["count"]
    if wish == "large":
        return {"statusCode": 200, "body": "x" * 6_300_000}
    if wish == "environment":
        return dict(os.environ)
    if wish == "import":
        return importlib.import_module(event["module"]).__file__
    if event.get("isBase64Encoded"):
        same = base64.b64encode(base64.b64decode(event["body"])).decode()
        return {"statusCode": 200, "isBase64Encoded": True, "body": same}
    if event.get("rawPath") == "/asker":
        return event["requestContext"]["authorizer"]["lambda"]
    return {"route": event["routeKey"], "path": event["rawPath"], "arn": context.invoked_function_arn}


def authorize(event, context):
    """A Lambda authorizer that accepts any bearer token."""
    global calls  # noqa: PLW0603
    calls += 1
    said = event["headers"]["authorization"]
    if said == "fail":
        raise ValueError("a secret")
    if said == "odd":
        return {"isAuthorized": "yes"}
    return {"isAuthorized": said.startswith("Bearer"), "context": {"said": event["identitySource"][0], "call": calls}}
