"""Events as the HTTP API makes them, in payload format 2.0."""

import json
import re
from base64 import b64encode
from urllib.parse import parse_qsl, unquote
from uuid import uuid4

from herald.handlers.routes import ROUTES
from herald.jobs.caller import Caller

TEXT_TYPES = ("text/", "application/json", "application/xml", "application/javascript")
"""Bodies of these types reach a function as text, where they are; all others in base64."""
JSON = {"Content-Type": "application/json"}
ANYBODY = Caller(tenant="default", key="anybodyskey2", tier="vip")
"""Who asks where a test does not care: of the best tier, for everything, without a quota."""


def event_of(method, path, headers, body=b"", told=None):
    """What the HTTP API hands to a function; `told` as its authorizer answered. The values of a list are joined."""
    path, _, query = path.partition("?")
    lowered = {name.lower(): value if isinstance(value, str) else ",".join(value) for name, value in headers.items()}
    text, is_base64 = _body(body, lowered.get("content-type", ""))
    route = f"{method} {route_of(method, path)}" if route_of(method, path) else "$default"
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": unquote(path),
        "rawQueryString": query,
        "headers": lowered,
        "requestContext": {
            "requestId": str(uuid4()),
            "stage": "$default",
            "http": {"method": method, "path": unquote(path)},
        }
        | authorizer(ANYBODY.context() if told is None else told),
        "isBase64Encoded": is_base64,
    } | _optional(text, _query(query))


def authorizer(told):
    """What the authorizer said, where API Gateway puts it; nothing of a path without one."""
    return {"authorizer": {"lambda": told}} if told else {}


def route_of(method, path):
    """The route that API Gateway finds for a path, or None."""
    fits = (
        route
        for route, methods in ROUTES.items()
        if method in methods and re.fullmatch(route.replace("{id}", "[^/]+"), path, re.DOTALL)
    )
    return next(fits, None)


def _body(body, content_type):
    if content_type.lower().startswith(TEXT_TYPES):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return b64encode(body).decode(), bool(body)


def _query(query):
    """The values of a name that stands twice are joined."""
    values = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values[name] = f"{values[name]},{value}" if name in values else value
    return values


def _optional(text, query):
    return ({"body": text} if text else {}) | ({"queryStringParameters": query} if query else {})


def as_json(fields):
    """A body of JSON."""
    return json.dumps(fields).encode()
