"""Builds the responses of an operation: the successful ones as described, the errors from their codes."""

import re
from collections import defaultdict
from http import HTTPStatus
from typing import Any

from scripts.openapi.codes import Code, by_code
from scripts.openapi.json_schemas import REF, Schema, matching
from scripts.openapi.models import GatewayError
from scripts.openapi.operation import Answer, Operation

_GATEWAY = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Request Entity Too Large",
    HTTPStatus.TOO_MANY_REQUESTS: "Too Many Requests",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "Request Header Fields Too Large",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Internal Server Error",
    HTTPStatus.SERVICE_UNAVAILABLE: "Service Unavailable",
}
"""Messages of API Gateway's own error responses."""
_HEADERS = {
    HTTPStatus.UNAUTHORIZED: "WWW-Authenticate",
    HTTPStatus.TOO_MANY_REQUESTS: "Retry-After",
    HTTPStatus.SERVICE_UNAVAILABLE: "Retry-After",
}
_EVERYWHERE = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
"""Statuses that API Gateway may return even if Herald has no code with them."""


def responses(operation: Operation) -> dict[str, Schema]:
    """Return all responses of an operation by status."""
    good = {str(int(answer.status)): _good(answer) for answer in operation.answers}
    codes: dict[HTTPStatus, list[Code]] = defaultdict(list, {status: [] for status in _EVERYWHERE})
    for row in by_code().values():
        if row.code in operation.all_codes and row.status:
            codes[HTTPStatus(row.status)].append(row)
    bad = {str(int(status)): _bad(status, codes[status]) for status in sorted(codes)}
    return good | bad


def _good(answer: Answer) -> Schema:
    content = dict(answer.content)
    if answer.model:
        content["application/json"] = {"schema": {"$ref": REF + answer.model.__name__}}
        if answer.example is not None:
            content["application/json"]["example"] = answer.example
    headers = {"headers": {name: _header(name) for name in ("X-Request-Id", *answer.headers)}}
    return {"description": answer.description, **headers, **({"content": content} if content else {})}


def _header(name: str) -> Schema:
    return {"$ref": f"#/components/headers/{name}"}


def _bad(status: HTTPStatus, rows: list[Code]) -> Schema:
    by_gateway = _GATEWAY.get(status)
    lines = [f"- `{row.code}`: {row.meaning}. *Fix:* {_without_links(row.fix)}." for row in rows]
    lines += [f'- `{{"message": "{by_gateway}"}}`: from API Gateway, {_when(status)}.'] if by_gateway else []
    schemas = [matching(row.code for row in rows)] if rows else []
    schemas += [{"$ref": REF + GatewayError.__name__}] if by_gateway else []
    schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    names = ["X-Request-Id", *([_HEADERS[status]] if status in _HEADERS else [])]
    return {
        "description": "\n".join(lines),
        "headers": {name: _header(name) for name in names},
        "content": {"application/json": {"schema": schema, "example": _example(rows, by_gateway)}},
    }


def _without_links(text: str) -> str:
    """Replace links between the pages of docs/, which a deployment does not serve, with their texts."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)


def _when(status: HTTPStatus) -> str:
    return {
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "if the body exceeds 10 MB",
        HTTPStatus.TOO_MANY_REQUESTS: "if the deployment's rate limit is exceeded",
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "if the request line and headers exceed 10,240 bytes",
        HTTPStatus.INTERNAL_SERVER_ERROR: "if keys cannot be checked",
        HTTPStatus.SERVICE_UNAVAILABLE: "if the function is busy or timed out",
    }[status]


def _example(rows: list[Code], by_gateway: str | None) -> Any:  # noqa: ANN401  whatever JSON holds
    if not rows:
        return {"message": by_gateway}
    row = rows[0]
    kind = "server_error" if HTTPStatus(row.status or 0).is_server_error else "invalid_request_error"
    fix = _without_links(row.fix)
    message = f"{row.meaning[0].upper()}{row.meaning[1:]}. {fix[0].upper()}{fix[1:]}."
    return {"error": {"message": message, "type": kind, "param": None, "code": row.code}}
