"""Events of the HTTP API in payload format 2.0."""

import json
import re
from base64 import b64encode
from urllib.parse import parse_qsl, unquote
from uuid import uuid4

from herald.auth.caller import Caller
from herald.web.routes import ROUTES

TEXT_TYPES = ("text/", "application/json", "application/xml", "application/javascript")
"""Bodies of these types reach a function as text if they are valid UTF-8; all others are base64-encoded."""
JSON = {"Content-Type": "application/json"}
ANYBODY = Caller(tenant="default", key="anybodyskey2", tier="vip")
"""Default caller of tests: VIP tier, all scopes, no quota."""


def event_of(method, path, headers, body=b"", context=None):
    """Return the event of a request; `context` is the authorizer's context. Header values in a list are joined."""
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
        | authorizer(ANYBODY.context() if context is None else context),
        "isBase64Encoded": is_base64,
    } | _optional(text, _query(query))


def authorizer(context):
    """Return the authorizer's context where API Gateway puts it; empty for a route without an authorizer."""
    return {"authorizer": {"lambda": context}} if context else {}


def route_of(method, path):
    """Return the route that API Gateway matches, or None."""
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
    """Parse a query; the values of a repeated name are joined."""
    values = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values[name] = f"{values[name]},{value}" if name in values else value
    return values


def _optional(text, query):
    return ({"body": text} if text else {}) | ({"queryStringParameters": query} if query else {})


def as_json(fields):
    """Encode fields as a JSON body."""
    return json.dumps(fields).encode()
